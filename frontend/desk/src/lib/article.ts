import type { Article, ArticleDraft, ArticleText, Lang, Variant } from "@/api/knowledge";

export const LANGUAGES: readonly Lang[] = ["zh-Hans", "zh-Hant", "en"];

export const emptyText = (lang: Lang): ArticleText => ({ lang, question: "", similar: [], answer: "", reviewed: true });

export function emptyArticle(question = "", lang: Lang = "zh-Hans"): Article {
  return {
    id: "", category: "", status: "draft", version: 0, published_version: null, revision: 0, has_draft: true, owner: "",
    valid_from: null, valid_until: null, created_at: "", updated_at: "", updated_by: "", problems: [], variants: [],
    texts: [{ ...emptyText(lang), question }],
  };
}

/** The text an editor sees first: Simplified, then Traditional, then English. */
export function mainText(article: Pick<Article, "texts">): ArticleText | undefined {
  return LANGUAGES.map((lang) => article.texts.find((text) => text.lang === lang)).find(Boolean) ?? article.texts[0];
}

/** One question a line, trimmed, none empty, none twice. */
export function linesToSimilar(lines: string): string[] {
  return [...new Set(lines.split("\n").map((text) => text.trim()).filter(Boolean))];
}

/** `channel:voice`, `audience:elder`: where another answer is used. */
export const kindOf = (variant: Variant) => (variant.channel ? `channel:${variant.channel}` : `audience:${variant.audience ?? "elder"}`);

export type Problem = "question" | "category" | "dates" | "id";

/** What keeps an article from being saved; what keeps it from being published the server says. */
export function problems(article: Article, isNew: boolean): Problem[] {
  const found: Problem[] = [];
  if (!article.texts.some((text) => text.question.trim())) found.push("question");
  if (!article.category.trim()) found.push("category");
  if (article.valid_from && article.valid_until && article.valid_until < article.valid_from) found.push("dates");
  if (isNew && article.id && !/^\w[\w-]{0,79}$/.test(article.id)) found.push("id");
  return found;
}

const written = (text: ArticleText) => Boolean(text.question.trim() || text.answer.trim());

/** What is sent: trimmed, without the languages and variants nobody wrote. */
export function toDraft(article: Article, isNew: boolean): ArticleDraft {
  const texts = article.texts.filter(written).map((text) => ({ ...text, question: text.question.trim(), answer: text.answer.trim() }));
  const variants: Variant[] = article.variants.filter((variant) => variant.answer.trim());
  const content = {
    category: article.category.trim(),
    owner: article.owner.trim(),
    valid_from: article.valid_from || null,
    valid_until: article.valid_until || null,
    texts,
    variants,
  };
  if (isNew) return article.id ? { id: article.id, ...content } : content;
  return { ...content, expect_revision: article.revision };
}
