import type { Event, InboxItem, Payload, Script, State } from "@/api/types";
import type { OutItem } from "@/lib/outbox";

export function state(patch: Partial<State> = {}): State {
  return {
    id: "c1", customer_id: "p1", customer_name: "王秀兰", channel: "web", locale: "zh-Hans", elder: false, feeling_refused: false, owner: "queue", agent_id: null,
    agent_name: null, skill: null, urgency: "normal", rank_at: null, front: false, human_requested: true, queued_at: "2026-11-22T03:00:00Z", callback_due_at: null, last_seq: 5,
    customer_read_seq: 0, staff_read_seq: 0, opened_at: "2026-11-22T02:50:00Z", closed_at: null, ...patch,
  };
}

export function item(patch: Partial<State> = {}, more: Partial<InboxItem> = {}): InboxItem {
  const conversation = state(patch);
  return { conversation, preview: "我的卡被吞了", preview_author: "customer", waiting_since: conversation.queued_at, unread: 0, feelings: [], risk: null, reason: "customer_asked", ...more };
}

let minute = 0;

export function event(seq: number, kind: Event["author"]["kind"], payload: Payload, name: string | null = null): Event {
  const at = new Date(Date.UTC(2026, 10, 22, 3, minute++)).toISOString();
  return { seq, at, author: { kind, id: kind === "agent" ? "me" : null, name }, visibility: "all", payload };
}

export const said = (text: string, more: object = {}): Payload =>
  ({ type: "message.posted", client_id: `id-${text}`, text, format: "plain", ...more }) as Payload;

export function out(patch: Partial<OutItem> = {}): OutItem {
  return {
    client_id: "m1", conversation_id: "c1", kind: "message", text: "您好", attachments: [], draft: false, expect_seq: 5, at: "2026-11-22T03:00:00Z",
    status: "queued", tries: 0, error: null, refusal: null, colleague: null, ...patch,
  };
}

export function script(patch: Partial<Script> = {}): Script {
  return { id: patch.title ?? "s", title: "开场", text: "{customer_name}您好", shortcut: "hi", category: "常用", locale: "zh-Hans", ...patch };
}
