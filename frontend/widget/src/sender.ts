import { backoff } from "../../shared/backoff";
import { PostRefused } from "../../shared/outbox";
import type { Ack, Outgoing } from "../../shared/frames";
import type { Attachment } from "../../shared/types";
import { ApiError } from "./api";
import { newId, type Store } from "./store";
import type { PendingMessage } from "./timeline";

const LATE_MS = 8_000;
const PASSING = new Set(["busy", "unavailable", "unauthenticated", "identity_lapsed"]);

export interface Post {
  (message: Outgoing): Promise<Ack>;
}

/** Messages from being written to being in the log; kept in the browser until acknowledged. */
export class Sender {
  pending: PendingMessage[] = [];
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: () => Store, private readonly post: Post, private readonly changed: () => void) {}

  /** Takes up what an earlier page left unsent. */
  restore(): void {
    this.pending = this.store().outbox.map((kept) => ({ ...kept, state: "sending" }));
    for (const message of this.pending) void this.deliver(message);
  }

  say(text: string, attachments: Attachment[]): void {
    const at = new Date().toISOString();
    const message: PendingMessage = { client_id: newId(), text, attachments, at, state: "sending" };
    this.pending = [...this.pending, message];
    this.store().keep(message);
    void this.deliver(message);
  }

  retry(clientId: string): void {
    const message = this.pending.find((one) => one.client_id === clientId);
    if (message) void this.deliver(message);
  }

  /** Gives up a message that was not sent; also when its event is in the log. */
  drop(clientId: string): void {
    this.store().drop(clientId);
    this.pending = this.pending.filter((message) => message.client_id !== clientId);
    this.changed();
  }

  /** The network is back: everything that is late goes out now. */
  retryLate(): void {
    clearTimeout(this.timer);
    for (const message of this.pending) if (message.state === "late") void this.deliver(message);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async deliver(message: PendingMessage): Promise<void> {
    this.mark(message, "sending");
    const late = setTimeout(() => message.state === "sending" && this.mark(message, "late"), LATE_MS);
    try {
      const { client_id, text } = message;
      const ids = message.attachments.map((file) => file.id);
      await this.post({ client_id, text, ...(ids.length ? { attachments: ids } : {}) });
      this.tries = 0;
      this.store().drop(client_id);
      this.mark(message, "sent");
    } catch (error) {
      this.failed(message, error);
    } finally {
      clearTimeout(late);
    }
  }

  private failed(message: PendingMessage, error: unknown): void {
    const code = error instanceof PostRefused || error instanceof ApiError ? error.code : "";
    const passing = error instanceof ApiError ? error.status === 0 || error.status >= 429 : PASSING.has(code);
    if (passing) {
      this.mark(message, "late");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.retryLate(), backoff(this.tries++));
    } else {
      message.reason = error instanceof Error ? error.message : "";
      this.mark(message, "failed");
    }
  }

  private mark(message: PendingMessage, state: PendingMessage["state"]): void {
    message.state = state;
    this.changed();
  }
}
