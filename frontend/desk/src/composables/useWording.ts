import { useQuery } from "@tanstack/vue-query";
import { shallowRef, watch } from "vue";
import { conversations as api } from "@/api/staff";
import { findUnfit, type Finding } from "@/lib/wording";

/**
 * Looks through words before they go to a customer. Before the rules have come nothing is held back here; what may
 * never be sent the server refuses.
 */
export function useWording(words: () => string) {
  const rules = useQuery({ queryKey: ["wording"], queryFn: () => api.wording(), staleTime: Infinity });
  const found = shallowRef<Finding[]>([]);
  watch(words, () => (found.value = []));

  function holdsBack(text: string): boolean {
    found.value = findUnfit(text, rules.data.value ?? []);
    return found.value.length > 0;
  }
  return { found, holdsBack };
}
