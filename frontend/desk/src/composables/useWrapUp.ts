import { ref } from "vue";
import { conversations as api } from "@/api/staff";
import type { WrapUp } from "@/api/types";
import { toastError } from "@/stores/toasts";

const empty = (): WrapUp => ({ lines: [], category: null, tags: [], tell_bank: null });

/** The wrap-up of a conversation: drafted from its log, mended by the agent, kept before the end. */
export function useWrapUp(id: string) {
  const wrapUp = ref<WrapUp>(empty());
  const loading = ref(false);
  const failed = ref(false);

  let loaded: Promise<void> = Promise.resolve();
  const load = () => (loaded = read());

  async function read(): Promise<void> {
    loading.value = true;
    failed.value = false;
    try {
      wrapUp.value = await api.wrapUp(id);
    } catch {
      failed.value = true;
      wrapUp.value = empty();
    } finally {
      loading.value = false;
    }
  }

  /** Keeps it; what is empty is left out. A conversation does not end without its wrap-up being kept. */
  async function keep(): Promise<boolean> {
    await loaded;
    const lines = wrapUp.value.lines.filter((line) => line.text.trim());
    if (!lines.length && !wrapUp.value.tell_bank?.trim()) return true;
    try {
      await api.writeWrapUp(id, { ...wrapUp.value, lines });
      return true;
    } catch (error) {
      toastError(error);
      return false;
    }
  }

  return { wrapUp, loading, failed, load, keep };
}
