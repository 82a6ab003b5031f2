import { backoff } from "./backoff";
import type { Ack, ClientFrame, Outgoing, ServerFrame } from "./frames";
import { Link, type SocketLike } from "./link";
import { Outbox, PostRefused } from "./outbox";
import { Poller, type Rest } from "./poller";
import type { StreamHandlers, StreamOptions, StreamStatus } from "./stream-types";
import type { Batch, Event } from "./types";

export type { Ack, Outgoing, Signal } from "./frames";
export { PostRefused } from "./outbox";
export type { Rest } from "./poller";
export type { StreamHandlers, StreamOptions, StreamStatus } from "./stream-types";

const FAILED_SOCKETS_BEFORE_POLLING = 2;
const SOCKET_RETRY_WHILE_POLLING_MS = 30_000;
const ACK_MS = 10_000;
const TYPING_EVERY_MS = 2_000;

/** The live feed of one client: events in order and once, posts until acknowledged, whatever the network does. */
export class Stream {
  status: StreamStatus = "idle";
  private link: Link | null = null;
  private ready = false;
  private failures = 0;
  private stopped = true;
  private typedAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sweep: ReturnType<typeof setInterval> | undefined;
  private readonly cursors = new Map<string, number>();
  private readonly outbox = new Outbox();
  private readonly poller: Poller | null;

