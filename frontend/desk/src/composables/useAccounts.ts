import { useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, ref } from "vue";
import { useI18n } from "vue-i18n";
import { accounts as api } from "@/api/staff";
import type { Account } from "@/api/types";
import { toast, toastError } from "@/stores/toasts";

/** Everyone who works here, and a way to change them: whatever is changed is read again afterwards. */
export function useAccounts() {
  const { t } = useI18n();
  const client = useQueryClient();
  const query = useQuery({ queryKey: ["accounts"], queryFn: api.all });
  const accounts = computed(() => query.data.value ?? []);
  const busy = ref(false);

  async function run<T>(act: () => Promise<T>, done: string): Promise<T | null> {
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
      void client.invalidateQueries({ queryKey: ["accounts"] });
      void client.invalidateQueries({ queryKey: ["skills"] });
      void client.invalidateQueries({ queryKey: ["colleagues"] });
    }
  }

  function toggle(account: Account): Promise<Account | null> {
    const closed = account.disabled_at !== null;
    return run(() => (closed ? api.enable(account.id) : api.disable(account.id)), t(closed ? "staff.enabled" : "staff.disabled", { name: account.name }));
  }

  return { accounts, query, busy, run, toggle };
}
