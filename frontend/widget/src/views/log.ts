import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { WarmlineChat } from "../element";
import { clock, day, moment } from "../format";
import { assistantMark, icon } from "../icons";
import { last } from "../last";
import { speakerOf } from "../spoken";
import { timeline, type Item } from "../timeline";
import { message, type Placed } from "./message";
import { pending } from "./pending";
import { recap } from "./recap";

/** The conversation: opening line, messages, what is going on now. */
export function log(app: WarmlineChat): TemplateResult {
  const items = timeline(app.session.events, app.session.sender.pending);
  const ownLast = last(items, (item) => item.kind === "message" && item.own);
  return html`<div class="log-box">
    <div class="log" tabindex="0" role="region" aria-label=${app.t("log")} @scroll=${() => app.scroller.measure()}>
      ${opening(app, items.length === 0)}
      <ol class="items">
        ${repeat(items, (item) => item.key, (item, n) => entry(app, item, items[n - 1], ownLast))}
      </ol>
      ${app.session.loading ? html`<p class="going">${app.t("loading")}</p>` : nothing} ${going(app)}
    </div>
    ${app.scroller.atEnd || items.length === 0
      ? nothing
      : html`<button class="newest" @click=${() => app.scroller.follow()}>${icon("down")}${app.t("newMessages")}</button>`}
  </div>`;
}

function entry(app: WarmlineChat, item: Item, before: Item | undefined, ownLast: Item | undefined): TemplateResult {
  switch (item.kind) {
    case "day":
      return html`<li class="day"><time datetime=${item.at}>${day(item.at, app.telling)}</time></li>`;
    case "pending":
      return pending(app, item.message);
    case "recap":
      return recap(app, item);
    case "closed":
      return html`<li class="note"><p>${app.t("closed")}</p><time>${clock(item.event.at, app.telling)}</time></li>`;
    case "message":
      return message(app, place(app, item, before, ownLast));
  }
}

function place(app: WarmlineChat, item: Placed["item"], before: Item | undefined, ownLast: Item | undefined): Placed {
  const speaker = speakerOf(item.event, app.assistantName, app.t);
  const earlier = before?.kind === "message" ? speakerOf(before.event, app.assistantName, app.t) : null;
  const first = earlier?.kind !== speaker.kind || earlier.name !== speaker.name;
  const latest = ownLast?.kind !== "message" || item.event.seq > ownLast.event.seq;
  return { item, speaker, first, latest, ownLast: item === ownLast };
}

/** Before the first message: an AI, what it can do, and how to reach a person. */
function opening(app: WarmlineChat, empty: boolean): TemplateResult {
  const { t } = app;
  const starters = t("starters").split("|");
  const lines = t(app.inElderMode() ? "openingElder" : "opening", { assistant: app.assistantName }).split("|");
  const hours = app.session.access.about?.hours;
  // Nobody is promised at once while everybody is at home.
  if (hours && !hours.open && hours.opens_at) lines[1] = t("openingClosed", { time: moment(hours.opens_at, app.promised) });
  return html`<div class="opening">
    <div class="turn assistant">
      ${assistantMark()}
      <div class="said">
        <p class="speaker">${app.assistantName} · ${t("ai")}</p>
        <div class="bubble">
          ${lines.map((line) => html`<p>${line}</p>`)}
        </div>
        ${empty && !app.session.loading
          ? html`<div class="choices" role="group" aria-label=${t("startersLabel")}>
              ${starters.map((text) => html`<button class="choice" @click=${() => app.actions.say(text)}>${text}</button>`)}
            </div>`
          : nothing}
      </div>
    </div>
  </div>`;
}

function going(app: WarmlineChat): TemplateResult | typeof nothing {
  const { thinking, typingName } = app.session.activity;
  const text = typingName !== null ? app.t("typing", { name: typingName || app.t("person") }) : thinking ? app.t("thinking") : "";
  return text ? html`<p class="going"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${text}</p>` : nothing;
}
