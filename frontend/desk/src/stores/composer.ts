import { shallowRef } from "vue";
import type { Suggestion } from "@/lib/assist";

export interface Insertion {
  text: string;
  /** The assistant's own words: sent unchanged they count as its draft. */
  draft: boolean;
  /** The suggestion these words are: what becomes of it is learnt from. */
  suggestion?: Suggestion;
}

/** Words that another part of the desk asks the composer to take up at its caret. */
export const insertion = shallowRef<Insertion | null>(null);

export function insertIntoComposer(text: string, draft = false, suggestion?: Suggestion): void {
  insertion.value = { text, draft, suggestion };
}

/** Asks the composer for the focus. */
export const focusAsked = shallowRef(0);
export const askFocus = () => void (focusAsked.value += 1);
