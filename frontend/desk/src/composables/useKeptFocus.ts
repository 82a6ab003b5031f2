import { onBeforeUnmount, onMounted } from "vue";

/** What had the focus may leave the screen, as a card that is deleted: then the content has it, not nothing. */
export function useKeptFocus(): void {
  let last: Element | null = null;
  const remember = (event: FocusEvent) => (last = event.target as Element);
  const observer = new MutationObserver(() => {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    last = null;
    document.getElementById("main")?.focus({ preventScroll: true });
  });
  onMounted(() => {
    document.addEventListener("focusin", remember);
    observer.observe(document.body, { childList: true, subtree: true });
  });
  onBeforeUnmount(() => {
    document.removeEventListener("focusin", remember);
    observer.disconnect();
  });
}
