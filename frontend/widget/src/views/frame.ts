import { html, nothing, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { fullScreen } from "../viewport";
import { launcher } from "./launcher";
import { panel } from "./panel";

/** The button or the panel. What is announced lies inside: outside of a modal dialog some screen readers hear nothing. */
export function frame(app: WarmlineChat): TemplateResult {
  return html`<div
    role=${app.open ? "dialog" : nothing}
    aria-modal=${app.open && fullScreen() ? "true" : nothing}
    aria-label=${app.open ? app.t("panel", { assistant: app.assistantName }) : nothing}
  >
    ${app.open ? panel(app) : launcher(app)}${app.voice.regions()}
  </div>`;
}
