import { computed, ref } from "vue";
import { whenSignedOut } from "@/api/http";
import { auth } from "@/api/staff";
import type { AuthOptions, Me, Presence, Rest, Role } from "@/api/types";
import { forget } from "@/lib/storage";
import { settings } from "./settings";

export const me = ref<Me | null>(null);
export const options = ref<AuthOptions>({ password: true, oidc: false, oidc_name: {}, bank_name: {} });
/** True once the server said who this is, or that it is nobody. */
export const known = ref(false);

const has = (...roles: Role[]) => computed(() => me.value?.roles.some((role) => roles.includes(role) || role === "admin") ?? false);

export const can = {
  talk: has("agent", "supervisor"),
  supervise: has("supervisor"),
  seeWall: has("supervisor", "analyst"),
  workCases: has("agent", "supervisor"),
  readKnowledge: has("editor", "analyst", "agent", "supervisor"),
  editKnowledge: has("editor"),
  readFlows: has("editor", "analyst", "agent", "supervisor"),
  editFlows: has("editor"),
  readScripts: has("agent", "supervisor", "editor"),
  editScripts: has("editor", "supervisor"),
  manageStaff: has(),
};

export const bankName = computed(() => options.value.bank_name[settings.locale] ?? options.value.bank_name["zh-Hans"] ?? "");

/** What the way over the bank's own sign-in is called; empty where it has no name. */
export const oidcName = computed(() => options.value.oidc_name[settings.locale] ?? "");

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("warmline.desk");
let leave: (wanted: boolean) => void = () => undefined;

/** `callback` runs when the session ends, here or in another tab; `wanted` when the person signed out. */
export function onLeave(callback: (wanted: boolean) => void): void {
  leave = callback;
}

function forgetMe(wanted: boolean): void {
  if (!me.value) return;
  me.value = null;
  leave(wanted);
}

export async function loadSession(): Promise<void> {
  options.value = await auth.options().catch(() => options.value);
  me.value = await auth.me().catch(() => null);
  known.value = true;
}

export async function signIn(email: string, password: string): Promise<void> {
  me.value = await auth.signIn(email, password);
}

export async function signInByLink(token: string): Promise<void> {
  me.value = await auth.useLink(token);
  known.value = true;
}

export async function signOut(): Promise<void> {
  await auth.signOut().catch(() => undefined);
  forget("draft.");
  channel?.postMessage({ type: "signed-out" });
  forgetMe(true);
}

export async function setPresence(status: Presence, reason = ""): Promise<void> {
  const { presence_reason } = await auth.presence(status, reason);
  if (me.value) me.value = { ...me.value, presence: status, presence_reason };
  channel?.postMessage({ type: "presence", status });
}

/** How I stand after my last conversation, and the kinds of break there are. */
export const rest = ref<Rest | null>(null);

export async function loadRest(): Promise<void> {
  rest.value = can.talk.value ? await auth.rest().catch(() => rest.value) : null;
}

/** I have wrapped up; with `pause`, I take the pause that is offered. */
export async function ready(pause: boolean): Promise<void> {
  rest.value = await auth.ready(pause);
  if (pause) await reloadMe();
}

/** Presence, roles or skills changed elsewhere. */
export async function reloadMe(): Promise<void> {
  const next = await auth.me().catch(() => null);
  if (next && me.value?.id === next.id) me.value = next;
  await loadRest();
}

export function startSession(): void {
  whenSignedOut(() => forgetMe(false));
  channel?.addEventListener("message", ({ data }) => {
    if (data?.type === "signed-out") forgetMe(true);
    if (data?.type === "presence" && me.value) me.value = { ...me.value, presence: data.status };
  });
}
