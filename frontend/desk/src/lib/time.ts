/** Times as people read them. All inputs are RFC 3339 strings or milliseconds. */

export type DayPart = "morning" | "noon" | "afternoon" | "evening" | "night";

export function dayPart(hour: number): DayPart {
  if (hour < 5) return "night";
  if (hour < 11) return "morning";
  if (hour < 13) return "noon";
  if (hour < 18) return "afternoon";
  return "evening";
}

/** `0:07`, `12:30`, `1:02:09`; never negative. */
export function stopwatch(from: string | null, now: number): string {
  if (!from) return "";
  const seconds = Math.max(0, Math.floor((now - Date.parse(from)) / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The browser's own kind of a language: 28/11/2026 for an English reader in London. */
const SPOKEN: Record<string, RegExp> = { en: /^en\b/i, "zh-Hans": /^zh(?!-(hant|tw|hk|mo))/i, "zh-Hant": /^zh-(hant|tw|hk|mo)/i };
const regional = (locale: string) => navigator.languages.find((tag) => SPOKEN[locale]?.test(tag)) ?? locale;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(regional(locale), options)));
  return found;
}

export const clockTime = (at: string, locale: string) =>
  format(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));

export const fullTime = (at: string, locale: string) =>
  format(locale, { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));

export const dayName = (at: string, locale: string) =>
  format(locale, { month: "long", day: "numeric", weekday: "long" }).format(new Date(at));

export const shortDate = (at: string, locale: string) =>
  format(locale, { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(at));

export const sameDay = (a: string, b: string) => new Date(a).toDateString() === new Date(b).toDateString();

const DAY_MS = 86_400_000;
const dayNumber = (ms: number) => Math.floor((ms - new Date(ms).getTimezoneOffset() * 60_000) / DAY_MS);

/** A point in the near future or past: today only the hour, beside today “tomorrow”, otherwise the date. */
export function when(at: string, locale: string, now: number): string {
  const days = dayNumber(Date.parse(at)) - dayNumber(now);
  if (days === 0) return clockTime(at, locale);
  if (Math.abs(days) === 1) return `${new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day")} ${clockTime(at, locale)}`;
  return format(locale, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}
