import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { onScopeDispose, ref, watch, type Ref } from "vue";
import { searchArticles } from "@/api/staff";

const PAUSE_MS = 200;
const MAX_QUERY = 300;

/** The value once it has rested for a moment. */
export function useRested<T>(value: Ref<T>, pause = PAUSE_MS): Ref<T> {
  const rested = ref(value.value) as Ref<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(value, (now) => {
    clearTimeout(timer);
    timer = setTimeout(() => (rested.value = now), pause);
  });
  onScopeDispose(() => clearTimeout(timer));
  return rested;
}

/** Articles nearest to a text, in the language given; the last answer stays while the next is on its way. */
export function useArticleSearch(text: Ref<string>, locale: Ref<string>, limit = 5) {
  const rested = useRested(text);
  return useQuery({
    queryKey: ["article-search", rested, locale, limit],
    queryFn: ({ signal }) => (rested.value.trim() ? searchArticles(rested.value.trim().slice(0, MAX_QUERY), locale.value, limit, signal) : Promise.resolve([])),
    placeholderData: keepPreviousData,
  });
}
