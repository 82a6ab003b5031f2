import { computed, onBeforeUnmount, ref, watch } from "vue";
import { ApiError } from "@/api/http";
import { follow, sendRead, status, unfollow } from "@/stores/live";
import { opened, unopened } from "@/stores/conversations";
import { me } from "@/stores/session";
import { explain } from "@/stores/toasts";

/** Opens a conversation, follows it while mounted, and tells the customer what was read when it is mine and looked at. */
export function useConversation(id: string) {
  const conversation = computed(() => opened.get(id) ?? null);
  const problem = computed(() => unopened.get(id) ?? "");
  const loading = ref(false);
  const mine = computed(() => conversation.value?.state.owner === "agent" && conversation.value.state.agent_id === me.value?.id);

  async function open(): Promise<void> {
    loading.value = true;
    unopened.delete(id);
    try {
      await follow(id);
    } catch (error) {
      unopened.set(id, explain(error));
      if (error instanceof ApiError && error.status < 500) opened.delete(id);
    } finally {
      loading.value = false;
    }
  }

  function markRead(): void {
    const state = conversation.value?.state;
    if (!state || !mine.value || document.hidden) return;
    const lastWords = conversation.value!.events.findLast((event) => event.payload.type === "message.posted" && event.author.kind === "customer");
    if (lastWords && lastWords.seq > state.staff_read_seq) sendRead(id, lastWords.seq);
  }

  watch(() => [conversation.value?.state.last_seq, mine.value, status.value], markRead);
  watch(status, (now) => now === "live" && problem.value && void open());
  document.addEventListener("visibilitychange", markRead);
  onBeforeUnmount(() => {
    document.removeEventListener("visibilitychange", markRead);
    unopened.delete(id);
    unfollow(id);
  });
  void open();
  return { conversation, problem, loading, mine, open };
}
