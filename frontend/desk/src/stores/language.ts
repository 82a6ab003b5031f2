import { watch } from "vue";
import { auth } from "@/api/staff";
import { me } from "./session";
import { browserLocale, keepPicked, picked, settings, type DeskLocale } from "./settings";

/** A person's own choice: theirs on every computer, from now on or from their sign-in on. */
export function chooseLanguage(locale: DeskLocale): void {
  settings.locale = locale;
  if (!me.value) return keepPicked(locale);
  me.value = { ...me.value, locale, locale_chosen: true };
  auth.language(locale).catch(() => undefined);
}

/** Who signs in gets the language they have just picked, else what they ever chose, else the browser's. */
export function startLanguage(): void {
  watch(me, (now, before) => {
    if (!now || now.id === before?.id) return;
    const wish = picked();
    keepPicked(null);
    if (wish) chooseLanguage(wish);
    else settings.locale = now.locale_chosen ? (now.locale as DeskLocale) : browserLocale();
  });
}
