import type { Release } from "@/api/knowledge";

type Point = Release["curve"][number];

/** What the thresholds rest on: the bank's labelled log, the similar questions, too few to say, or not known yet. */
export type Ground = "logs" | "estimated" | "none" | "pending";

export function groundOf({ source, curve, questions }: Release): Ground {
  if (!curve.length) return questions ? "none" : "pending";
  return source === "logs" ? "logs" : "estimated";
}

/** Where on the curve the tolerated rate leads; null when nothing is answered under it. */
export const chosenOf = (release: Release): Point | null => release.choices.find(({ target_error }) => target_error === release.target_error)?.point ?? null;

export interface Chart {
  /** The measured share of wrong answers, and the area up to its upper bound, as SVG path data. */
  line: string;
  band: string;
  limitY: number;
  chosen: { x: number; y: number } | null;
  x: { at: number; value: number }[];
  y: { at: number; value: number }[];
  end: { x: number; y: number };
}

export const MARGIN = { left: 52, right: 20, top: 16, bottom: 44 };
const X_TICKS = [0, 0.25, 0.5, 0.75, 1];
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25];

/** A height of the scale that shows the whole curve and the tolerated rate apart from the ground, and its step. */
export function scaleOf(curve: readonly Point[], target: number): { top: number; step: number } {
  const highest = Math.min(1, Math.max(target * 2, ...curve.map(({ error }) => error * 1.1)));
  const step = STEPS.find((one) => highest / one <= 5) ?? 0.25;
  return { top: Math.ceil(highest / step - 1e-9) * step, step };
}

/** The curve drawn `width` by `height` pixels: share answered to the right, share of those wrong upwards. */
export function chartOf(release: Release, width: number, height: number): Chart {
  const { top, step } = scaleOf(release.curve, release.target_error);
  const x = (value: number) => round(MARGIN.left + value * (width - MARGIN.left - MARGIN.right));
  const y = (value: number) => round(height - MARGIN.bottom - (Math.min(value, top) / top) * (height - MARGIN.top - MARGIN.bottom));
  const path = (points: readonly (readonly [number, number])[]) => points.map(([left, up], index) => `${index ? "L" : "M"}${left} ${up}`).join("");
  const line = release.curve.map((point) => [x(point.coverage), y(point.error)] as const);
  const above = release.curve.map((point) => [x(point.coverage), y(point.error_upper)] as const);
  const chosen = chosenOf(release);
  const last = line.at(-1) ?? [x(1), y(0)];
  return {
    line: path(line),
    band: line.length ? `${path([...above, ...[...line].reverse()])}Z` : "",
    limitY: y(release.target_error),
    chosen: chosen && { x: x(chosen.coverage), y: y(chosen.error) },
    x: X_TICKS.map((value) => ({ at: x(value), value })),
    y: Array.from({ length: Math.round(top / step) + 1 }, (_, index) => ({ at: y(index * step), value: index * step })),
    end: { x: last[0], y: last[1] },
  };
}

const round = (value: number) => Math.round(value * 10) / 10;

/** `2%`, `50.5%`. */
export const percent = (share: number, locale: string) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);
