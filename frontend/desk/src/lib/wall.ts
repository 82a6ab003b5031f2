import type { Line, Played, Quarter, Span, Staffing, Wall } from "@/api/wall";

export interface Bar {
  label: string;
  value: number;
  /** How much of `value` is what nobody wants: hatched, and said. */
  part: number;
  /** Still going on. */
  now?: boolean;
}

type Today = Wall["today"];
const two = (value: number) => String(value).padStart(2, "0");
const minuteOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
const clockOf = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** The hour that a clock in this zone shows. */
export const hourIn = (at: string, zone: string): number =>
  Number(new Intl.DateTimeFormat("en", { hour: "2-digit", hourCycle: "h23", timeZone: zone }).format(new Date(at)));

/** Every hour from the first with anybody in it until now, those with nobody among them. */
export function hourBars(today: Today, hour: number): Bar[] {
  const known = new Map(today.hours.map((one) => [one.hour, one]));
  const first = Math.min(hour, ...known.keys());
  return Array.from({ length: Math.max(0, hour - first) + 1 }, (_, n) => {
    const one = known.get(first + n);
    return { label: two(first + n), value: one?.arrivals ?? 0, part: one?.abandoned ?? 0, now: first + n === hour };
  });
}

export interface GroupLine {
  skill: string;
  channel: string;
  waiting: number;
  since: string | null;
  served: number;
}

const began = ({ since }: GroupLine) => (since ? Date.parse(since) : Number.MAX_SAFE_INTEGER);

/** Who waits and who is served by group and channel, whoever has waited longest first. */
export function groupLines(wall: Wall): GroupLine[] {
  const found = new Map<string, GroupLine>();
  const at = ({ skill, channel }: Line) => {
    const key = `${skill} ${channel}`;
    const line = found.get(key) ?? { skill, channel, waiting: 0, since: null, served: 0 };
    found.set(key, line);
    return line;
  };
  for (const line of wall.waiting.lines) Object.assign(at(line), { waiting: line.count, since: line.since });
  for (const line of wall.served.lines) at(line).served = line.count;
  return [...found.values()].sort((a, b) => began(a) - began(b) || b.waiting - a.waiting || a.skill.localeCompare(b.skill));
}

/** A length of time as the parts that people say: hours and minutes, minutes and seconds, or seconds. */
export function lasting(seconds: number): { unit: "hours" | "minutes" | "whole_minutes" | "seconds"; a: number; b: number } {
  const whole = Math.round(seconds);
  if (whole >= 3600) return { unit: "hours", a: Math.floor(whole / 3600), b: Math.floor((whole % 3600) / 60) };
  if (whole >= 60) return { unit: whole % 60 ? "minutes" : "whole_minutes", a: Math.floor(whole / 60), b: whole % 60 };
  return { unit: "seconds", a: whole, b: 0 };
}

const QUARTER_MS = 900_000;

/** The quarter of an hour it is; the day's length when it is over. */
export const quarterNow = (quarters: readonly Quarter[], now: number): number => {
  const at = quarters.findIndex((one) => Date.parse(one.at) + QUARTER_MS > now);
  return at < 0 ? quarters.length : at;
};

/** The next quarters of an hour: agents needed, and of those how many are not planned. */
export const needBars = (staffing: Staffing, now: number, count = 16): Bar[] =>
  staffing.quarters.slice(quarterNow(staffing.quarters, now)).slice(0, count).map((one, n) => ({ label: one.start, value: one.needed, part: one.short ?? 0, now: n === 0 }));

/** Where it will be short from now on, the next first. */
export function shortAhead(staffing: Staffing, now: number): Staffing["short"] {
  const at = staffing.quarters[quarterNow(staffing.quarters, now)]?.start;
  return at === undefined ? [] : staffing.short.filter((one) => minuteOf(one.end) > minuteOf(at));
}

/** The whole day as spans: `chosen` where they reach, elsewhere as many as it takes, so that only the choice is judged. */
export function dayOf(quarters: readonly Quarter[], chosen: readonly Span[]): Span[] {
  const spans: Span[] = [];
  quarters.forEach((quarter, n) => {
    const start = n * 15;
    const agents = chosen.find((one) => minuteOf(one.from) <= start && start < minuteOf(one.to))?.agents ?? quarter.needed;
    const last = spans.at(-1);
    if (last && last.agents === agents && minuteOf(last.to) === start) last.to = clockOf(start + 15);
    else spans.push({ from: clockOf(start), to: clockOf(start + 15), agents });
  });
  return spans.filter((one) => one.agents > 0);
}

export interface Verdict {
  /** The longest that nine in ten wait in any quarter of an hour, and in which. */
  p90: number;
  at: string;
  abandonment: number;
}

/** What customers of a span meet with in a played day; null when nobody comes in it. */
export function judge(played: Played, span: Span): Verdict | null {
  const inside = played.quarters.filter((one) => minuteOf(span.from) <= minuteOf(one.start) && minuteOf(one.start) < minuteOf(span.to));
  const arrivals = inside.reduce((sum, one) => sum + one.arrivals, 0);
  if (!arrivals) return null;
  const worst = inside.reduce((a, b) => (b.p90 > a.p90 ? b : a));
  return { p90: worst.p90, at: worst.start, abandonment: inside.reduce((sum, one) => sum + one.abandonment * one.arrivals, 0) / arrivals };
}

/** Why spans cannot be played: one ends before it begins, or two overlap; empty when they can. */
export function spanFault(spans: readonly Span[]): "" | "backwards" | "overlap" {
  if (spans.some((one) => minuteOf(one.to) <= minuteOf(one.from))) return "backwards";
  const order = [...spans].sort((a, b) => minuteOf(a.from) - minuteOf(b.from));
  return order.some((one, n) => n > 0 && minuteOf(one.from) < minuteOf(order[n - 1]!.to)) ? "overlap" : "";
}

/** The two busiest hours still to come, with as many as are planned, to begin a question with. */
export function firstSpan(staffing: Staffing, now: number): Span {
  const from = Math.min(22 * 4, Math.ceil(quarterNow(staffing.quarters, now) / 2) * 2);
  const needs = staffing.quarters.map((one) => one.needed);
  let best = from;
  const load = (start: number) => needs.slice(start, start + 8).reduce((sum, one) => sum + one, 0);
  for (let start = from; start + 8 <= needs.length; start += 2) if (load(start) > load(best)) best = start;
  return { from: clockOf(best * 15), to: clockOf(best * 15 + 120), agents: staffing.quarters[best]?.planned || Math.max(1, ...needs.slice(best, best + 8)) };
}

/** The half hours of a day. */
export const HALF_HOURS: readonly string[] = Array.from({ length: 49 }, (_, n) => clockOf(n * 30));
