import { html, nothing, type TemplateResult } from "lit";
import type { Attachment } from "../../../shared/types";
import type { WarmlineChat } from "../element";
import { plainName, size } from "../format";
import { icon } from "../icons";

/** Attachments of a message: images shown, everything offered for saving. */
export function files(app: WarmlineChat, attachments: readonly Attachment[]): TemplateResult | typeof nothing {
  return attachments.length ? html`<div class="files">${attachments.map((file) => one(app, file))}</div>` : nothing;
}

function one(app: WarmlineChat, file: Attachment): TemplateResult {
  const name = plainName(file.name);
  const url = file.media_type.startsWith("image/") ? app.media.image(file) : null;
  const save = () => void app.media.download(file).catch(() => app.warn(app.t("error")));
  const shown = url
    ? html`<img src=${url} alt=${app.t("image", { name })} @load=${() => app.scroller.settle()} />`
    : html`${icon("file")}<bdi>${name}</bdi><small>${size(file.size)}</small>`;
  return html`<button class="file ${url ? "picture" : ""}" aria-label=${app.t("download", { name })} @click=${save}>${shown}</button>`;
}
