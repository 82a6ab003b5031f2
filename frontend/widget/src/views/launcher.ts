import { html, nothing, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { icon } from "../icons";

/** The button on the bank's page; it tells how many new messages wait. */
export function launcher(app: WarmlineChat): TemplateResult {
  const unread = app.session.unread;
  const label = app.t(app.inElderMode() ? "launcherElder" : "launcher");
  return html`<button class="launcher" aria-expanded="false" @click=${() => (app.open = true)}>
    ${icon("chat")}<span>${label}</span>
    ${unread ? html`<b class="badge"><span aria-hidden="true">${unread}</span><span class="sr">${app.t("unread", { n: unread })}</span></b>` : nothing}
  </button>`;
}
