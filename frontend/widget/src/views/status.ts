import { html, nothing, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { interval, moment } from "../format";
import { icon } from "../icons";

/** While waiting for a person: the place, an honest interval or a date, and what else can be done. */
export function statusCard(app: WarmlineChat): TemplateResult | typeof nothing {
  const { state, wantsHuman } = app.session;
  if (state?.owner === "callback") return callback(app, state.callback_due_at);
  if (state?.owner === "queue" || wantsHuman) return queue(app);
  return nothing;
}

function queue(app: WarmlineChat): TemplateResult {
  const { wait, state } = app.session;
  const { t } = app;
  const ahead = (wait?.position ?? 1) - 1;
  const time = wait && interval(wait, t);
  const due = wait && !time && wait.due_at;
  return html`<section class="wait" aria-label=${t("queueTitle")}>
    <p class="wait-title">${icon("clock")}${t("queueTitle")}</p>
    ${wait
      ? html`<p class="wait-fact">
          <strong>${ahead > 0 ? t("ahead", { n: ahead }) : t("next")}</strong>
          ${time ? html`<span>${time}</span>` : nothing}
          ${due ? html`<span>${t("dueBy", { time: moment(due, app.promised) })}</span>` : nothing}
        </p>`
      : nothing}
    <p class="wait-note">${t("queueKept")}</p>
    ${state?.owner === "queue" ? html`<div class="row">${callbackButton(app, "bookCallback")} ${cancelButton(app)}</div>` : nothing}
  </section>`;
}

function callback(app: WarmlineChat, due: string | null): TemplateResult {
  const { t } = app;
  const time = due ? moment(due, app.promised) : "";
  const open = app.session.access.isOpen;
  // In elder mode the big button leads to what can be done, and the words keep the room.
  const elder = app.inElderMode();
  return html`<section class="wait" aria-label=${t("callbackTitle", { time })}>
    <p class="wait-fact">${icon("clock")}<strong>${t("callbackTitle", { time })}</strong></p>
    <p class="wait-note">${t("callbackBody")}</p>
    ${elder && !open
      ? nothing
      : html`<div class="row">
          ${open && app.canAskHuman && !elder ? humanNow(app) : nothing} ${callbackButton(app, "changeCallback")} ${cancelButton(app)}
        </div>`}
  </section>`;
}

function callbackButton(app: WarmlineChat, key: "bookCallback" | "changeCallback"): TemplateResult {
  return html`<button class="second" @click=${() => app.actions.openCallback()}>${app.t(key)}</button>`;
}

function humanNow(app: WarmlineChat): TemplateResult {
  return html`<button class="primary" @click=${() => app.actions.human("button")}>${app.t("humanNow")}</button>`;
}

function cancelButton(app: WarmlineChat): TemplateResult {
  return html`<button class="quiet" @click=${() => app.show("return")}>${app.t("cancelWait")}</button>`;
}
