/** The words of the supervisor's wall. */
import { i18n } from "@/i18n";
import en from "./en";
import hans from "./zh-Hans";
import hant from "./zh-Hant";

export const wallWords = { "zh-Hans": hans, "zh-Hant": hant, en } satisfies Record<string, typeof hans>;

for (const [locale, words] of Object.entries(wallWords)) i18n.global.mergeLocaleMessage(locale as keyof typeof wallWords, words);
