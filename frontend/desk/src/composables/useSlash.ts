import { computed, ref, watch, type Ref } from "vue";
import type { Script } from "@/api/types";
import { matchScripts, slashAt, type SlashQuery } from "@/lib/scripts";

/** The `/` menu of the composer: what it offers for the text before the caret, and which line is active. */
export function useSlash(scripts: Ref<readonly Script[]>, locale: () => string) {
  const at = ref<SlashQuery | null>(null);
  const active = ref(0);
  const dismissed = ref<number | null>(null);
  const offers = computed(() => (at.value && at.value.start !== dismissed.value ? matchScripts(scripts.value, at.value.query, locale()) : []));
  const open = computed(() => offers.value.length > 0);
  watch(() => at.value?.query, () => (active.value = 0));

  function look(text: string, caret: number): void {
    at.value = slashAt(text, caret);
    if (!at.value) dismissed.value = null;
  }

  /** True when the key belonged to the menu. */
  function key(event: KeyboardEvent, choose: (script: Script) => void): boolean {
    if (!open.value || event.altKey || event.ctrlKey || event.metaKey) return false;
    const count = offers.value.length;
    if (event.key === "ArrowDown") active.value = (active.value + 1) % count;
    else if (event.key === "ArrowUp") active.value = (active.value - 1 + count) % count;
    else if (event.key === "Escape") dismissed.value = at.value?.start ?? null;
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") choose(offers.value[active.value]!);
    else return false;
    event.preventDefault();
    return true;
  }

  return { at, active, offers, open, look, key };
}
