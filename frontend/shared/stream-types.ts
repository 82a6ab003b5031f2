import type { Signal } from "./frames";
import type { SocketLike } from "./link";
import type { Rest } from "./poller";
import type { Event, InboxItem } from "./types";

/** `connecting`: the first try; `offline`: was connected or tried, and is trying again. */
export type StreamStatus = "idle" | "connecting" | "live" | "polling" | "offline";

export interface StreamOptions {
  /** ws(s) address of `/api/v1/stream`. */
  url: string;
  /** Customers only: the token for `hello`, asked for at every connection. Staff are known by their cookie. */
  token?: () => string | Promise<string>;
  /** Stands in when sockets are blocked; without it the stream keeps trying sockets. */
  rest?: Rest;
  /** Staff see every seq, so a skipped number means a lost event: ask again from the cursor. */
  gapless?: boolean;
  /** Tests give a fake. */
  socket?: (url: string) => SocketLike;
}

export interface StreamHandlers {
  /** Each event once, in order of seq. */
  onEvent(conversationId: string, event: Event): void;
  onSignal?(conversationId: string, signal: Signal): void;
  onInbox?(item: InboxItem, removed: boolean): void;
  onStatus?(status: StreamStatus): void;
  /** All events up to now have been delivered. */
  onCaughtUp?(conversationId: string): void;
  /** The server refused `hello`: renew the token, then the stream connects again. */
  onRefused?(code: string): Promise<void> | void;
  /** Frames this client does not know. */
  onFrame?(frame: { type: string }): void;
}
