/** The words of the flow screens, which come with those screens and not before. */
import { i18n } from "@/i18n";
import en from "./en";
import hans from "./zh-Hans";
import hant from "./zh-Hant";

export const flowWords = { "zh-Hans": hans, "zh-Hant": hant, en } satisfies Record<string, typeof hans>;

for (const [locale, words] of Object.entries(flowWords)) i18n.global.mergeLocaleMessage(locale as keyof typeof flowWords, words);