  constructor(private readonly options: StreamOptions, private readonly handlers: StreamHandlers) {
    this.poller = options.rest
      ? new Poller(options.rest, {
          cursor: (id) => this.cursors.get(id) ?? 0,
          batch: (id, batch) => this.takeBatch(id, batch),
          reached: (ok) => this.polled(ok),
        })
      : null;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.failures = 0;
    this.setStatus("connecting");
    this.sweep = setInterval(() => this.flush(), ACK_MS / 2);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.sweep);
    this.poller?.stop();
    this.link?.close();
    this.setStatus("idle");
  }

  /** The network may be back (window `online`, page visible again): try at once. */
  nudge(): void {
    if (this.stopped || this.ready || this.link) return;
    clearTimeout(this.timer);
    this.connect();
  }

  /** Gives up the present socket for a new one, such as after the token changed. */
  reconnect(): void {
    this.link?.close();
  }

  /** Follows a conversation; `after` is the highest seq known. Calling again never goes back. */
  subscribe(conversationId: string, after: number): void {
    this.cursors.set(conversationId, Math.max(after, this.cursors.get(conversationId) ?? 0));
    if (this.ready) this.sendSubscribe(conversationId);
    else if (this.status === "polling") this.poller?.follow(conversationId);
  }

  unsubscribe(conversationId: string): void {
    if (!this.cursors.delete(conversationId)) return;
    this.poller?.unfollow(conversationId);
    this.send({ type: "unsubscribe", conversation_id: conversationId });
  }

  /** Sends until acknowledged; rejects with `PostRefused` only when the server says no. */
  post(conversationId: string, message: Outgoing): Promise<Ack> {
    const entry = this.outbox.add(conversationId, message);
    this.flush();
    return entry.promise;
  }

  /** Tells the other side, at most once in 2 s. */
  typing(conversationId: string): void {
    if (Date.now() - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = Date.now();
    this.send({ type: "typing", conversation_id: conversationId });
  }

  read(conversationId: string, upTo: number): void {
    if (this.send({ type: "read", conversation_id: conversationId, up_to: upTo })) return;
    this.options.rest?.read?.(conversationId, upTo)?.catch(() => undefined);
  }

  /** False when there is no live socket; for frames that may be lost. */
  send(frame: ClientFrame): boolean {
    return this.ready && this.link !== null && this.link.send(frame);
  }

  private connect(): void {
    const make = this.options.socket ?? ((url: string) => new WebSocket(url) as unknown as SocketLike);
    try {
      this.link = new Link(make(this.options.url), {
        open: () => void this.hello(),
        frame: (frame) => this.receive(frame),
        closed: () => this.lost(),
      });
    } catch {
      this.lost();
    }
  }

  private async hello(): Promise<void> {
    const link = this.link;
    try {
      const token = await this.options.token?.();
      link?.send(token ? { type: "hello", token } : { type: "hello" });
    } catch {
      link?.close();
    }
  }

  private lost(): void {
    if (!this.ready) this.failures += 1;
    this.ready = false;
    this.link = null;
    if (this.stopped) return;
    const poll = this.poller && this.failures >= FAILED_SOCKETS_BEFORE_POLLING;
    if (poll) this.startPolling();
    else this.setStatus(this.failures > 1 || this.status === "live" ? "offline" : this.status);
    this.timer = setTimeout(() => this.connect(), poll ? SOCKET_RETRY_WHILE_POLLING_MS : backoff(this.failures));
  }

  private startPolling(): void {
    for (const id of this.cursors.keys()) this.poller?.follow(id);
    if (this.cursors.size === 0) this.setStatus("polling");
  }

  private polled(ok: boolean): void {
    if (this.stopped || this.ready) return;
    this.setStatus(ok ? "polling" : "offline");
    if (ok) this.flush();
  }

  private receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "ready":
        return this.becomeReady();
      case "event":
        return this.take(frame.conversation_id, frame.event);
      case "subscribed":
        return this.handlers.onCaughtUp?.(frame.conversation_id);
      case "signal":
        return this.handlers.onSignal?.(frame.conversation_id, frame);
      case "ack":
        return this.outbox.acknowledge(frame);
      case "error":
        return this.fail(frame);
      case "inbox":
        return this.handlers.onInbox?.(frame.item, frame.removed);
      case "pong":
        return;
      default:
        this.handlers.onFrame?.(frame);
    }
  }

  private becomeReady(): void {
    this.ready = true;
    this.failures = 0;
    this.poller?.stop();
    this.setStatus("live");
    for (const id of this.cursors.keys()) this.sendSubscribe(id);
    for (const entry of this.outbox.all()) entry.sentAt = 0;
    this.flush();
  }

  private sendSubscribe(id: string): void {
    this.send({ type: "subscribe", conversation_id: id, after: this.cursors.get(id) ?? 0 });
  }

  private take(id: string, event: Event): void {
    const cursor = this.cursors.get(id);
    if (cursor === undefined || event.seq <= cursor) return;
    if (this.options.gapless && event.seq > cursor + 1) return this.sendSubscribe(id);
    this.cursors.set(id, event.seq);
    this.handlers.onEvent(id, event);
  }

  private takeBatch(id: string, batch: Batch): void {
    for (const event of batch.events) this.take(id, event);
    if (batch.wait) this.handlers.onSignal?.(id, { kind: "wait", data: batch.wait });
    this.handlers.onCaughtUp?.(id);
  }

  private fail(frame: Extract<ServerFrame, { type: "error" }>): void {
    if (frame.client_id) return this.outbox.refuse(frame.client_id, PostRefused.from(frame));
    if (this.ready) return this.handlers.onFrame?.(frame);
    const link = this.link;
    void Promise.resolve(this.handlers.onRefused?.(frame.code)).finally(() => link?.close());
  }

  /** Sends what was never sent, or not acknowledged for 10 s, in order. */
  private flush(): void {
    const now = Date.now();
    for (const entry of this.outbox.all()) {
      if (entry.sentAt && now - entry.sentAt < ACK_MS) continue;
      if (this.ready) {
        entry.sentAt = now;
        this.send({ type: "post", conversation_id: entry.conversationId, ...entry.message });
      } else if (this.status === "polling" && this.options.rest) {
        entry.sentAt = now;
        this.postByRest(entry.conversationId, entry.message, this.options.rest);
      }
    }
  }

  private postByRest(id: string, message: Outgoing, rest: Rest): void {
    rest.post(id, message).then(
      (ack) => this.outbox.acknowledge({ ...ack, client_id: message.client_id, conversation_id: id }),
      (error: unknown) => {
        if (error instanceof PostRefused) this.outbox.refuse(message.client_id, error);
      },
    );
  }

  private setStatus(status: StreamStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.handlers.onStatus?.(status);
  }
}
