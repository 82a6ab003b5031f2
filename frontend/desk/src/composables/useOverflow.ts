import { onBeforeUnmount, ref, watch, type Ref } from "vue";

/** Whether an element holds more than it shows: only then it needs a place in the tab order to be scrolled by keys. */
export function useOverflow(element: Ref<HTMLElement | undefined>): Ref<boolean> {
  const over = ref(false);
  const observer = new ResizeObserver(() => (over.value = (element.value?.scrollHeight ?? 0) > (element.value?.clientHeight ?? 0)));
  watch(element, (now) => {
    observer.disconnect();
    if (now) observer.observe(now);
  });
  onBeforeUnmount(() => observer.disconnect());
  return over;
}
