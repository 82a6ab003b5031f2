import { ApiError, isPassing } from "@/api/http";
import type { Attachment } from "@/api/types";

/** `queued` goes out by itself; `conflict` and `refused` wait for the agent. */
export type OutStatus = "queued" | "sending" | "conflict" | "refused";

export interface OutItem {
  client_id: string;
  conversation_id: string;
  kind: "message" | "note";
  text: string;
  attachments: Attachment[];
  draft: boolean;
  whisper?: boolean;
  expect_seq: number;
  at: string;
  status: OutStatus;
  tries: number;
  error: string | null;
  /** The code under which the server refused it. */
  refusal: string | null;
  /** The colleague's reply that stood in the way. */
  colleague: { name: string; text: string; seq: number } | null;
}

export type Outbox = readonly OutItem[];

export function enqueue(box: Outbox, item: OutItem): Outbox {
  return box.some((known) => known.client_id === item.client_id) ? box : [...box, item];
}

export function dismiss(box: Outbox, clientId: string): Outbox {
  return box.filter((item) => item.client_id !== clientId);
}

export function change(box: Outbox, clientId: string, patch: Partial<OutItem>): Outbox {
  return box.map((item) => (item.client_id === clientId ? { ...item, ...patch } : item));
}

/** What may go out now: the first of each conversation, unless it is out already or waits for the agent. */
export function ready(box: Outbox): OutItem[] {
  const seen = new Set<string>();
  const result: OutItem[] = [];
  for (const item of box) {
    if (item.status === "refused" || seen.has(item.conversation_id)) continue;
    seen.add(item.conversation_id);
    if (item.status === "queued") result.push(item);
  }
  return result;
}

/** The outbox after an attempt failed: it waits to be tried again, or for the agent's word. */
export function afterFailure(box: Outbox, clientId: string, error: unknown): Outbox {
  const item = box.find((known) => known.client_id === clientId);
  if (!item) return box;
  const tries = item.tries + 1;
  if (isPassing(error)) return change(box, clientId, { status: "queued", tries });
  const refusal = error as ApiError;
  if (refusal.code === "colleague_replied") {
    return change(box, clientId, { status: "conflict", tries, colleague: colleagueOf(refusal.fields) });
  }
  return change(box, clientId, { status: "refused", tries, error: refusal.message || refusal.code, refusal: refusal.code });
}

/** The conversation is mine again: what was refused because it was not goes out after all. */
export function resume(box: Outbox, conversationId: string): Outbox {
  const mine = (item: OutItem) => item.conversation_id === conversationId && item.status === "refused" && item.refusal === "not_yours";
  return box.some(mine) ? box.map((item) => (mine(item) ? { ...item, status: "queued", error: null, refusal: null, tries: 0 } : item)) : box;
}

/** My own message is stored at `seq`: what I wrote after it has seen it. */
export function seen(box: Outbox, conversationId: string, seq: number): Outbox {
  return box.map((item) => (item.conversation_id === conversationId && item.expect_seq < seq ? { ...item, expect_seq: seq } : item));
}

function colleagueOf(fields: Record<string, unknown>): OutItem["colleague"] {
  return { name: String(fields.author_name ?? fields.agent_name ?? ""), text: String(fields.text ?? ""), seq: Number(fields.seq ?? 0) };
}

/** The agent read the colleague's reply and sends anyway: the same message, judged against what was seen since. */
export function sendAnyway(box: Outbox, clientId: string, seenSeq: number): Outbox {
  const item = box.find((known) => known.client_id === clientId);
  const seen = Math.max(seenSeq, item?.colleague?.seq ?? 0);
  return change(box, clientId, { status: "queued", expect_seq: seen, colleague: null, tries: 0 });
}

/** From storage after a reload: what was on its way goes out again under the same client_id. */
export function revive(stored: unknown): Outbox {
  if (!Array.isArray(stored)) return [];
  const whole = stored.filter((item): item is OutItem => Boolean(item?.client_id && item?.conversation_id && typeof item?.text === "string"));
  return whole.map((item) => (item.status === "sending" ? { ...item, status: "queued" } : item));
}
