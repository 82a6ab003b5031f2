import { html, nothing, type TemplateResult } from "lit";
import type { WarmlineChat } from "../element";
import type { Key } from "../i18n";
import { icon } from "../icons";

/** One line under the header when something is in the way. */
export function banner(app: WarmlineChat): TemplateResult | typeof nothing {
  const key = problem(app);
  return key ? html`<p class="banner" role="status">${icon("alert")}<span>${app.t(key)}</span></p>` : nothing;
}

function problem(app: WarmlineChat): Key | null {
  const { session } = app;
  if (session.access.lapsed) return "lapsed";
  const cut = session.status === "offline" || session.unreachable;
  if (cut && session.wantsHuman) return "humanOffline";
  if (session.status === "offline") return "reconnecting";
  return session.unreachable ? "loadFailed" : null;
}
