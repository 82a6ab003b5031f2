import type { WarmlineChat } from "./element";
import { finePointer, fullScreen } from "./viewport";

const STOPS = "button, summary, textarea, a[href], input:not([type=radio]), input:checked, [tabindex='0']";

/** Where the keyboard is in here: never nowhere because what had it is gone, never on a page that is covered. */
export class Focus {
  private held = false;
  private opener: HTMLElement | null = null;

  constructor(private readonly app: WarmlineChat) {}

  /** A sheet comes up: what opened it gets the focus back. */
  leave(): void {
    this.opener ??= this.active;
  }

  /** The panel opened or closed: a fresh start. */
  begin(): void {
    this.opener = null;
    this.find(this.app.open ? (finePointer() ? "textarea" : "#title") : ".launcher")?.focus();
  }

  /** To the input, where that pushes up no keyboard. */
  toInput(): void {
    void this.app.updateComplete.then(() => finePointer() && this.find("textarea")?.focus());
  }

  /** Before drawing: whether it is in here. */
  before(): void {
    this.held = this.active !== null;
  }

  after(sheetChanged: boolean): void {
    const { app } = this;
    if (sheetChanged && app.sheet) return this.find(".sheet h3")?.focus();
    if (app.open && !this.active && (this.held || sheetChanged)) this.rest();
    if (!app.sheet) this.opener = null;
  }

  /** Over a page that it covers, Tab goes round. */
  turn(event: KeyboardEvent): void {
    if (!fullScreen() || !this.active) return;
    const within = this.find(this.app.sheet ? ".sheet" : ".panel");
    const stops = [...(within?.querySelectorAll<HTMLElement>(STOPS) ?? [])].filter((stop) => stop.getClientRects().length > 0);
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const before = event.shiftKey && (this.active === first || !stops.includes(this.active));
    if (!before && (event.shiftKey || this.active !== last)) return;
    event.preventDefault();
    (before ? last : first)?.focus();
  }

  /** Nothing else claims it: the input, or where touching it would push up a keyboard, the conversation. */
  private rest(): void {
    const place = this.app.sheet ? ".sheet h3" : finePointer() ? "textarea" : ".log";
    const target = !this.app.sheet && this.opener?.isConnected ? this.opener : this.find(place);
    target?.focus({ preventScroll: true });
  }

  private get active(): HTMLElement | null {
    return this.app.shadowRoot?.activeElement as HTMLElement | null ?? null;
  }

  private find(selector: string): HTMLElement | null {
    return this.app.renderRoot?.querySelector<HTMLElement>(selector) ?? null;
  }
}
