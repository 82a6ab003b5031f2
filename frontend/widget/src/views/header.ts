import { html, nothing, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { plainName } from "../format";
import type { Key } from "../i18n";
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
  const { word, label, mark } = wayToPerson(app, big);
  return html`<button
    class="human ${big ? "big" : ""} ${mark === "person" ? "" : "calm"}"
    aria-label=${label === word ? nothing : app.t(label)}
    title=${app.t(label)}
    aria-keyshortcuts="Alt+H"
    @click=${() => app.actions.human("button")}
  >
    ${icon(mark)}<span>${app.t(word)}</span>
  </button>`;
}

/** What the button is called, in short and in full: a promise it can keep now. */
function wayToPerson(app: WarmlineChat, big: boolean): { word: Key; label: Key; mark: "person" | "clock" | "check" } {
  const { state, wantsHuman, access } = app.session;
  if (state?.owner === "agent") return { word: big ? "humanHere" : "human", label: "humanHere", mark: "check" };
  if (state?.owner === "queue" || wantsHuman !== null) return { word: "humanWaiting", label: "humanWaiting", mark: "clock" };
  if (state?.owner !== "callback") return { word: big ? "humanElder" : "human", label: big ? "humanElder" : "humanLabel", mark: "person" };
  if (access.isOpen) return { word: big ? "humanNow" : "human", label: big ? "humanNow" : "humanLabel", mark: "person" };
  return { word: big ? "bookedChange" : "booked", label: "bookedChange", mark: "clock" };
}
