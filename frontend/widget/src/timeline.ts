import type { Attachment, Event, MessagePosted, RecapProposed } from "../../shared/types";
import { last } from "./last";

/** `sent`: acknowledged, its event not here yet. */
export type PendingState = "sending" | "late" | "failed" | "sent";

/** A message this browser wrote that is not in the log yet. */
export interface PendingMessage {
  client_id: string;
  text: string;
  attachments: Attachment[];
  at: string;
  state: PendingState;
  /** The server's own words about a refusal. */
  reason?: string;
}

export type Item =
  | { kind: "day"; key: string; at: string }
  | { kind: "message"; key: string; event: Event; payload: MessagePosted; own: boolean; vote: "up" | "down" | null }
  | { kind: "pending"; key: string; message: PendingMessage }
  | { kind: "recap"; key: string; event: Event; payload: RecapProposed; agreed: boolean | null }
  | { kind: "closed"; key: string; event: Event };

/** What the customer sees, in order: the log's visible entries, then what waits to be sent. */
export function timeline(events: readonly Event[], pending: readonly PendingMessage[]): Item[] {
  const votes = latestVotes(events);
  const known = new Set<string>();
  const items: Item[] = [];
  let today = "";
  for (const event of events) {
    const item = toItem(event, votes);
    if (!item) continue;
    if (item.kind === "message") known.add(item.payload.client_id);
    const date = new Date(event.at).toDateString();
    if (date !== today) items.push({ kind: "day", key: `day-${date}`, at: event.at });
    today = date;
    items.push(item);
    if (event.payload.type === "recap.proposed") answerRecap(items, events, event.seq);
  }
  for (const message of pending) {
    if (!known.has(message.client_id)) items.push({ kind: "pending", key: message.client_id, message });
  }
  return items;
}

/** The highest seq among messages a person wrote to the customer; what a read receipt may cover. */
export function lastFromPerson(events: readonly Event[]): number {
  const found = last(events, (event) => event.payload.type === "message.posted" && isPerson(event));
  return found?.seq ?? 0;
}

/** A person at the bank, not the customer's side and not the assistant. */
export function isPerson(event: Event): boolean {
  return event.author.kind === "agent" || event.author.kind === "agent_for_assistant";
}

/** Worth telling the customer about when the panel is closed. */
export function isNews(event: Event): boolean {
  const type = event.payload.type;
  return type === "recap.proposed" || (type === "message.posted" && event.author.kind !== "customer");
}

function toItem(event: Event, votes: Map<number, "up" | "down">): Item | null {
  const { payload, seq, author } = event;
  const key = `seq-${seq}`;
  if (payload.type === "message.posted") {
    const own = author.kind === "customer" || author.kind === "helper";
    return { kind: "message", key: own ? payload.client_id : key, event, payload, own, vote: votes.get(seq) ?? null };
  }
  if (payload.type === "recap.proposed") return { kind: "recap", key, event, payload, agreed: null };
  if (payload.type === "conversation.closed") return { kind: "closed", key, event };
  return null;
}

function answerRecap(items: Item[], events: readonly Event[], seq: number): void {
  const later = events.find(
    (event) => event.seq > seq && (event.payload.type === "recap.answered" || event.payload.type === "recap.proposed"),
  );
  const newest = items.at(-1);
  if (newest?.kind === "recap" && later?.payload.type === "recap.answered") newest.agreed = later.payload.agreed;
}

function latestVotes(events: readonly Event[]): Map<number, "up" | "down"> {
  const votes = new Map<number, "up" | "down">();
  for (const { payload } of events) {
    if (payload.type === "feedback.given") votes.set(payload.seq, payload.value);
  }
  return votes;
}
