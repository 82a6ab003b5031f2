import { shallowRef } from "vue";

export interface Insertion {
  text: string;
  /** The assistant's own words: sent unchanged they count as its draft. */
  draft: boolean;
}

/** Words that another part of the desk asks the composer to take up at its caret. */
export const insertion = shallowRef<Insertion | null>(null);

export function insertIntoComposer(text: string, draft = false): void {
  insertion.value = { text, draft };
}

/** Asks the composer for the focus. */
export const focusAsked = shallowRef(0);
export const askFocus = () => void (focusAsked.value += 1);
