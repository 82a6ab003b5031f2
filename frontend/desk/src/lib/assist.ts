import type { Assist, ReplyUse } from "@/api/types";
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

/** Which reply was suggested, for which message. */
export type Suggestion = Pick<ReplyUse, "seq" | "ref" | "origin">;
export type Taken = Suggestion & { text: string };

const LEFT = 0.3;

/** What became of a suggestion that was taken up; null where nothing of it is left in what was sent. */
export function useOf(taken: Taken | null, sent: string): ReplyUse | null {
  if (!taken) return null;
  const { text, ...suggestion } = taken;
  if (text.trim() === sent.trim()) return { ...suggestion, outcome: "accepted" };
  const pairs = pairsOf(text);
  const left = [...pairs].filter((pair) => sent.includes(pair)).length;
  return left >= pairs.size * LEFT ? { ...suggestion, outcome: "edited" } : null;
}

function pairsOf(text: string): Set<string> {
  const signs = [...text];
  return new Set(signs.slice(1).map((sign, index) => signs[index] + sign));
}

const CALM = ["calm", "joy"];
export const feelingName = (emotion: string) => (CALM.includes(emotion) ? `assist.${emotion}` : `feeling.${emotion}`);

const KINDS = ["punctuation", "again", "negated", "classifier"] as const;

/** What the feeling was read from, each kind once: names such as `anger.furious` are words of the customer's. */
export function signKinds(signs: readonly string[]): string[] {
  const kinds = signs.map((sign) => KINDS.find((kind) => sign.startsWith(kind)) ?? (sign.startsWith("risk") ? "risk" : "words"));
  return [...new Set(kinds)];
}
