import { createI18n } from "vue-i18n";
import { settings, type DeskLocale } from "@/stores/settings";
import en from "./en";
import hans from "./zh-Hans";
import hant from "./zh-Hant";

export const messages: Record<DeskLocale, typeof hans> = { "zh-Hans": hans, "zh-Hant": hant, en };

export const i18n = createI18n({ legacy: false, locale: settings.locale, fallbackLocale: "zh-Hans", messages, missingWarn: false, fallbackWarn: false });

/** A known code in the reader's language; an unknown one as it is, made readable. */
export function label(group: string, code: string | null | undefined): string {
  if (!code) return "";
  const key = `${group}.${code.replace(/_\d+_/, "_").replace(/^small_talk_/, "")}`;
  return i18n.global.te(key) ? i18n.global.t(key) : code.replaceAll(/[_.]/g, " ");
}
