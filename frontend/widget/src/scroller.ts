const NEAR = 80;
/** So much is left above the beginning of a reply. */
const ABOVE = 12;
/** Messages that come this soon after one another are one reply. */
const TOGETHER_MS = 2_000;

interface Scrolled {
  readonly renderRoot: HTMLElement | DocumentFragment;
  requestUpdate(): void;
}

/** Keeps what is new in view while the customer is at the end, and leaves them alone while they read above. */
export class Scroller {
  /** False while the customer reads further up. */
  atEnd = true;
  private follows = false;
  private toEnd = false;
  private newest: Element | null = null;
  private reply: Element | null = null;
  private repliedAt = 0;

  constructor(private readonly host: Scrolled) {}

  /** To the very end, with the next drawing. */
  follow(): void {
    this.toEnd = true;
    this.host.requestUpdate();
  }

  /** Before drawing: where the customer is. */
  before(): void {
    const log = this.log;
    this.newest = log?.querySelector(".items > li:last-child") ?? null;
    if (log) this.follows = left(log) < NEAR;
  }

  after(): void {
    const log = this.log;
    if (log && this.toEnd) log.scrollTop = log.scrollHeight;
    else if (log && this.follows) this.show(log);
    if (this.toEnd) this.reply = null;
    this.follows = this.toEnd = false;
    this.measure();
  }

  /** Something grew after it was drawn, such as a picture that came. */
  settle(): void {
    if (this.atEnd) this.follow();
  }

  /** The customer scrolled. */
  measure(): void {
    const log = this.log;
    const atEnd = !log || left(log) < NEAR;
    if (atEnd === this.atEnd) return;
    this.atEnd = atEnd;
    this.host.requestUpdate();
  }

  /** The end; of a reply that is taller than the window, its beginning. */
  private show(log: HTMLElement): void {
    const come = this.newest?.nextElementSibling;
    if (come && (!this.reply?.isConnected || Date.now() - this.repliedAt > TOGETHER_MS)) {
      this.reply = come;
      this.repliedAt = Date.now();
    }
    const end = log.scrollHeight - log.clientHeight;
    const start = this.reply?.isConnected ? this.reply.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop - ABOVE : end;
    log.scrollTop = Date.now() - this.repliedAt > TOGETHER_MS ? end : Math.min(end, start);
  }

  private get log(): HTMLElement | null {
    return this.host.renderRoot?.querySelector<HTMLElement>(".log") ?? null;
  }
}

/** How far it is to the end, in px. */
function left(log: HTMLElement): number {
  return log.scrollHeight - log.scrollTop - log.clientHeight;
}
