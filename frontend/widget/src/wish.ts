import { ApiError } from "./api";

export type Via = "button" | "key";

const AGAIN_MS = 3_000;

/** The customer's wish for a person, kept until the server knows it: a broken network only delays it. */
export class HumanWish {
  /** Asked for, and the server does not know yet. */
  via: Via | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (via: Via) => Promise<void>, private readonly changed: () => void) {}

  /** Resolves when the server knows, or when it could not be reached and is asked again later. */
  async ask(via: Via): Promise<void> {
    clearTimeout(this.timer);
    this.via = via;
    this.changed();
    try {
      await this.send(via);
      this.via = null;
    } catch (error) {
      const passing = error instanceof ApiError && (error.status === 0 || error.status >= 429);
      if (!passing) {
        this.via = null;
        throw error;
      }
      this.timer = setTimeout(() => this.again(), AGAIN_MS);
    } finally {
      this.changed();
    }
  }

  /** The network may be back. */
  again(): void {
    if (this.via) void this.ask(this.via).catch(() => undefined);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.via = null;
  }
}
