import { html, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { icon } from "../icons";
import { speakerOf } from "../spoken";
import type { Item } from "../timeline";

/** What was agreed, for the customer's yes or no. */
export function recap(app: WarmlineChat, item: Extract<Item, { kind: "recap" }>): TemplateResult {
  const { t } = app;
  const { payload, agreed } = item;
  return html`<li class="recap">
    <p class="speaker"><bdi>${speakerOf(item.event, app.assistantName, t).name}</bdi> · ${t("recapTitle")}</p>
    <p class="plain ${payload.erased ? "erased" : ""}" dir="auto">${payload.erased ? t("erased") : payload.text}</p>
    ${agreed === null
      ? html`<p class="ask">${t("recapAsk")}</p>
          <div class="row">
            <button class="primary" @click=${() => app.actions.answerRecap(true)}>${t("recapYes")}</button>
            <button class="second" @click=${() => app.actions.answerRecap(false)}>${t("recapNo")}</button>
          </div>`
      : html`<p class="answered ${agreed ? "well" : ""}">${icon(agreed ? "check" : "alert")}${t(agreed ? "recapAgreed" : "recapDenied")}</p>`}
  </li>`;
}
