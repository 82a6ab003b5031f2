import { describe, expect, it } from "vitest";
import type { Promised } from "@/api/cases";
import { asInput, dueText, endOfDay, fromInput, inOrder, runs, STEPS } from "@/lib/cases";

const now = new Date(2026, 10, 27, 15, 0).getTime();
const promise = (more: Partial<Promised>): Promised => ({ status: "confirmed", due_at: new Date(now).toISOString(), whole_day: false, ...more }) as Promised;

describe("when something is due", () => {
  it("is a moment, or the end of a day", () => {
    expect(fromInput("", "")).toBeNull();
    expect(fromInput("2026-11-28", "10:30")).toEqual({ due_at: new Date(2026, 10, 28, 10, 30).toISOString(), whole_day: false });
    expect(fromInput("2026-11-30", "")).toEqual({ due_at: new Date(2026, 11, 1).toISOString(), whole_day: true });
  });

  it("comes back into the form as it was", () => {
    expect(asInput(new Date(2026, 10, 28, 9, 5).toISOString())).toEqual({ day: "2026-11-28", time: "09:05" });
    expect(asInput(endOfDay("2026-12-31"), true)).toEqual({ day: "2026-12-31", time: "" });
  });

  it("is said as people say it", () => {
    expect(dueText({ due_at: endOfDay("2026-11-28"), whole_day: true }, "zh-Hans", now)).toBe("明天");
    expect(dueText({ due_at: endOfDay("2026-11-27"), whole_day: true }, "en", now)).toBe("today");
    expect(dueText({ due_at: endOfDay("2026-12-04"), whole_day: true }, "zh-Hans", now)).toContain("12月4日");
    expect(dueText({ due_at: new Date(2026, 10, 28, 10, 0).toISOString(), whole_day: false }, "zh-Hans", now)).toBe("明天 10:00");
  });
});

describe("what comes first", () => {
  it("is what nobody has said yes to, then what is due first", () => {
    const late = promise({ id: "late", due_at: new Date(now - 1).toISOString() });
    const heard = promise({ id: "heard", status: "proposed", due_at: new Date(now + 9e7).toISOString() });
    const soon = promise({ id: "soon", due_at: new Date(now + 1).toISOString() });
    expect(inOrder([soon, heard, late]).map(({ id }) => id)).toEqual(["heard", "late", "soon"]);
  });

  it("knows what runs: from there every case can be ended", () => {
    const open = (Object.keys(STEPS) as (keyof typeof STEPS)[]).filter((status) => runs({ status }));
    expect(open).toEqual(["open", "in_progress", "waiting_customer"]);
    for (const status of open) expect(STEPS[status]).toEqual(expect.arrayContaining(["done", "cancelled"]));
  });
});
