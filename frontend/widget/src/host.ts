import type { Event, Locale, Wait } from "../../shared/types";

/** What the session asks of the element and tells it. */
export interface Host {
  currentLocale(): Locale;
  inElderMode(): boolean;
  /** The customer refuses that a feeling is read. */
  isUnfelt(): boolean;
  /** The `identity` attribute. */
  identitySource(): string | null;
  /** Something to draw changed. */
  changed(): void;
  /** An event that arrived while the page is open. */
  arrived(event: Event): void;
  waited(wait: Wait): void;
  /** The profile's wish for elder mode. */
  profiled(elder: boolean): void;
  /** The page's sign-in ran out. */
  lapsed(): void;
  /** Another customer than before: what is on screen must go. */
  reset(): void;
}
