import { computed, reactive, watch } from "vue";
import { i18n } from "@/i18n";
import { alertsBetween, attention, nameOf, sections, type Alert } from "@/lib/inbox";
import { chime } from "@/lib/sound";
import { inbox, inboxState } from "./live";
import { can, me } from "./session";
import { settings } from "./settings";

/** Handed to me by a colleague and not looked at yet. */
export const given = reactive(new Set<string>());

/** How many customers wait for somebody or for me. */
export const waitingForMe = computed(() => attention(sections(inbox.value, me.value?.id ?? "")));

let open: (id: string) => void = () => undefined;

export function whenNotified(callback: (id: string) => void): void {
  open = callback;
}

function show({ kind, item }: Alert): void {
  if (!settings.notify || typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const name = nameOf(item.conversation, i18n.global.t("desk.visitor"));
  const notice = new Notification(i18n.global.t(`alert.${kind}`, { name }), { body: item.preview ?? "", tag: item.conversation.id });
  notice.onclick = () => {
    window.focus();
    open(item.conversation.id);
    notice.close();
  };
}

/** Sound and a notice only for what is new, and a notice only while the desk is not looked at. */
export function startAlerts(): void {
  let first = true;
  watch(inbox, (after, before) => {
    const id = me.value?.id ?? "";
    if (first || inboxState.value !== "ready") return void (first = inboxState.value !== "ready");
    const alerts = alertsBetween(before, after, id, can.supervise.value);
    for (const { kind, item } of alerts) if (kind === "given") given.add(item.conversation.id);
    if (!alerts.length) return;
    if (settings.sound && me.value?.presence !== "break") chime(alerts[0]!.kind);
    if (document.hidden || !document.hasFocus()) alerts.slice(0, 3).forEach(show);
  });
}
