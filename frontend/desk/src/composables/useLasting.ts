import { useI18n } from "vue-i18n";
import { lasting } from "@/lib/wall";

/** Lengths of time and shares as people say them. */
export function useLasting() {
  const { t, locale } = useI18n();
  const say = (seconds: number) => {
    const { unit, a, b } = lasting(seconds);
    return t(`wall.lasting_${unit}`, { a, b });
  };
  const share = (value: number) => new Intl.NumberFormat(locale.value, { style: "percent", maximumFractionDigits: 0 }).format(value);
  return { say, share };
}
