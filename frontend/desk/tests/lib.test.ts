import { describe, expect, it, vi } from "vitest";
import { withQuery } from "@/api/http";
import { emptyArticle, linesToSimilar, problems, toDraft } from "@/lib/article";
import { shortcutFor } from "@/lib/keys";
import { toHtml, toPlain } from "@/lib/markdown";
import { clockTime, dayPart, shortDate, stopwatch, when } from "@/lib/time";
import { guessLocale, LOCALES } from "@/stores/settings";

describe("small things", () => {
  it("counts waiting time up, never below zero", () => {
    const from = "2026-11-22T03:00:00Z";
    expect(stopwatch(from, Date.parse(from) + 187_000)).toBe("3:07");
    expect(stopwatch(from, Date.parse(from) + 3_729_000)).toBe("1:02:09");
    expect(stopwatch(from, Date.parse(from) - 5_000)).toBe("0:00");
    expect(stopwatch(null, 0)).toBe("");
  });

  it("divides the day", () => {
    expect([3, 9, 12, 15, 20].map(dayPart)).toEqual(["night", "morning", "noon", "afternoon", "evening"]);
  });

  it("chooses a language from the browser's wishes", () => {
    expect(guessLocale(["zh-TW", "en"])).toBe("zh-Hant");
    expect(guessLocale(["fr", "en-GB"])).toBe("en");
    expect(guessLocale(["ja"])).toBe("zh-Hans");
  });

  it("leaves empty filters out of an address", () => {
    expect(withQuery("/articles", { q: "卡 丢", status: "", cursor: undefined, limit: 50 })).toBe("/articles?q=%E5%8D%A1+%E4%B8%A2&limit=50");
  });
});

describe("markdown", () => {
  it("never lets markup of the text through", () => {
    const html = toHtml('<img src=x onerror=alert(1)> <script>alert(1)</script> [点](javascript:alert(1)) **粗**');
    expect(html).not.toMatch(/<(img|script)/i);
    expect(html).not.toMatch(/href="javascript/i);
    expect(html).toContain("<strong>粗</strong>");
  });

  it("opens links elsewhere", () => {
    expect(toHtml("[网点](https://www.chunhe.example)")).toContain('target="_blank" rel="noopener noreferrer" href="https://www.chunhe.example"');
  });

  it("becomes plain words for a message", () => {
    expect(toPlain("先**挂失**：\n\n- 打 `400`\n\n\n[官网](https://a.example)")).toBe("先挂失：\n\n· 打 400\n\n官网 https://a.example");
  });
});

describe("shortcuts", () => {
  const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

  it("takes single keys only when nobody types and they are switched on", () => {
    expect(shortcutFor(press("a"), false, true)).toBe("accept");
    expect(shortcutFor(press("?"), false, true)).toBe("help");
    expect(shortcutFor(press("a"), true, true)).toBeNull();
    expect(shortcutFor(press("a"), false, false)).toBeNull();
    expect(shortcutFor(press("a", { ctrlKey: true }), false, true)).toBeNull();
  });

  it("takes chords while typing", () => {
    expect(shortcutFor(press("k", { metaKey: true }), true, false)).toBe("palette");
    expect(shortcutFor(press("˜", { altKey: true, code: "KeyN" }), true, true)).toBe("note");
    expect(shortcutFor(press("ArrowDown", { altKey: true }), true, true)).toBe("next");
  });
});

describe("an article", () => {
  it("keeps similar questions one a line, once each", () => {
    expect(linesToSimilar(" 卡丢了 \n\n卡丢了\n卡不见了")).toEqual(["卡丢了", "卡不见了"]);
  });

  it("says what is missing before it is saved", () => {
    expect(problems(emptyArticle(), true)).toEqual(["question", "category"]);
    const article = { ...emptyArticle("卡丢了"), category: "cards", valid_from: "2026-02-01", valid_until: "2026-01-01", id: "有 空格" };
    expect(problems(article, true)).toEqual(["dates", "id"]);
  });

  it("sends only what was written, with the revision it was read at", () => {
    const article = { ...emptyArticle("卡丢了 "), id: "card-lost", revision: 4, category: "cards" };
    article.texts.push({ lang: "en", question: "", similar: [], answer: "", reviewed: true });
    const draft = toDraft(article, false);
    expect(draft.texts.map((text) => text.question)).toEqual(["卡丢了"]);
    expect(draft.expect_revision).toBe(4);
    expect(toDraft(article, true)).toMatchObject({ id: "card-lost" });
  });
});

describe("a point in time", () => {
  it("is only an hour today, and a date further away", () => {
    const now = new Date(2026, 10, 22, 10, 0).getTime();
    const at = (day: number) => new Date(2026, 10, day, 8, 30).toISOString();
    expect(when(at(22), "zh-Hans", now)).toBe("08:30");
    expect(when(at(23), "zh-Hans", now)).toBe("明天 08:30");
    expect(when(at(23), "en", now)).toBe("tomorrow 08:30");
    expect(when(at(28), "en", now)).toBe("11/28, 08:30");
  });

  it("is written as the reader's region writes it", () => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["zh-CN", "en-GB", "en"]);
    expect(shortDate("2026-11-28T12:00:00Z", "en")).toBe("28/11/2026");
    vi.restoreAllMocks();
  });

  it("has no twenty-fourth hour", () => {
    const midnight = new Date(2026, 10, 22, 0, 5).toISOString();
    for (const locale of LOCALES) expect(clockTime(midnight, locale)).toBe("00:05");
  });
});
