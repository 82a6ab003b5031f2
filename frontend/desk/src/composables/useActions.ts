import { ref } from "vue";
import { useI18n } from "vue-i18n";
import { conversations as api } from "@/api/staff";
import type { Outcome, State } from "@/api/types";
import { expect, isTaken, loadInbox } from "@/stores/live";
import { askFocus } from "@/stores/composer";
import { toast, toastError } from "@/stores/toasts";

/** What an agent can do with a conversation. Nothing is optimistic: the log is the truth. */
export function useActions() {
  const { t } = useI18n();
  const busy = ref(false);

  async function run(id: string, act: () => Promise<{ conversation?: State }>, done?: string): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      const answer = await act();
      expect(id, answer.conversation?.last_seq);
      if (done) toast(done, { tone: "teal" });
      return true;
    } catch (error) {
      if (isTaken(error)) toast(t("desk.taken", { name: String(error.fields.agent_name ?? t("desk.colleague")) }), { tone: "ember" });
      else toastError(error);
      void loadInbox();
      return false;
    } finally {
      busy.value = false;
    }
  }

  return {
    busy,
    accept: async (id: string) => {
      const done = await run(id, () => api.accept(id));
      if (done) askFocus();
      return done;
    },
    decline: (id: string) => run(id, async () => (await api.decline(id), {}), t("offer.declined")),
    handBack: (id: string, note: string) => run(id, () => api.handBack(id, note), t("action.handed_back")),
    transfer: (id: string, to: { skill?: string; agent_id?: string; note?: string }, name: string) =>
      run(id, () => api.transfer(id, to), t("action.transferred", { name })),
    callIn: (id: string, agentId: string, name: string, note: string) => run(id, () => api.callIn(id, agentId, note), t("beside.called_done", { name })),
    join: (id: string, mode: "watch" | "speak") => run(id, () => api.join(id, mode), t(mode === "watch" ? "beside.watching" : "beside.joined")),
    leave: (id: string) => run(id, () => api.leave(id), t("beside.gone")),
    takeOver: (id: string) => run(id, () => api.takeOver(id), t("beside.taken")),
    callback: (id: string, dueAt: string) => run(id, () => api.callback(id, dueAt), t("action.callback_set")),
    recap: (id: string, text: string, outcome: Outcome) => run(id, () => api.recap(id, text, outcome), t("action.recap_sent")),
    close: (id: string, outcome: Outcome) => run(id, () => api.close(id, outcome), t("action.closed")),
  };
}
