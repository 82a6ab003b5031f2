import { reactive } from "vue";
import type { Attachment } from "@/api/types";
import type { Taken } from "@/lib/assist";
import { load, save } from "@/lib/storage";

export interface Draft {
  text: string;
  note: boolean;
  attachments: Attachment[];
  /** The slip's opening as it was inserted: sent unchanged, it counts as the assistant's draft. */
  inserted: string | null;
  /** The suggestion taken up last, in its words. */
  taken: Taken | null;
}

const drafts = reactive(new Map<string, Draft>());
const PREFIX = "warmline.desk.draft.";

/** The other tab's words, unless this tab is the one being written in. */
window.addEventListener("storage", ({ key, newValue }) => {
  const draft = key?.startsWith(PREFIX) && !document.hasFocus() ? drafts.get(key.slice(PREFIX.length)) : undefined;
  if (draft) Object.assign(draft, newValue ? JSON.parse(newValue) : empty());
});

const empty = (): Draft => ({ text: "", note: false, attachments: [], inserted: null, taken: null });

/** The unsent words of a conversation; they survive reload and a lost line. */
export function draftOf(id: string): Draft {
  if (!drafts.has(id)) drafts.set(id, { ...empty(), ...load<Partial<Draft>>(`draft.${id}`, {}) });
  return drafts.get(id)!;
}

export function keepDraft(id: string): void {
  const draft = draftOf(id);
  save(`draft.${id}`, draft.text || draft.attachments.length ? draft : null);
}

export function clearDraft(id: string): void {
  Object.assign(draftOf(id), empty());
  keepDraft(id);
}

export const hasDraft = (id: string) => Boolean((drafts.get(id) ?? load<Partial<Draft>>(`draft.${id}`, {})).text?.trim());

export function dropDrafts(): void {
  drafts.clear();
}
