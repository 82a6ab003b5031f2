import { onBeforeUnmount, onMounted } from "vue";
import { shortcutFor, type ShortcutId } from "@/lib/keys";
import { settings } from "@/stores/settings";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

/** Listens for the desk's shortcuts; a dialog or menu on top keeps the keys to itself. */
export function useShortcuts(actions: Partial<Record<ShortcutId, (event: KeyboardEvent) => void>>): void {
  function listen(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (document.querySelector("[role=dialog][data-state=open], [role=menu][data-state=open]")) return;
    const id = shortcutFor(event, isTyping(event.target), settings.singleKeys);
    const action = id && actions[id];
    if (!action) return;
    event.preventDefault();
    action(event);
  }
  onMounted(() => window.addEventListener("keydown", listen));
  onBeforeUnmount(() => window.removeEventListener("keydown", listen));
}
