import type { components } from "@shared/api";
import { get, post, put } from "./http";

type Schemas = components["schemas"];

export type ArticleStatus = Schemas["Status"];
export type Lang = Schemas["ArticleText"]["lang"];
export type ArticleText = Required<Schemas["ArticleText"]>;
/** Another answer in `lang` for a channel, an audience or both. */
export type Variant = Required<Schemas["ArticleVariant"]>;
export type Article = Required<Omit<Schemas["ArticleView"], "texts" | "variants">> & { texts: ArticleText[]; variants: Variant[] };
export type Version = Omit<Schemas["VersionView"], "texts" | "variants"> & { texts: ArticleText[]; variants: Variant[] };
export type ArticleDraft = Pick<Article, "category" | "owner" | "texts" | "variants" | "valid_from" | "valid_until"> & { id?: string; expect_revision?: number };

export interface ArticleFilter {
  q?: string;
  category?: string;
  status?: string;
  lang?: string;
  has_draft?: boolean;
  cursor?: string;
  limit?: number;
}

export interface ArticleList {
  articles: Article[];
  next_cursor: string | null;
  total: number;
}

export type Finding = Schemas["FindingView"];
export type Gap = Schemas["GapView"];
export type Answered = Schemas["AnsweredView"];
export type Release = Schemas["ReleaseView"];

const one = (id: string, verb = "") => `/articles/${encodeURIComponent(id)}${verb}`;

export const articles = {
  list: (filter: ArticleFilter) => get<ArticleList>("/articles", { ...filter }),
  categories: async () => (await get<{ categories: { category: string; count: number }[] }>("/articles/categories")).categories,
  read: (id: string) => get<Article>(one(id)),
  create: (draft: ArticleDraft) => post<Article>("/articles", draft),
  save: (id: string, draft: ArticleDraft) => put<Article>(one(id), draft),
  publish: (id: string, revision: number) => post<Article>(one(id, "/publish"), { expect_revision: revision }),
  retire: (id: string) => post<Article>(one(id, "/retire")),
  versions: async (id: string) => (await get<{ versions: Version[] }>(one(id, "/versions"))).versions,
  restore: (id: string, version: number) => post<Article>(one(id, `/versions/${version}/restore`)),
  check: () => get<{ findings: Finding[] }>("/articles/check"),
  release: () => get<Release>("/articles/release"),
  converted: (id: string) => get<ArticleText>(one(id, "/converted")),
  gaps: () => get<{ gaps: Gap[] }>("/articles/gaps"),
};
