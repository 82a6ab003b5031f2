import type { Ack, Outgoing } from "./frames";
import type { ErrorBody } from "./types";

/** The server said no to a message; sending it again unchanged will not help unless `code` is about rate. */
export class PostRefused extends Error {
  constructor(readonly code: string, message: string, readonly fields: Record<string, unknown> = {}) {
    super(message);
  }

  static from(body: ErrorBody): PostRefused {
    return new PostRefused(body.code, body.message, body.fields);
  }
}

export interface Pending {
  conversationId: string;
  message: Outgoing;
  sentAt: number;
  promise: Promise<Ack>;
  resolve(ack: Ack): void;
  reject(error: PostRefused): void;
}

/** What was not acknowledged yet, in the order it was written. The same client_id twice is one entry. */
export class Outbox {
  private readonly pending = new Map<string, Pending>();

  add(conversationId: string, message: Outgoing): Pending {
    const known = this.pending.get(message.client_id);
    if (known) return known;
    const entry = { conversationId, message, sentAt: 0 } as Pending;
    entry.promise = new Promise<Ack>((resolve, reject) => Object.assign(entry, { resolve, reject }));
    this.pending.set(message.client_id, entry);
    return entry;
  }

  acknowledge(ack: Ack): void {
    this.take(ack.client_id)?.resolve(ack);
  }

  refuse(clientId: string, error: PostRefused): void {
    this.take(clientId)?.reject(error);
  }

  has(clientId: string): boolean {
    return this.pending.has(clientId);
  }

  all(): Pending[] {
    return [...this.pending.values()];
  }

  private take(clientId: string): Pending | undefined {
    const entry = this.pending.get(clientId);
    this.pending.delete(clientId);
    return entry;
  }
}
