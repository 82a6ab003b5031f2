import { backoff } from "./backoff";
import type { Ack, Outgoing } from "./frames";
import type { Batch } from "./types";

/** The REST calls that stand in for the socket on networks that block it. */
export interface Rest {
  events(conversationId: string, after: number, waitSeconds: number, signal: AbortSignal): Promise<Batch>;
  post(conversationId: string, message: Outgoing): Promise<Ack>;
  read?(conversationId: string, upTo: number): Promise<unknown>;
}

export interface PollHandlers {
  cursor(conversationId: string): number;
  batch(conversationId: string, batch: Batch): void;
  /** After every poll: whether the server could be reached. */
  reached(ok: boolean): void;
}

const WAIT_SECONDS = 25;

/** Long-polls each conversation that it was told to follow, until stopped. */
export class Poller {
  private readonly running = new Map<string, AbortController>();

  constructor(private readonly rest: Rest, private readonly handlers: PollHandlers) {}

  follow(conversationId: string): void {
    if (this.running.has(conversationId)) return;
    const abort = new AbortController();
    this.running.set(conversationId, abort);
    void this.loop(conversationId, abort.signal);
  }

  unfollow(conversationId: string): void {
    this.running.get(conversationId)?.abort();
    this.running.delete(conversationId);
  }

  stop(): void {
    for (const id of [...this.running.keys()]) this.unfollow(id);
  }

  private async loop(id: string, signal: AbortSignal): Promise<void> {
    let failures = 0;
    let first = true;
    while (!signal.aborted) {
      try {
        const batch = await this.rest.events(id, this.handlers.cursor(id), first ? 0 : WAIT_SECONDS, signal);
        if (signal.aborted) return;
        failures = 0;
        first = false;
        this.handlers.batch(id, batch);
        this.handlers.reached(true);
      } catch {
        if (signal.aborted) return;
        this.handlers.reached(false);
        await pause(backoff(failures++), signal);
      }
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
