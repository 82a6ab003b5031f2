import { describe, expect, it } from "vitest";
import type { Release } from "@/api/knowledge";
import { chartOf, chosenOf, groundOf, MARGIN, percent, scaleOf } from "@/lib/release";

const point = (coverage: number, error: number, error_upper = error + 0.02) => ({ coverage, error, error_upper, threshold: 1 - coverage });
const release = (patch: Partial<Release> = {}): Release => ({
  answer_at: 0.5, clarify_at: 0.2, target_error: 0.02, source: "logs", error_upper: 0.03, questions: 300,
  curve: [point(0.1, 0, 0.9), point(0.5, 0.02), point(1, 0.22)],
  choices: [{ target_error: 0.01, point: null }, { target_error: 0.02, point: point(0.5, 0.02) }],
  ...patch,
});

describe("the release", () => {
  it("says what it rests on", () => {
    expect(groundOf(release())).toBe("logs");
    expect(groundOf(release({ source: "estimated from similar questions" }))).toBe("estimated");
    expect(groundOf(release({ curve: [], questions: 12 }))).toBe("none");
    expect(groundOf(release({ curve: [], questions: 0 }))).toBe("pending");
  });

  it("knows the point in force, and that there may be none", () => {
    expect(chosenOf(release())?.coverage).toBe(0.5);
    expect(chosenOf(release({ target_error: 0.01 }))).toBeNull();
    expect(chosenOf(release({ choices: [] }))).toBeNull();
  });

  it("has a scale that holds the curve and keeps the tolerated rate off the ground", () => {
    const tall = scaleOf(release().curve, 0.02);
    expect(tall.top).toBeGreaterThanOrEqual(0.22);
    expect(tall.top / tall.step).toBeLessThanOrEqual(6);
    expect(scaleOf([point(1, 0)], 0.02).top).toBeGreaterThanOrEqual(0.04);
    expect(scaleOf([point(1, 1)], 0.02).top).toBeLessThanOrEqual(1);
  });

  it("is drawn inside the picture: more answered to the right, more wrong upwards, the bound never below the line", () => {
    const [width, height] = [640, 320];
    const chart = chartOf(release(), width, height);
    expect(chart.line.match(/[ML]/g)).toHaveLength(3);
    const numbers = [...chart.band.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((match) => [Number(match[1]), Number(match[2])] as const);
    for (const [x, y] of numbers) {
      expect(x).toBeGreaterThanOrEqual(MARGIN.left);
      expect(x).toBeLessThanOrEqual(width - MARGIN.right);
      expect(y).toBeGreaterThanOrEqual(MARGIN.top - 0.1);
      expect(y).toBeLessThanOrEqual(height - MARGIN.bottom);
    }
    expect(numbers[0]![1]).toBeLessThan(numbers[5]![1]);
    expect(chart.chosen?.y).toBeCloseTo(chart.limitY, 0);
    expect(chart.x.map(({ value }) => value)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(chart.y[0]!.at).toBeGreaterThan(chart.y.at(-1)!.at);
  });

  it("draws nothing of nothing", () => {
    expect(chartOf(release({ curve: [], choices: [] }), 640, 320)).toMatchObject({ line: "", band: "", chosen: null });
  });

  it("writes shares with a decimal only where there is one", () => {
    expect([percent(0.02, "zh-Hans"), percent(0.473, "en")]).toEqual(["2%", "47.3%"]);
  });
});
