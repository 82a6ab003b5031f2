import { useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, ref, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import { cases as casesApi, promises as promisesApi, type Promised, type PromiseEdit } from "@/api/cases";
import { ApiError } from "@/api/http";
import { can } from "@/stores/session";
import { toast, toastError } from "@/stores/toasts";

export const POLL_MS = 20_000;
/** The service reads what was said within a second or two. */
const HEARD_MS = [1_500, 4_000];

/** How much is late or soon due, for the badge. */
export function useWorkCounts() {
  const query = useQuery({ queryKey: ["work", "counts"], queryFn: casesApi.counts, refetchInterval: POLL_MS, enabled: can.workCases });
  return computed(() => query.data.value ?? { late_cases: 0, late_promises: 0, due_soon: 0 });
}

/** The promises owed in a conversation. */
export function useConversationPromises(id: Ref<string>) {
  return useQuery({ queryKey: ["work", "promises", "conversation", id], queryFn: () => promisesApi.list({ conversation_id: id.value }), refetchInterval: POLL_MS });
}

/** What can be done about cases and promises; whatever is done is read again afterwards. */
export function useCasework() {
  const { t } = useI18n();
  const client = useQueryClient();
  const busy = ref(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["work"] });

  /** Something was said that may have been a promise. */
  function listen(): void {
    for (const wait of HEARD_MS) setTimeout(() => void refresh(), wait);
  }

  async function run<T>(act: () => Promise<T>, done = ""): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    try {
      const result = await act();
      if (done) toast(done, { tone: "teal" });
      return result;
    } catch (error) {
      toastError(error);
      return null;
    } finally {
      busy.value = false;
      await refresh();
    }
  }

  return {
    busy,
    run,
    refresh,
    listen,
    confirm: (one: Promised, edit: PromiseEdit = {}) => run(() => promisesApi.confirm(one.id, one.revision, edit), t("promise.confirmed")),
    dismiss: (one: Promised) => run(() => promisesApi.withdraw(one.id, one.revision, "not_a_promise")),
    withdraw: (one: Promised) => run(() => promisesApi.withdraw(one.id, one.revision, "customer_agreed"), t("promise.withdrawn_toast")),
    keep: (one: Promised) => run(() => promisesApi.keep(one.id, one.revision), t(one.late ? "promise.made_good_toast" : "promise.kept_toast")),
  };
}

/** Whether somebody else was faster. */
export const wasChanged = (error: unknown): error is ApiError => error instanceof ApiError && error.code === "case_changed";
