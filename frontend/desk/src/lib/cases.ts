/** What a case may become, and how moments that are due are said. Pure. */
import type { Case, CaseCategory, CaseStatus, Promised } from "@/api/cases";
import { dayName, when } from "@/lib/time";

export const STEPS: Record<CaseStatus, readonly CaseStatus[]> = {
  open: ["in_progress", "waiting_customer", "done", "cancelled"],
  in_progress: ["waiting_customer", "done", "open", "cancelled"],
  waiting_customer: ["in_progress", "done", "cancelled"],
  done: ["in_progress"],
  cancelled: ["open"],
};

export const CATEGORIES: readonly CaseCategory[] = ["card", "account", "transfer", "loan", "savings", "fee", "fraud", "app", "service", "other"];

export const runs = (one: Pick<Case, "status">): boolean => one.status !== "done" && one.status !== "cancelled";

/** The end of a local day, as an RFC 3339 moment; `day` is `2026-11-28`. */
export function endOfDay(day: string): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(year, month - 1, date + 1).toISOString();
}

const two = (value: number) => String(value).padStart(2, "0");

/** A moment as the inputs of a form write it, in the reader's zone; of a whole day, the day it ends. */
export function asInput(at: string, wholeDay = false): { day: string; time: string } {
  const moment = new Date(Date.parse(at) - (wholeDay ? 1 : 0));
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return { day, time: wholeDay ? "" : `${two(moment.getHours())}:${two(moment.getMinutes())}` };
}

/** What the inputs of a form mean; without a time any moment of the day will do. */
export function fromInput(day: string, time: string): { due_at: string; whole_day: boolean } | null {
  if (!day) return null;
  if (!time) return { due_at: endOfDay(day), whole_day: true };
  const [hour, minute] = time.split(":").map(Number) as [number, number];
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return { due_at: new Date(year, month - 1, date, hour, minute).toISOString(), whole_day: false };
}

/** `明天 10:00`, or for a whole day `明天`, `11月27日星期五`. */
export function dueText(due: Pick<Promised, "due_at" | "whole_day">, locale: string, now: number): string {
  if (!due.whole_day) return when(due.due_at, locale, now);
  const last = new Date(Date.parse(due.due_at) - 1);
  const days = Math.round((new Date(last).setHours(12, 0, 0, 0) - new Date(now).setHours(12, 0, 0, 0)) / 86_400_000);
  if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  return dayName(last.toISOString(), locale);
}

/** Cases are due at a moment; one at midnight is due by the end of the day before. */
export function caseDue(at: string, locale: string, now: number): string {
  const moment = new Date(at);
  return dueText({ due_at: at, whole_day: moment.getHours() + moment.getMinutes() === 0 }, locale, now);
}

/** What comes first: what nobody has said yes to, then by when it is due. */
export function inOrder(list: readonly Promised[]): Promised[] {
  const rank = (one: Promised) => (one.status === "proposed" ? 0 : 1);
  return [...list].sort((a, b) => rank(a) - rank(b) || Date.parse(a.due_at) - Date.parse(b.due_at));
}
