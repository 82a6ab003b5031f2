const NEAR = 80;

interface Scrolled {
  readonly renderRoot: HTMLElement | DocumentFragment;
  requestUpdate(): void;
}

/** Keeps the newest line in view while the customer is at the end, and leaves them alone while they read above. */
export class Scroller {
  /** False while the customer reads further up. */
  atEnd = true;
  private follows = false;

  constructor(private readonly host: Scrolled) {}

  follow(): void {
    this.follows = true;
    this.host.requestUpdate();
  }

  /** Before drawing: where the customer is. */
  before(): void {
    const log = this.log;
    if (log) this.follows ||= log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  }

  after(): void {
    const log = this.log;
    if (log && this.follows) log.scrollTop = log.scrollHeight;
    this.follows = false;
    this.measure();
  }

  /** Something grew after it was drawn, such as a picture that came. */
  settle(): void {
    if (this.atEnd) this.follow();
  }

  /** The customer scrolled. */
  measure(): void {
    const log = this.log;
    const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    if (atEnd === this.atEnd) return;
    this.atEnd = atEnd;
    this.host.requestUpdate();
  }

  private get log(): HTMLElement | null {
    return this.host.renderRoot?.querySelector<HTMLElement>(".log") ?? null;
  }
}
