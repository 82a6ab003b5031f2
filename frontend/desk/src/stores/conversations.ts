import { reactive } from "vue";
import { fold, mergeEvents } from "@shared/fold";
import { conversations as api } from "@/api/staff";
import type { Author, CustomerCard, Earlier, Event, State } from "@/api/types";

export interface Opened {
  state: State;
  events: Event[];
  customer: CustomerCard | null;
  earlier: Earlier[];
  typing: { name: string | null; kind: Author["kind"]; until: number } | null;
  online: boolean | null;
}

const KEEP = 20;
const TYPING_MS = 5_000;

/** Conversations opened on this desk, newest last; at most `KEEP` stay in memory. */
export const opened = reactive(new Map<string, Opened>());

/** Why those that were asked for could not be opened, by id. */
export const unopened = reactive(new Map<string, string>());

/** Reads a conversation afresh; what is known stays visible until the answer is here. */
export async function loadConversation(id: string): Promise<Opened> {
  const view = await api.open(id);
  const before = opened.get(id);
  const events = mergeEvents(before?.events ?? [], view.events);
  const missed = events.filter((event) => event.seq > view.conversation.last_seq);
  opened.delete(id);
  opened.set(id, {
    state: missed.reduce(fold, view.conversation),
    events,
    customer: view.customer,
    earlier: view.earlier ?? [],
    typing: before?.typing ?? null,
    online: before?.online ?? null,
  });
  for (const old of opened.keys()) {
    if (opened.size <= KEEP) break;
    opened.delete(old);
  }
  return opened.get(id)!;
}

/** One event of the live feed; one that is known already changes nothing. */
export function takeEvent(id: string, event: Event): void {
  const conversation = opened.get(id);
  if (!conversation || event.seq <= conversation.state.last_seq) return;
  conversation.state = fold(conversation.state, event);
  conversation.events = mergeEvents(conversation.events, [event]);
  if (event.payload.type === "message.posted") conversation.typing = null;
}

/** `author` is the speaker, or only their kind with the name beside it. */
export function takeTyping(id: string, data: { author: Author | string; name?: string | null }, now = Date.now()): void {
  const conversation = opened.get(id);
  const author = typeof data.author === "string" ? { kind: data.author as Author["kind"], name: data.name } : data.author;
  if (conversation) conversation.typing = { name: author.name ?? null, kind: author.kind, until: now + TYPING_MS };
}

export function takeOnline(id: string, online: boolean): void {
  const conversation = opened.get(id);
  if (conversation) conversation.online = online;
}

/** The client_ids that are in the log: what is pending under one of them has arrived. */
export function arrived(events: readonly Event[]): Set<string> {
  const ids = new Set<string>();
  for (const { payload } of events) if ("client_id" in payload) ids.add(payload.client_id);
  return ids;
}
