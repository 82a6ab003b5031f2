import { describe, expect, it } from "vitest";
import type { Gap } from "@/api/knowledge";
import { toDraft } from "@/lib/article";
import { readSeed, seededArticle, seedOf, toState } from "@/lib/gaps";

const told = (text: string, by: string) => ({ text, by, at: "2026-11-28T08:00:00Z", conversation_id: "7" });
const gap: Gap = {
  question: "航天卡有\n贵宾厅吗", lang: "zh-Hans", count: 10, last_at: "2026-11-28T08:00:00Z", nearest: [],
  alike: ["航天卡能进休息室不", "航天卡有 贵宾厅吗", " 航天卡能进休息室不"], answers: [told("我们没有航天卡。", "陈曦"), told("金卡才有。", "林悦")],
};

describe("an article made of a question nobody could answer", () => {
  it("begins with the question, its other wordings once each and what a colleague said", () => {
    const article = seededArticle(seedOf(gap));
    expect(article.texts).toEqual([{ lang: "zh-Hans", question: "航天卡有 贵宾厅吗", similar: ["航天卡能进休息室不"], answer: "我们没有航天卡。", reviewed: true }]);
    expect([article.status, article.published_version]).toEqual(["draft", null]);
    expect(toDraft(article, true).texts).toHaveLength(1);
    expect(seedOf(gap, gap.answers[1]).by).toBe("林悦");
  });

  it("has no answer where nobody said one, and a language the house speaks", () => {
    const seed = seedOf({ ...gap, lang: "other", answers: [] });
    expect([seed.lang, seed.answer, seed.by]).toEqual(["zh-Hans", "", ""]);
    expect(seedOf({ ...gap, question: "长".repeat(400) }).question).toHaveLength(300);
  });

  it("travels as history state", () => {
    const seed = seedOf(gap);
    expect(readSeed(structuredClone({ ...toState(seed), position: 3 }))).toEqual(seed);
    expect([readSeed(null), readSeed({ position: 1 })]).toEqual([null, null]);
  });
});
