import { keepPreviousData, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { conversations as api } from "@/api/staff";
import { sideOf } from "@/lib/transcript";
import type { Opened } from "@/stores/conversations";

/** What is suggested beside the customer's last words; asked for anew whenever they write. */
export function useAssist(conversation: Ref<Opened>) {
  const said = computed(() => conversation.value.events.findLast(({ author, payload }) => payload.type === "message.posted" && sideOf(author) === "customer")?.seq ?? 0);
  const query = useQuery({
    queryKey: ["assist", computed(() => conversation.value.state.id), said],
    queryFn: ({ signal }) => api.assist(conversation.value.state.id, signal),
    enabled: computed(() => said.value > 0),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  return { found: computed(() => (said.value ? query.data.value : undefined)), searching: computed(() => query.isFetching.value), failed: computed(() => query.isError.value) };
}
