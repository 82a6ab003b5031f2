import { html, nothing, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { clock, day, moment, zoneName } from "../format";
import { LOCALE_NAMES, LOCALES, type Key } from "../i18n";
import { icon } from "../icons";
import type { Theme } from "../store";

/** What lies over the conversation: settings, callback times, a question to confirm. */
export function sheet(app: WarmlineChat): TemplateResult | typeof nothing {
  switch (app.sheet) {
    case "settings":
      return frame(app, app.t("settings"), settings(app));
    case "booked":
      return frame(app, app.t("callbackTitle", { time: dueTime(app) }), booked(app));
    case "callback":
      return frame(app, app.t("callbackSheet"), times(app));
    case "return":
      return frame(app, app.t("cancelAsk"), confirm(app, "cancelBody", "cancelYes", "cancelNo", () => app.actions.returnToAssistant()));
    case "end":
      return frame(app, app.t("endAsk"), confirm(app, "endBody", "endYes", "endNo", () => app.actions.end()));
    default:
      return nothing;
  }
}

function frame(app: WarmlineChat, title: string, content: TemplateResult): TemplateResult {
  return html`<div class="veil" @click=${() => app.hideSheet()}></div>
    <section class="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title">
      <div class="sheet-head">
        <h3 id="sheet-title" tabindex="-1">${title}</h3>
        <button class="icon" aria-label=${app.t("back")} title=${app.t("back")} @click=${() => app.hideSheet()}>${icon("close")}</button>
      </div>
      ${content}
    </section>`;
}

function confirm(app: WarmlineChat, body: Key, yes: Key, no: Key, run: () => void): TemplateResult {
  return html`<p>${app.t(body)}</p>
    <div class="stack">
      <button class="primary" @click=${() => app.hideSheet()}>${app.t(no)}</button>
      <button class="second" @click=${run}>${app.t(yes)}</button>
    </div>`;
}

/** A person was asked for once more and none is there: what holds, and what can be changed about it. */
function booked(app: WarmlineChat): TemplateResult {
  return html`<p>${app.t(app.session.access.isOpen ? "bookedNobody" : "bookedClosed")}</p>
    <div class="stack">
      <button class="primary" @click=${() => app.hideSheet()}>${app.t("done")}</button>
      <button class="second" @click=${() => app.actions.openCallback()}>${app.t("changeCallback")}</button>
      <button class="quiet" @click=${() => app.show("return")}>${app.t("cancelWait")}</button>
    </div>`;
}

function dueTime(app: WarmlineChat): string {
  const due = app.session.state?.callback_due_at;
  return due ? moment(due, app.promised) : "";
}

function times(app: WarmlineChat): TemplateResult {
  if (app.times === null) return html`<p class="going">${app.t("loading")}</p>`;
  if (app.times === "failed" || app.times.length === 0) return html`<p>${app.t(app.times === "failed" ? "error" : "callbackNone")}</p>`;
  const days = new Map<string, string[]>();
  for (const at of app.times) {
    const name = day(at, app.promised);
    days.set(name, [...(days.get(name) ?? []), at]);
  }
  const zone = zoneName(app.times[0] ?? "", app.promised);
  return html`<div class="times">
    ${zone ? html`<p class="wait-note">${zone}</p>` : nothing}
    ${[...days].map(
      ([name, all]) => html`<h4>${name}</h4>
        <div class="slots" role="group" aria-label=${name}>
          ${all.map((at) => html`<button class="second slot" aria-label="${name} ${clock(at, app.promised)}" @click=${() => app.actions.bookCallback(at)}>${clock(at, app.promised)}</button>`)}
        </div>`,
    )}
  </div>`;
}

function settings(app: WarmlineChat): TemplateResult {
  const { t } = app;
  const elder = app.inElderMode();
  const themes: [Theme, Key][] = [["auto", "themeAuto"], ["light", "themeLight"], ["dark", "themeDark"]];
  const ended = !app.session.state || app.session.state.owner === "closed";
  const { unfelt } = app.preferences;
  return html`${toggle(app, elder, "elder", "elderHint", () => app.actions.choose({ elder: !elder }))}
    ${toggle(app, !unfelt, "feeling", "feelingHint", () => app.actions.choose({ unfelt: !unfelt }))}
    ${radios(t("language"), LOCALES.map((one) => ({ on: one === app.currentLocale(), label: LOCALE_NAMES[one], lang: one, pick: () => app.actions.choose({ locale: one }) })))}
    ${radios(t("theme"), themes.map(([one, key]) => ({ on: one === app.preferences.theme, label: t(key), lang: "", pick: () => app.actions.choose({ theme: one }) })))}
    ${ended ? nothing : html`<button class="quiet end" @click=${() => app.show("end")}>${t("endTitle")}</button>`}`;
}

function toggle(app: WarmlineChat, on: boolean, name: Key, hint: Key, flip: () => void): TemplateResult {
  return html`<button class="switch" role="switch" aria-checked=${on ? "true" : "false"} @click=${flip}>
    <span><b>${app.t(name)}</b><small>${app.t(hint)}</small></span>
    <span class="knob"><span>${app.t(on ? "on" : "off")}</span></span>
  </button>`;
}

interface Option {
  on: boolean;
  label: string;
  lang: string;
  pick: () => void;
}

function radios(title: string, options: Option[]): TemplateResult {
  return html`<fieldset>
    <legend>${title}</legend>
    <div class="segments">
      ${options.map(
        (one) => html`<label lang=${one.lang || nothing}><input class="sr" type="radio" name=${title} .checked=${one.on} @change=${one.pick} /><span>${one.label}</span></label>`,
      )}
    </div>
  </fieldset>`;
}
