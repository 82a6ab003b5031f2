import type { Locale, Wait } from "../../shared/types";
import type { Translate } from "./i18n";

const TAGS: Record<Locale, string> = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en" };

/** "14:05" in the reader's own time zone. */
export function clock(at: string, locale: Locale): string {
  return format(at, locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** "今天", "明天" or "11月23日 周一". */
export function day(at: string, locale: Locale, t: Translate, now: Date = new Date()): string {
  const days = Math.round((midnight(new Date(at)) - midnight(now)) / 86_400_000);
  if (days === 0) return t("today");
  if (days === 1) return t("tomorrow");
  if (days === -1) return t("yesterday");
  return format(at, locale, { month: "short", day: "numeric", weekday: "short" });
}

/** "明天 09:00". */
export function moment(at: string, locale: Locale, t: Translate, now?: Date): string {
  return `${day(at, locale, t, now)} ${clock(at, locale)}`;
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
export function waitText(wait: Wait, locale: Locale, t: Translate): string {
  const ahead = (wait.position ?? 1) - 1;
  const place = ahead > 0 ? t("ahead", { n: ahead }) : t("next");
  const time = interval(wait, t);
  if (time) return joined([place, time], locale);
  return wait.due_at ? t("dueBy", { time: moment(wait.due_at, locale, t) }) : place;
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

function joined(parts: string[], locale: Locale): string {
  return parts.join(locale === "en" ? ", " : "，");
}

function midnight(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

function format(at: string, locale: Locale, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(TAGS[locale], options).format(new Date(at));
}
