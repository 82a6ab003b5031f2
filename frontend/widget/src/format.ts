import type { Locale, Wait } from "../../shared/types";
import type { Translate } from "./i18n";

const TAGS: Record<Locale, string> = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en" };

/** How times are told: the language, and the bank's time zone for what it promises. */
export interface Telling {
  locale: Locale;
  t: Translate;
  /** IANA name; without it the reader's own zone. */
  zone?: string | undefined;
}

/** "14:05". */
export function clock(at: string, { locale, zone }: Telling): string {
  return format(at, locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
}

/** "今天", "明天" or "11月23日 周一". */
export function day(at: string, { locale, t, zone }: Telling, now: Date = new Date()): string {
  const days = Math.round((dayNumber(new Date(at), zone) - dayNumber(now, zone)) / 86_400_000);
  if (days === 0) return t("today");
  if (days === 1) return t("tomorrow");
  if (days === -1) return t("yesterday");
  return format(at, locale, { month: "short", day: "numeric", weekday: "short", timeZone: zone });
}

/** "明天 09:00", with the zone's name where the reader's clock shows another time. */
export function moment(at: string, telling: Telling, now?: Date): string {
  const name = zoneName(at, telling);
  const words = telling.t("moment", { day: day(at, telling, now), time: clock(at, telling) });
  return words + (name && telling.t("zone", { name }));
}

/** The zone's name when the reader's clock shows another time at that moment, else empty. */
export function zoneName(at: string, { locale, zone }: Telling): string {
  if (!zone || clock(at, { locale, zone } as Telling) === clock(at, { locale } as Telling)) return "";
  const parts = new Intl.DateTimeFormat(TAGS[locale], { timeZone: zone, timeZoneName: "long" }).formatToParts(new Date(at));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** The honest interval in words, null when nothing can be said. Seconds are rounded outwards to minutes. */
export function interval(wait: Wait, t: Translate): string | null {
  if (wait.low_seconds == null || wait.high_seconds == null) return null;
  const low = Math.max(1, Math.floor(wait.low_seconds / 60));
  const high = Math.ceil(wait.high_seconds / 60);
  if (high <= 1) return t("lessMinute");
  return t("about", { time: span(low, high, t) });
}

/** "前面还有 2 位，大约 1 到 4 分钟"; `position` counts the customer. */
export function waitText(wait: Wait, telling: Telling): string {
  const { t, locale } = telling;
  const ahead = (wait.position ?? 1) - 1;
  const place = ahead > 0 ? t("ahead", { n: ahead }) : t("next");
  const time = interval(wait, t);
  if (time) return place + (locale === "en" ? ", " : "，") + time;
  return wait.due_at ? t("dueBy", { time: moment(wait.due_at, telling) }) : place;
}

/** Bytes as "1.2 MB". */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** A name safe to put inside a sentence: no direction marks, zero-width or control characters. */
export function plainName(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, "").trim();
}

function span(low: number, high: number, t: Translate): string {
  if (high > 90) return t("hoursRange", { a: Math.max(1, Math.floor(low / 60)), b: Math.ceil(high / 60) });
  return low === high ? t("minutes", { n: high }) : t("minutesRange", { a: low, b: high });
}

function dayNumber(date: Date, zone: string | undefined): number {
  return Date.parse(`${new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(date)}T00:00Z`);
}

function format(at: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(TAGS[locale], options).format(new Date(at));
}
