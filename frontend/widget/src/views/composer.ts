import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { WarmlineChat } from "../element";
import { plainName, size } from "../format";
import { icon } from "../icons";
import { onInputKey } from "../keys";
import { ACCEPT, type Upload } from "../uploads";
import { humanButton } from "./header";

/** Where the customer writes: files, text, send; in elder mode the way to a person, huge. */
export function composer(app: WarmlineChat): TemplateResult {
  const ready = (app.draft.trim() !== "" || app.tray.items.some((item) => item.attachment)) && !app.tray.busy;
  return html`<div class="foot">
    ${notice(app)}
    ${app.tray.items.length ? html`<ul class="tray">${app.tray.items.map((item) => chip(app, item))}</ul>` : nothing}
    <form class="compose" @submit=${(event: Event) => (event.preventDefault(), app.actions.send())}>
      <label class="icon attach" title=${app.t("attach")}>
        ${icon("clip")}<span class="sr">${app.t("attach")}</span>
        <input class="sr" type="file" multiple accept=${ACCEPT} @change=${(event: Event) => pick(app, event)} />
      </label>
      ${input(app)}
      <button class="send ${ready ? "" : "off"}" aria-disabled=${ready ? nothing : "true"} aria-label=${app.t("send")} title=${app.t("send")}>
        ${icon("send")}
      </button>
    </form>
    ${app.inElderMode() ? humanButton(app, true) : html`<p class="hint" id="hint">${app.t("shortcut", { zero: "0", alt: "Alt+H" })}</p>`}
  </div>`;
}

function input(app: WarmlineChat): TemplateResult {
  const label = prompt(app);
  return html`<div class="grow" data-text=${`${app.draft || label}\u200b`}>
    <textarea
      rows="1"
      maxlength="20000"
      dir="auto"
      enterkeyhint="send"
      aria-label=${label}
      aria-keyshortcuts="0"
      placeholder=${label}
      .value=${live(app.draft)}
      @input=${(event: Event) => write(app, (event.target as HTMLTextAreaElement).value)}
      @keydown=${(event: KeyboardEvent) => onInputKey(app, event)}
      @paste=${(event: ClipboardEvent) => paste(app, event)}
    ></textarea>
  </div>`;
}

function prompt(app: WarmlineChat): string {
  const { state, wantsHuman } = app.session;
  if (state?.owner === "agent") return app.t("inputAgent", { name: plainName(state.agent_name ?? "") || app.t("person") });
  if (state?.owner === "closed") return app.t("inputClosed");
  return app.t(app.session.known.waiting || wantsHuman ? "inputQueue" : "input");
}

function write(app: WarmlineChat, text: string): void {
  app.setDraft(text);
  if (text) app.session.typing();
}

function pick(app: WarmlineChat, event: Event): void {
  const field = event.target as HTMLInputElement;
  app.notice = null;
  app.tray.add(field.files ?? []);
  field.value = "";
}

function paste(app: WarmlineChat, event: ClipboardEvent): void {
  const pasted = [...(event.clipboardData?.files ?? [])];
  if (pasted.length === 0) return;
  event.preventDefault();
  app.tray.add(pasted);
}

function chip(app: WarmlineChat, item: Upload): TemplateResult {
  const name = plainName(item.file.name);
  const words = { uploading: app.t("uploading", { n: item.progress }), done: size(item.file.size), failed: item.reason || app.t("failed") };
  return html`<li class="chip ${item.state}">
    ${item.preview && item.state !== "failed" ? html`<img src=${item.preview} alt="" />` : icon("file")}
    <span class="chip-text"><bdi>${name}</bdi><small role=${item.state === "failed" ? "alert" : nothing}>${words[item.state]}</small></span>
    ${item.state === "uploading" ? html`<progress max="100" value=${item.progress} aria-label=${name}></progress>` : nothing}
    ${item.state === "failed" && !item.reason ? html`<button class="link" @click=${() => app.tray.retry(item)}>${app.t("retry")}</button>` : nothing}
    <button class="icon small" aria-label=${app.t("remove", { name })} @click=${() => app.tray.remove(item)}>${icon("close")}</button>
  </li>`;
}

function notice(app: WarmlineChat): TemplateResult | typeof nothing {
  if (!app.notice) return nothing;
  const close = () => {
    app.notice = null;
    app.requestUpdate();
  };
  return html`<p class="notice">
    ${icon("alert")}<span>${app.notice}</span>
    <button class="icon small" aria-label=${app.t("close")} @click=${close}>${icon("close")}</button>
  </p>`;
}
