import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, onScopeDispose, ref, watch, type Ref } from "vue";
import { searchArticles } from "@/api/staff";
import type { Event } from "@/api/types";
import { lastQuestion, slipOf } from "@/lib/transcript";

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

/** Below this nearness a hit says nothing: "are you still there" has no article. */
const NEAR = 0.05;

/** What may help now: what the agent types, else the customer's last words, else (those being small talk) what they came for. */
export function useHelpfulArticles(events: Ref<readonly Event[]>, typed: Ref<string>, locale: Ref<string>, limit = 5) {
  const wished = computed(() => typed.value.trim());
  const said = computed(() => lastQuestion(events.value));
  const now = useArticleSearch(computed(() => wished.value || said.value), locale, limit);
  const small = computed(() => !wished.value && now.data.value !== undefined && (now.data.value[0]?.score ?? 0) < NEAR);
  const came = useArticleSearch(computed(() => (small.value ? (slipOf(events.value)?.payload.question ?? "") : "")), locale, limit);
  const found = computed(() => (wished.value ? now.data.value : (small.value ? came : now).data.value?.filter(({ score }) => score >= NEAR)) ?? []);
  const about = computed(() => wished.value || (small.value && found.value.length ? (slipOf(events.value)?.payload.question ?? "") : said.value));
  const searching = computed(() => now.isFetching.value || came.isFetching.value);
  const failed = computed(() => now.isError.value || came.isError.value);
  return { found, about, searching, failed };
}
