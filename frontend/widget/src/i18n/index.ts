import type { Locale } from "../../../shared/types";
import { en } from "./en";
import { zhHans, type Texts } from "./zh-Hans";
import { zhHant } from "./zh-Hant";

export type { Texts } from "./zh-Hans";
export type Key = keyof Texts;

export const LOCALES: readonly Locale[] = ["zh-Hans", "zh-Hant", "en"];
export const LOCALE_NAMES: Record<Locale, string> = { "zh-Hans": "简体中文", "zh-Hant": "繁體中文", en: "English" };

const TEXTS: Record<Locale, Texts> = { "zh-Hans": zhHans, "zh-Hant": zhHant, en };

export type Translate = (key: Key, values?: Record<string, string | number>) => string;

/** Texts of one language; `{x}` is filled from `values`, in one pass. */
export function translator(locale: Locale): Translate {
  return (key, values = {}) => TEXTS[locale][key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The supported language nearest to a BCP 47 tag; null when there is none. */
export function nearestLocale(tag: string | null | undefined): Locale | null {
  if (!tag) return null;
  const lower = tag.toLowerCase();
  if (lower.startsWith("zh")) return /hant|tw|hk|mo/.test(lower) ? "zh-Hant" : "zh-Hans";
  return lower.startsWith("en") ? "en" : null;
}

/** The first supported language among the wishes, in order; English when none fits. */
export function pickLocale(wishes: readonly (string | null | undefined)[]): Locale {
  for (const wish of wishes) {
    const found = nearestLocale(wish);
    if (found) return found;
  }
  return "en";
}
