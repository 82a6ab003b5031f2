import { computed } from "vue";
import { useRoute, useRouter } from "vue-router";

/** Which tab of a screen is open, kept in the address: coming back or reloading shows the same one. */
export function useTab(keys: readonly string[]) {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => keys.find((key) => key === route.query.tab) ?? keys[0]!,
    set: (tab) => void router.replace({ query: { ...route.query, tab: tab === keys[0] ? undefined : tab } }),
  });
}
