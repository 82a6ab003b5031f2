import { html, nothing, type TemplateResult } from "lit";
import type { MessagePosted } from "../../../shared/types";
import type { WarmlineChat } from "../element";
import { clock } from "../format";
import { assistantMark, icon } from "../icons";
import { canSpeak } from "../speech";
import type { Speaker } from "../spoken";
import type { Item } from "../timeline";
import { files } from "./files";
import { avatar } from "./header";
import { markdown } from "./markdown";

export interface Placed {
  item: Extract<Item, { kind: "message" }>;
  speaker: Speaker;
  /** The first of a run by the same speaker. */
  first: boolean;
  ownLast: boolean;
  /** The customer has said nothing since. */
  latest: boolean;
}

/** One message with who said it and what can be done about it. */
export function message(app: WarmlineChat, placed: Placed): TemplateResult {
  const { item, speaker, first } = placed;
  // What an article says is no mere notice, whoever says it.
  if (speaker.kind === "system" && !item.payload.sources?.length) return systemNote(app, placed);
  const mark = speaker.kind === "assistant" ? assistantMark() : speaker.kind === "person" ? avatar(speaker.name) : nothing;
  return html`<li class="turn ${speaker.kind} ${first ? "first" : ""}">
    ${first ? mark : nothing}
    <div class="said">
      <p class="speaker ${first && speaker.kind !== "own" ? "" : "sr"}">
        <bdi>${speaker.name}</bdi>${speaker.kind === "person" ? html`<span class="tag person">${app.t("person")}</span>` : nothing}
      </p>
      ${words(app, item.payload)} ${files(app, item.payload.attachments ?? [])} ${below(app, placed)}
    </div>
  </li>`;
}

function words(app: WarmlineChat, payload: MessagePosted): TemplateResult | typeof nothing {
  if (payload.erased) return html`<div class="bubble erased"><p>${app.t("erased")}</p></div>`;
  if (!payload.text) return nothing;
  const text = payload.format === "markdown" ? markdown(payload.text) : html`<p class="plain" dir="auto">${payload.text}</p>`;
  return html`<div class="bubble">${text}${sources(app, payload)}</div>`;
}

function below(app: WarmlineChat, { item, speaker, ownLast, latest }: Placed): TemplateResult {
  const time = html`<time datetime=${item.event.at}>${clock(item.event.at, app.telling)}</time>`;
  if (speaker.kind === "own") return html`<p class="meta">${time}${ownLast ? receipt(app, item.event.seq) : nothing}</p>`;
  return html`${choices(app, item.payload)} ${offer(app, item.payload, latest)}
    <div class="meta">${time}${speaker.kind === "assistant" ? thumbs(app, item) : nothing}${reader(app, item)}</div>`;
}

function receipt(app: WarmlineChat, seq: number): TemplateResult {
  const read = (app.session.state?.staff_read_seq ?? 0) >= seq;
  return html`<span class="receipt">${icon("check")}${app.t(read ? "read" : "sent")}</span>`;
}

function sources(app: WarmlineChat, payload: MessagePosted): TemplateResult | typeof nothing {
  const found = payload.sources ?? [];
  if (found.length === 0) return nothing;
  return html`<details class="sources">
    <summary>${icon("down")}${app.t("sources", { n: found.length })}</summary>
    <ul>
      ${found.map((source) => html`<li><bdi>${source.question}</bdi></li>`)}
    </ul>
  </details>`;
}

function choices(app: WarmlineChat, payload: MessagePosted): TemplateResult | typeof nothing {
  const offered = payload.choices ?? [];
  if (offered.length === 0 || (app.session.state?.owner ?? "assistant") !== "assistant") return nothing;
  return html`<div class="choices" role="group" aria-label=${app.t("choices")}>
    ${offered.map(({ text }) => html`<button class="choice" dir="auto" @click=${() => app.actions.say(text)}>${text}</button>`)}
  </div>`;
}

function offer(app: WarmlineChat, payload: MessagePosted, latest: boolean): TemplateResult | typeof nothing {
  if (!payload.offer_human || !latest || !app.canAskHuman || app.session.state?.owner !== "assistant") return nothing;
  return html`<button class="primary" @click=${() => app.actions.human("button")}>${icon("person")}${app.t("talkHuman")}</button>`;
}

function thumbs(app: WarmlineChat, { event, vote, payload }: Placed["item"]): TemplateResult | typeof nothing {
  if (payload.erased || !payload.sources?.length) return nothing;
  const one = (value: "up" | "down") =>
    html`<button
      class="icon small"
      aria-pressed=${vote === value ? "true" : "false"}
      title=${app.t(value === "up" ? "helpful" : "notHelpful")}
      aria-label=${app.t(value === "up" ? "helpful" : "notHelpful")}
      @click=${() => app.actions.vote(event.seq, value)}
    >
      ${icon(value === "up" ? "up" : "thumbDown")}
    </button>`;
  return html`<span class="thumbs">${one("up")}${one("down")}</span>${vote ? thanks(app, vote) : nothing}`;
}

/** What a vote leads to; who was not helped is one press from a person. */
function thanks(app: WarmlineChat, vote: "up" | "down"): TemplateResult {
  const again = vote === "down" && app.session.state?.owner === "assistant" && app.canAskHuman;
  return html`<span class="thanks">
    ${app.t(vote === "up" ? "thanks" : "thanksDown")}
    ${again ? html`<button class="link" @click=${() => app.actions.human("button")}>${app.t("talkHuman")}</button>` : nothing}
  </span>`;
}

function reader(app: WarmlineChat, item: Placed["item"]): TemplateResult | typeof nothing {
  if (!app.inElderMode() || !canSpeak() || item.payload.erased) return nothing;
  const on = app.reading === item.key;
  return html`<button class="second read" @click=${() => app.actions.readAloud(item.key, item.payload)}>
    ${icon(on ? "stop" : "sound")}${app.t(on ? "stopReading" : "readAloud")}
  </button>`;
}

function systemNote(app: WarmlineChat, { item, speaker, latest }: Placed): TemplateResult {
  const text = item.payload.erased ? app.t("erased") : (item.payload.text ?? "");
  return html`<li class="note">
    <p class="sr">${speaker.name}</p>
    <p class="plain" dir="auto">${text}</p>
    ${offer(app, item.payload, latest)} ${reader(app, item)}
  </li>`;
}
