/** Milliseconds before attempt `n` (from 0): 0.5 s doubling to 15 s, plus a random part of up to a half. */
export function backoff(n: number, random: () => number = Math.random): number {
  const base = Math.min(15_000, 500 * 2 ** n);
  return Math.round(base * (1 + random() / 2));
}
