import type { Locale } from "../../shared/types";

const VOICES: Record<Locale, string> = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en-US" };
const SLOW = 0.85;

/** Whether this browser can read aloud. */
export function canSpeak(): boolean {
  return typeof speechSynthesis !== "undefined" && typeof SpeechSynthesisUtterance !== "undefined";
}

/** Reads `text` slowly; `ended` is called once, also when it fails or is stopped. Returns how to stop. */
export function speak(text: string, locale: Locale, ended: () => void): () => void {
  let over = false;
  const finish = () => {
    if (!over) ended();
    over = true;
  };
  speechSynthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = VOICES[/\p{Script=Han}/u.test(text) && locale === "en" ? "zh-Hans" : locale];
  utterance.rate = SLOW;
  utterance.onend = utterance.onerror = finish;
  speechSynthesis.speak(utterance);
  return () => {
    speechSynthesis.cancel();
    finish();
  };
}
