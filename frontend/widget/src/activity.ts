const TYPING_SHOWN_MS = 5_000;
const THINKING_SHOWN_MS = 12_000;

/** What the other side is doing now, from signals that may be lost: it fades by itself. */
export class Activity {
  thinking = false;
  /** Who is typing; empty when the name is not known. */
  typingName: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly changed: () => void) {}

  typing(name: string): void {
    this.typingName = name;
    this.fade(TYPING_SHOWN_MS);
  }

  looking(): void {
    this.thinking = true;
    this.fade(THINKING_SHOWN_MS);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.thinking = false;
    this.typingName = null;
  }

  private fade(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.clear();
      this.changed();
    }, ms);
  }
}
