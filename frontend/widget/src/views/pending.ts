import { html, nothing, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { size } from "../format";
import { icon } from "../icons";
import type { PendingMessage } from "../timeline";

/** A message on its way: sending, late or failed, said in words, with what can be done. */
export function pending(app: WarmlineChat, message: PendingMessage): TemplateResult {
  const { t } = app;
  const { state, client_id } = message;
  return html`<li class="turn own first waiting">
    <div class="said">
      <p class="speaker sr">${t("you")}</p>
      ${message.text ? html`<div class="bubble"><p class="plain" dir="auto">${message.text}</p></div>` : nothing}
      ${message.attachments.map((file) => html`<p class="file">${icon("file")}<bdi>${file.name}</bdi><small>${size(file.size)}</small></p>`)}
      <p class="meta" role=${state === "failed" ? "alert" : nothing}>
        ${state === "failed" || state === "late" ? icon("alert") : nothing}
        <span>${t(state)}${state === "failed" && message.reason ? html` · ${message.reason}` : nothing}</span>
        ${state === "failed" || state === "late"
          ? html`<button class="link" @click=${() => app.session.sender.retry(client_id)}>${t("retry")}</button>`
          : nothing}
        ${state === "failed"
          ? html`<button class="link" @click=${() => app.session.sender.drop(client_id)}>${t("discard")}</button>`
          : nothing}
      </p>
    </div>
  </li>`;
}
