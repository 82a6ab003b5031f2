import type { Locale } from "../../shared/types";
import { pickLocale } from "./i18n";
import { Store, type Choices } from "./store";

/** What the page says through attributes. */
export interface PageWishes {
  locale: string | null;
  elder: string | null;
  theme: string | null;
}

/** Language, elder mode and theme: the customer's choice, then the page's, then the profile's or browser's. */
export class Preferences {
  choices: Choices;
  /** The profile's wish for elder mode. */
  profileElder = false;
  private readonly store = new Store("warmline");

  constructor(private readonly page: () => PageWishes) {
    this.choices = this.store.choices;
  }

  choose(change: Choices): void {
    this.choices = { ...this.choices, ...change };
    this.store.choices = this.choices;
  }

  /** Puts them on the element, where the styles and screen readers look. */
  show(host: HTMLElement): void {
    const { theme } = this;
    host.lang = this.locale;
    host.toggleAttribute("data-elder", this.elder);
    if (theme === "auto") host.removeAttribute("data-theme");
    else host.setAttribute("data-theme", theme);
  }

  get locale(): Locale {
    const { locale } = this.page();
    const attribute = locale === "auto" ? null : locale;
    return pickLocale([this.choices.locale, attribute, document.documentElement.lang, ...navigator.languages]);
  }

  get elder(): boolean {
    const { elder } = this.page();
    return this.choices.elder ?? ((elder != null && elder !== "false") || this.profileElder);
  }

  /** Whether the customer has refused that a feeling is read from their words. */
  get unfelt(): boolean {
    return this.choices.unfelt ?? false;
  }

  /** `auto`, `light` or `dark`. */
  get theme(): string {
    return this.choices.theme ?? this.page().theme ?? "auto";
  }
}
