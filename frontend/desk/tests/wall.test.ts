import { describe, expect, it } from "vitest";
import type { Played, Quarter, Staffing, Wall } from "@/api/wall";
import { dayOf, firstSpan, groupLines, hourBars, hourIn, judge, lasting, needBars, shortAhead, spanFault } from "@/lib/wall";

const MIDNIGHT = Date.parse("2026-11-23T00:00:00+08:00");
const clock = (n: number) => `${String(Math.floor(n / 4)).padStart(2, "0")}:${String((n % 4) * 15).padStart(2, "0")}`;
const at = (n: number) => new Date(MIDNIGHT + n * 900_000).toISOString();
const now = (time: string) => Date.parse(`2026-11-23T${time}:00+08:00`);
/** Three agents needed from 9 to 17, and one more from 11 to 12; two planned. */
const quarters: Quarter[] = Array.from({ length: 96 }, (_, n) => {
  const needed = n >= 36 && n < 68 ? (n >= 44 && n < 48 ? 4 : 3) : 0;
  return { start: clock(n), at: at(n), expected: needed, low: 0, high: 9, needed, on_roster: needed, planned: 2, short: Math.max(0, needed - 2) };
});
const staffing = { day: "2026-11-23", zone: "Asia/Shanghai", quarters, short: [{ start: "09:00", end: "11:00", by: 1 }, { start: "11:00", end: "12:00", by: 2 }, { start: "12:00", end: "17:00", by: 1 }] } as unknown as Staffing;

describe("the wall", () => {
  it("shows every hour from the first with somebody until now", () => {
    const today = { hours: [{ hour: 9, arrivals: 4, answered: 3, abandoned: 1 }, { hour: 11, arrivals: 2, answered: 0, abandoned: 0 }] } as unknown as Wall["today"];
    expect(hourBars(today, 12)).toEqual([
      { label: "09", value: 4, part: 1, now: false },
      { label: "10", value: 0, part: 0, now: false },
      { label: "11", value: 2, part: 0, now: false },
      { label: "12", value: 0, part: 0, now: true },
    ]);
    expect(hourBars({ hours: [] } as unknown as Wall["today"], 8)).toHaveLength(1);
    expect(hourIn("2026-11-23T16:30:00Z", "Asia/Shanghai")).toBe(0);
  });

  it("puts the group that has waited longest first, with those it serves", () => {
    const line = (skill: string, count: number, since: string | null = null) => ({ skill, channel: "web", count, since });
    const wall = { waiting: { lines: [line("cards", 3, "2026-11-23T02:05:00Z"), line("loans", 1, "2026-11-23T02:01:00Z")] }, served: { lines: [line("elders", 5), line("cards", 2)] } } as unknown as Wall;
    expect(groupLines(wall).map(({ skill, waiting, served }) => [skill, waiting, served])).toEqual([["loans", 1, 0], ["cards", 3, 2], ["elders", 0, 5]]);
  });

  it.each([
    [0, "seconds", 0, 0],
    [59.6, "whole_minutes", 1, 0],
    [95, "minutes", 1, 35],
    [3725, "hours", 1, 2],
  ])("says %d seconds as people do", (seconds, unit, a, b) => expect(lasting(seconds)).toEqual({ unit, a, b }));

  it("looks ahead from the quarter it is", () => {
    expect(needBars(staffing, now("10:50"), 3)).toEqual([
      { label: "10:45", value: 3, part: 1, now: true },
      { label: "11:00", value: 4, part: 2, now: false },
      { label: "11:15", value: 4, part: 2, now: false },
    ]);
    expect(shortAhead(staffing, now("11:00")).map(({ start, by }) => [start, by])).toEqual([["11:00", 2], ["12:00", 1]]);
    expect(shortAhead(staffing, now("17:05"))).toEqual([]);
    expect(shortAhead(staffing, MIDNIGHT + 86_400_000)).toEqual([]);
  });

  it("asks about a span on a day that is otherwise staffed as it takes", () => {
    expect(dayOf(quarters, [{ from: "10:00", to: "13:00", agents: 1 }, { from: "16:00", to: "17:00", agents: 0 }])).toEqual([
      { from: "09:00", to: "10:00", agents: 3 },
      { from: "10:00", to: "13:00", agents: 1 },
      { from: "13:00", to: "16:00", agents: 3 },
    ]);
    expect(firstSpan(staffing, now("09:10"))).toEqual({ from: "10:00", to: "12:00", agents: 2 });
    expect(dayOf(quarters, [{ from: "22:00", to: "24:00", agents: 1 }]).at(-1)).toEqual({ from: "22:00", to: "24:00", agents: 1 });
  });

  it("judges a span by its hardest quarter, and those who give up by how many come", () => {
    const quarter = (start: string, arrivals: number, p90: number, abandonment: number) => ({ start, arrivals, p90, abandonment });
    const played = { quarters: [quarter("09:45", 50, 900, 1), quarter("10:00", 10, 20, 0), quarter("10:15", 30, 80, 0.2), quarter("10:30", 9, 300, 1)] } as unknown as Played;
    expect(judge(played, { from: "10:00", to: "10:30", agents: 2 })).toEqual({ p90: 80, at: "10:15", abandonment: 0.15 });
    expect(judge(played, { from: "03:00", to: "04:00", agents: 2 })).toBeNull();
  });

  it("finds what is wrong with spans", () => {
    const span = (from: string, to: string) => ({ from, to, agents: 1 });
    expect(spanFault([span("09:00", "11:00"), span("11:00", "24:00")])).toBe("");
    expect(spanFault([span("11:00", "11:00")])).toBe("backwards");
    expect(spanFault([span("09:00", "11:30"), span("11:00", "12:00")])).toBe("overlap");
  });
});
