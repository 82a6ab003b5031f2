import { useQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { scripts as api } from "@/api/staff";
import type { Script, State } from "@/api/types";
import { fillScript } from "@/lib/scripts";
import { bankName, me } from "@/stores/session";

/** All scripts, and a way to fill one for a conversation. */
export function useScripts() {
  const query = useQuery({ queryKey: ["scripts"], queryFn: api.all });
  const scripts = computed(() => query.data.value ?? []);
  function fill(script: Pick<Script, "text" | "locale">, state: State | null): string {
    return fillScript(script.text, {
      customerName: state?.customer_name ?? null,
      agentName: me.value?.name ?? "",
      bankName: bankName.value,
      locale: script.locale,
      now: new Date(),
    });
  }
  return { scripts, query, fill };
}
