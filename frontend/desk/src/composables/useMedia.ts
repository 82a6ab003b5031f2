import { onScopeDispose, ref, type Ref } from "vue";

/** Whether a media query holds, live. */
export function useMedia(query: string): Ref<boolean> {
  const media = window.matchMedia(query);
  const holds = ref(media.matches);
  const listen = () => (holds.value = media.matches);
  media.addEventListener("change", listen);
  onScopeDispose(() => media.removeEventListener("change", listen));
  return holds;
}

export const useNarrow = () => useMedia("(max-width: 899px)");
export const useThreeColumns = () => useMedia("(min-width: 1200px)");
