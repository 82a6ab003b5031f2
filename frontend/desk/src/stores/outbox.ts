import { computed, shallowRef, type ComputedRef } from "vue";
import { backoff } from "@shared/backoff";
import { ApiError } from "@/api/http";
import { conversations as api } from "@/api/staff";
import type { Attachment } from "@/api/types";
import { newClientId } from "@/lib/ids";
import { afterFailure, change, dismiss, enqueue, ready, resume, revive, seen, sendAnyway, type OutItem, type Outbox } from "@/lib/outbox";
import { load, onOtherTab, save } from "@/lib/storage";
import { arrived, opened } from "./conversations";
import { expect } from "./live";

export const outbox = shallowRef<Outbox>([]);
/** Acknowledged, and shown until the feed brings them. */
const landed = shallowRef<OutItem[]>([]);
let key = "";
let onHeld: (item: OutItem) => void = () => undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let stopListening: () => void = () => undefined;

function update(next: Outbox): void {
  if (next === outbox.value) return;
  outbox.value = next;
  save(key, next.length ? next : null);
}

/** `callback` runs when a message waits for the agent's word. */
export function whenHeld(callback: (item: OutItem) => void): void {
  onHeld = callback;
}

/** Takes up what an earlier page of this person left unsent. */
export function startOutbox(staffId: string): void {
  key = `outbox.${staffId}`;
  outbox.value = revive(load(key, []));
  const unlisten = onOtherTab(key, (value) => (outbox.value = mergeTabs(outbox.value, revive(value))));
  window.addEventListener("online", flush);
  stopListening = () => {
    unlisten();
    window.removeEventListener("online", flush);
  };
  flush();
}

export function stopOutbox(): void {
  stopListening();
  clearTimeout(timer);
  outbox.value = landed.value = [];
  ownSeq.clear();
}

/** What the other tab stored, except that an attempt made here keeps its standing. */
function mergeTabs(here: Outbox, there: Outbox): Outbox {
  const sending = new Map(here.filter((item) => item.status === "sending").map((item) => [item.client_id, item]));
  return there.map((item) => sending.get(item.client_id) ?? item);
}

/** My newest acknowledged message per conversation: the feed may bring it later than the acknowledgement. */
const ownSeq = new Map<string, number>();

export interface Words {
  text: string;
  attachments?: Attachment[];
  draft?: boolean;
  note?: boolean;
  /** Of a note: a private word for whoever has the conversation. */
  whisper?: boolean;
}

/** Queues and sends; the words are in storage before the first attempt. */
export function say(conversationId: string, words: Words): void {
  const item: OutItem = {
    client_id: newClientId(),
    conversation_id: conversationId,
    kind: words.note ? "note" : "message",
    text: words.text,
    attachments: words.attachments ?? [],
    draft: words.draft ?? false,
    whisper: words.whisper ?? false,
    expect_seq: Math.max(opened.get(conversationId)?.state.last_seq ?? 0, ownSeq.get(conversationId) ?? 0),
    at: new Date().toISOString(),
    status: "queued",
    tries: 0,
    error: null,
    refusal: null,
    colleague: null,
  };
  update(enqueue(outbox.value, item));
  flush();
}

/** Sends whatever may go out; called again by itself while something waits. */
export function flush(): void {
  clearTimeout(timer);
  for (const item of ready(outbox.value)) void attempt(item);
}

async function attempt(item: OutItem): Promise<void> {
  update(change(outbox.value, item.client_id, { status: "sending" }));
  try {
    const ack = await transmit(item);
    update(change(outbox.value, item.client_id, { status: "sending", error: null }));
    settle(item, ack.seq);
  } catch (error) {
    update(afterFailure(outbox.value, item.client_id, error));
    const held = outbox.value.find((known) => known.client_id === item.client_id && known.status !== "queued");
    if (held) onHeld(held);
    if (error instanceof ApiError && error.code === "colleague_replied") expect(item.conversation_id, Number(error.fields.seq), 0);
    timer = setTimeout(flush, backoff(item.tries));
  }
}

function transmit(item: OutItem) {
  const { client_id, text, conversation_id } = item;
  if (item.kind === "note") return api.note(conversation_id, { client_id, text, ...(item.whisper ? { whisper: true } : {}) });
  const attachments = item.attachments.map((file) => file.id);
  return api.say(conversation_id, {
    client_id,
    text,
    expect_seq: item.expect_seq,
    ...(attachments.length ? { attachments } : {}),
    ...(item.draft ? { draft: true } : {}),
  });
}

/** Acknowledged: off the list; the transcript shows it from the log, or from `landed` until the feed brings it. */
function settle(item: OutItem, seq: number): void {
  ownSeq.set(item.conversation_id, Math.max(seq, ownSeq.get(item.conversation_id) ?? 0));
  landed.value = [...landed.value.slice(-20), { ...item, status: "sending" }];
  update(seen(dismiss(outbox.value, item.client_id), item.conversation_id, seq));
  expect(item.conversation_id, seq);
  flush();
}

/** What stands below the log of a conversation: written here and not in the log yet. */
export function pendingIn(id: () => string | null): ComputedRef<OutItem[]> {
  return computed(() => {
    const known = arrived(opened.get(id() ?? "")?.events ?? []);
    return [...landed.value, ...outbox.value].filter((item) => item.conversation_id === id() && !known.has(item.client_id));
  });
}

export function insist(item: OutItem): void {
  const seen = opened.get(item.conversation_id)?.state.last_seq ?? 0;
  update(sendAnyway(outbox.value, item.client_id, seen));
  flush();
}

export function retry(item: OutItem): void {
  update(change(outbox.value, item.client_id, { status: "queued", error: null, tries: 0 }));
  flush();
}

/** Back with me after my line broke: nothing written meanwhile stays behind. */
export function takeUp(conversationId: string): void {
  update(resume(outbox.value, conversationId));
  flush();
}

/** Takes a message back, to edit or drop it. */
export const takeBack = (item: OutItem) => update(dismiss(outbox.value, item.client_id));

export const isUnsent = (id: string) => outbox.value.some((item) => item.conversation_id === id && item.status !== "sending");

export const unsentCount = computed(() => outbox.value.length);
