import { onBeforeUnmount, onMounted } from "vue";

/** While `unsaved()` holds, the browser asks before the page is closed or loaded anew. */
export function useUnsaved(unsaved: () => boolean): void {
  const ask = (event: BeforeUnloadEvent) => unsaved() && event.preventDefault();
  onMounted(() => window.addEventListener("beforeunload", ask));
  onBeforeUnmount(() => window.removeEventListener("beforeunload", ask));
}
