import type { WordingRule } from "@/api/types";

export interface Finding {
  kind: string;
  /** Never sent, whatever the agent says. */
  blocks: boolean;
  before: string;
  marked: string;
  after: string;
}

const SENTENCE = /[^。！？!?；;\n]+[。！？!?；;\n]?/g;

/** What should not be said to a customer, each with the sentence it stands in. */
export function findUnfit(text: string, rules: readonly WordingRule[]): Finding[] {
  const sentences = text.match(SENTENCE) ?? [];
  return rules.flatMap((rule) => {
    const pattern = new RegExp(rule.pattern, "i");
    const unless = rule.unless ? new RegExp(rule.unless, "i") : null;
    return sentences.flatMap((sentence) => {
      const found = unless?.test(sentence) ? null : pattern.exec(sentence);
      if (!found) return [];
      const end = found.index + found[0].length;
      return [{ kind: rule.kind, blocks: rule.blocks, before: sentence.slice(0, found.index).trimStart(), marked: found[0], after: sentence.slice(end).trimEnd() }];
    });
  });
}
