import { reactive, watch } from "vue";
import { speak } from "@/api/http";
import { load, onOtherTab, save } from "@/lib/storage";

export type Theme = "system" | "light" | "dark";
export type DeskLocale = "zh-Hans" | "zh-Hant" | "en";
export const LOCALES: DeskLocale[] = ["zh-Hans", "zh-Hant", "en"];

/** The browser's wish as one of ours. */
export function guessLocale(wishes: readonly string[]): DeskLocale {
  for (const wish of wishes) {
    if (/^zh-(hant|tw|hk|mo)/i.test(wish)) return "zh-Hant";
    if (/^zh/i.test(wish)) return "zh-Hans";
    if (/^en/i.test(wish)) return "en";
  }
  return "zh-Hans";
}

const defaults = {
  locale: guessLocale(navigator.languages ?? [navigator.language]),
  theme: "system" as Theme,
  sound: true,
  notify: false,
  singleKeys: true,
  sidePanel: true,
};

export const settings = reactive({ ...defaults, ...load("settings", {}) });

const dark = window.matchMedia?.("(prefers-color-scheme: dark)");

function applyTheme(): void {
  const wanted = settings.theme === "system" ? (dark?.matches ? "dark" : "light") : settings.theme;
  document.documentElement.dataset.theme = wanted;
}

/** Keeps the page, the API's language and storage in step with the settings. */
export function startSettings(): void {
  dark?.addEventListener("change", applyTheme);
  watch(settings, () => save("settings", settings));
  onOtherTab("settings", (value) => value && Object.assign(settings, value));
  watch(() => settings.theme, applyTheme, { immediate: true });
  watch(
    () => settings.locale,
    (locale) => {
      speak(locale);
      document.documentElement.lang = locale;
    },
    { immediate: true },
  );
}
