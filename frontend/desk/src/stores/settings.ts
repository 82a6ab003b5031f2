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

const PICKED = "warmline.desk.language";

/** What was picked in this tab while nobody was signed in: it outlives a reload and the way to the bank's own sign-in. */
export function picked(): DeskLocale | null {
  try {
    return LOCALES.find((known) => known === sessionStorage.getItem(PICKED)) ?? null;
  } catch {
    return null;
  }
}

export function keepPicked(locale: DeskLocale | null): void {
  try {
    sessionStorage.setItem(PICKED, locale ?? "");
  } catch {
    /* good until the page is left */
  }
}

export const browserLocale = () => guessLocale(navigator.languages ?? [navigator.language]);

const defaults = {
  locale: picked() ?? browserLocale(),
  theme: "system" as Theme,
  sound: true,
  notify: false,
  singleKeys: true,
  sidePanel: true,
};

/** The language is not this computer's but its user's: it is kept with the account (`stores/language`). */
export const settings = reactive({ ...defaults, ...load("settings", {}), locale: defaults.locale });

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
