import type { Answered, Article, Gap, Lang } from "@/api/knowledge";
import { emptyArticle, LANGUAGES } from "./article";

/** What an article begins with that is made of a question nobody could answer; `by` and `at`: whose words the answer was. */
export interface Seed {
  question: string;
  lang: Lang;
  similar: string[];
  answer: string;
  by: string;
  at: string;
}

const LONGEST_QUESTION = 300;
const line = (text: string) => text.replace(/\s+/g, " ").trim();

export function seedOf(gap: Gap, told: Answered | undefined = gap.answers[0]): Seed {
  const lang = LANGUAGES.find((known) => known === gap.lang) ?? "zh-Hans";
  const question = line(gap.question).slice(0, LONGEST_QUESTION);
  const similar = [...new Set(gap.alike.map(line))].filter((text) => text && text !== question);
  return { question, lang, similar, answer: told?.text ?? "", by: told?.by ?? "", at: told?.at ?? "" };
}

/** A seed as history state, never in the address: that reaches logs, and these are customers' words. */
export const toState = (seed: Seed) => ({ seed: JSON.stringify(seed) });

export function readSeed(state: unknown): Seed | null {
  const seed = (state as { seed?: unknown } | null)?.seed;
  return typeof seed === "string" ? (JSON.parse(seed) as Seed) : null;
}

export function seededArticle(seed: Seed): Article {
  const article = emptyArticle(seed.question, seed.lang);
  Object.assign(article.texts[0]!, { similar: seed.similar, answer: seed.answer });
  return article;
}
