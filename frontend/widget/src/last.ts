/** The last element that passes, as `findLast`, which phones of 2021 do not have. */
export function last<T>(list: readonly T[], passes: (one: T) => boolean): T | undefined {
  for (let n = list.length - 1; n >= 0; n--) if (passes(list[n] as T)) return list[n];
  return undefined;
}
