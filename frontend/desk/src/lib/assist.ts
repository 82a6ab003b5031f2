import type { Assist } from "@/api/types";
import { toPlain } from "./markdown";

export const STRONG = 0.6;
const AROUND = 90;

/** The passage that answers, with a little of what stands around it. */
export function around(article: Assist["article"] | undefined): { before: string; marked: string; after: string } {
  if (!article) return { before: "", marked: "", after: "" };
  const { answer, start, end } = article;
  if (start == null || end == null) return { before: toPlain(answer).slice(0, 2 * AROUND), marked: "", after: "" };
  const before = answer.slice(Math.max(0, start - AROUND), start);
  const after = answer.slice(end, end + AROUND);
  return {
    before: (start > AROUND ? "…" : "") + plain(before),
    marked: plain(answer.slice(start, end)),
    after: plain(after) + (end + AROUND < answer.length ? "…" : ""),
  };
}

/** Words without their markup; line breaks stay. */
const plain = (text: string) => text.replace(/[*_`#>]+/g, "").replace(/\n{2,}/g, "\n").replace(/(^|\n)- /g, "$1");

const CALM = ["calm", "joy"];
export const feelingName = (emotion: string) => (CALM.includes(emotion) ? `assist.${emotion}` : `feeling.${emotion}`);

const KINDS = ["punctuation", "again", "negated", "classifier"] as const;

/** What the feeling was read from, each kind once: names such as `anger.furious` are words of the customer's. */
export function signKinds(signs: readonly string[]): string[] {
  const kinds = signs.map((sign) => KINDS.find((kind) => sign.startsWith(kind)) ?? (sign.startsWith("risk") ? "risk" : "words"));
  return [...new Set(kinds)];
}
