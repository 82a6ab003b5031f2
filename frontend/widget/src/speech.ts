import type { Locale } from "../../shared/types";

const VOICES: Record<Locale, string> = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en-US" };
const SLOW = 0.85;
/** A voice that has not begun by then will not: browsers without one say nothing and no error. */
const BEGINS_WITHIN_MS = 4_000;

/** Whether this browser says that it can read aloud; it may still have no voice. */
export function canSpeak(): boolean {
  return typeof speechSynthesis !== "undefined" && typeof SpeechSynthesisUtterance !== "undefined";
}

/**
 * Reads `text` slowly; `ended` is called once, also when it is stopped, and told whether there was a voice to read with.
 * Returns how to stop.
 */
export function speak(text: string, locale: Locale, ended: (heard: boolean) => void): () => void {
  let over = false;
  const finish = (heard: boolean) => {
    clearTimeout(late);
    if (!over) ended(heard);
    over = true;
  };
  const late = setTimeout(() => {
    speechSynthesis.cancel();
    finish(false);
  }, BEGINS_WITHIN_MS);
  speechSynthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = VOICES[/\p{Script=Han}/u.test(text) && locale === "en" ? "zh-Hans" : locale];
  utterance.rate = SLOW;
  utterance.onstart = () => clearTimeout(late);
  utterance.onend = () => finish(true);
  utterance.onerror = ({ error }) => finish(error === "canceled" || error === "interrupted");
  speechSynthesis.speak(utterance);
  return () => {
    speechSynthesis.cancel();
    finish(true);
  };
}
