import { html, nothing, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { plainName } from "../format";
import { assistantMark, icon } from "../icons";
import { fullScreen } from "../viewport";

/** Who is speaking, and the way to a person: always here. */
export function header(app: WarmlineChat): TemplateResult {
  const { state } = app.session;
  const agent = state?.owner === "agent" ? plainName(state.agent_name ?? "") || app.t("person") : null;
  return html`<div class="head">
    ${agent ? avatar(agent) : assistantMark()}
    <div class="who">
      <h2 id="title" tabindex="-1"><bdi>${agent ?? app.assistantName}</bdi>${agent ? nothing : ` · ${app.t("ai")}`}</h2>
      <p class="sub">${app.t(agent ? "personTag" : "aiTag")}</p>
    </div>
    ${humanButton(app)}
    <button class="icon" title=${app.t("settings")} aria-label=${app.t("settings")} @click=${() => app.show("settings")}>
      ${icon("gear")}
    </button>
    <button class="icon" title=${app.t("close")} aria-label=${app.t("close")} @click=${() => (app.open = false)}>
      ${icon(fullScreen() ? "down" : "close")}
    </button>
  </div>`;
}

/** A person's mark: the first character of the name. */
export function avatar(name: string): TemplateResult {
  return html`<span class="avatar" aria-hidden="true">${[...name][0] ?? ""}</span>`;
}

/** Says in words what it does or what already holds. */
export function humanButton(app: WarmlineChat, big = false): TemplateResult {
  const owner = app.session.state?.owner;
  const calm = owner === "agent" || owner === "queue" || app.session.wantsHuman !== null;
  const here = owner === "agent";
  const word = calm && !here ? "humanWaiting" : big ? (here ? "humanHere" : "humanElder") : "human";
  const label = big || (calm && !here) ? nothing : app.t(here ? "humanHere" : "humanLabel");
  return html`<button
    class="human ${big ? "big" : ""} ${calm ? "calm" : ""}"
    aria-label=${label}
    title=${app.t("humanLabel")}
    aria-keyshortcuts="Alt+H"
    @click=${() => app.actions.human("button")}
  >
    ${icon(here ? "check" : calm ? "clock" : "person")}<span>${app.t(word)}</span>
  </button>`;
}
