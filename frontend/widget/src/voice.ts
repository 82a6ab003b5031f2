import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Event, Wait } from "../../shared/types";
import { Announcer } from "./announcer";
import type { WarmlineChat } from "./element";
import { moment, waitText } from "./format";
import { speakerOf, spokenText } from "./spoken";

/** What a screen reader hears: each message once with its speaker, and where the customer stands when it changes. */
export class Voice {
  private log = new Announcer();
  private status = new Announcer();
  private said = 0;

  constructor(private readonly app: WarmlineChat) {}

  /** Another person is here: what was said is not theirs, and their events start at seq 1 again. */
  clear(): void {
    this.log = new Announcer();
    this.status = new Announcer();
  }

  /** An event that came while the page is open. */
  hear(event: Event): void {
    const { t, assistantName } = this.app;
    const { payload } = event;
    if (payload.type === "message.posted") {
      const { name } = speakerOf(event, assistantName, t);
      this.log.say(payload.client_id || String(event.seq), `${name}: ${spokenText(payload, t)}`);
    } else if (payload.type === "recap.proposed") {
      this.log.say(`recap-${event.seq}`, `${t("recapTitle")}: ${payload.text ?? t("erased")}`);
    } else if (payload.type === "conversation.closed") {
      this.log.say(`closed-${event.seq}`, t("closed"));
    }
  }

  /** Says it once; the same words again are a new announcement. */
  announce(text: string): void {
    this.status.say(String(++this.said), text);
  }

  /** The place in the queue, when its words changed. */
  waited(wait: Wait): void {
    const text = waitText(wait, this.app.promised);
    if (this.status.lines[this.status.lines.length - 1]?.text !== text) this.announce(text);
  }

  /** Where the customer stands, on request. */
  sayStatus(): void {
    const { session, t } = this.app;
    const { state, wait } = session;
    const due = state?.callback_due_at;
    if (due) this.announce(t("callbackTitle", { time: moment(due, this.app.promised) }));
    else if (state?.owner === "agent") this.announce(`${t("humanHere")} ${state.agent_name ?? ""}`);
    else this.announce(wait && (state?.owner === "queue" || !session.wantsHuman) ? waitText(wait, this.app.promised) : t("queueTitle"));
  }

  regions(): TemplateResult {
    // Keyed: a line that moved up is not said again, and the same words anew are.
    const lines = (all: Announcer["lines"]) => repeat(all, (line) => line.key, (line) => html`<p>${line.text}</p>`);
    return html`<div class="sr" role="log" aria-live="polite" aria-label=${this.app.t("log")}>${lines(this.log.lines)}</div>
      <div class="sr" role="status">${lines(this.status.lines.slice(-1))}</div>`;
  }
}
