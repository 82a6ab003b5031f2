import { html, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import { banner } from "./banner";
import { composer } from "./composer";
import { header } from "./header";
import { log } from "./log";
import { sheet } from "./sheets";
import { statusCard } from "./status";

/** The open conversation: a window on large screens, the whole screen on phones. */
export function panel(app: WarmlineChat): TemplateResult {
  return html`<section class="panel">
    <div class="body" ?inert=${Boolean(app.sheet)}>
      ${header(app)} ${banner(app)} ${statusCard(app)} ${log(app)} ${composer(app)}
    </div>
    ${sheet(app)}
  </section>`;
}
