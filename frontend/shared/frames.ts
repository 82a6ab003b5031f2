import type { Author, Event, InboxItem, Wait } from "./types";

/** A message on its way out; `client_id` makes a retry the same message. */
export interface Outgoing {
  client_id: string;
  text: string;
  attachments?: string[];
  /** Staff: an assistant's draft sent unchanged. */
  draft?: boolean;
}

export interface Ack {
  client_id: string;
  conversation_id: string;
  seq: number;
  at: string;
  duplicate: boolean;
}

export type ClientFrame =
  | { type: "hello"; token?: string }
  | { type: "subscribe"; conversation_id: string; after: number }
  | { type: "unsubscribe"; conversation_id: string }
  | ({ type: "post"; conversation_id: string } & Outgoing)
  | { type: "typing"; conversation_id: string }
  | { type: "read"; conversation_id: string; up_to: number }
  | { type: "ping" };

export type Signal =
  | { kind: "typing"; data: { author: Author } }
  | { kind: "thinking"; data: Record<string, unknown> }
  | { kind: "wait"; data: Wait }
  | { kind: "presence"; data: { online: boolean } };

export type ServerFrame =
  | { type: "ready"; heartbeat_seconds?: number }
  | { type: "subscribed"; conversation_id: string; last_seq: number }
  | { type: "event"; conversation_id: string; event: Event }
  | ({ type: "signal"; conversation_id: string } & Signal)
  | ({ type: "ack" } & Ack)
  | { type: "error"; code: string; message: string; client_id?: string; fields?: Record<string, unknown> }
  | { type: "inbox"; item: InboxItem; removed: boolean }
  | { type: "pong" };
