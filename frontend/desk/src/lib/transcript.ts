import type { Attachment, Author, Event, Payload } from "@/api/types";
import { sameDay } from "./time";

type Of<T extends Payload["type"]> = Extract<Payload, { type: T }>;

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "message"; key: string; event: Event; payload: Of<"message.posted">; side: "customer" | "bank"; first: boolean; feedback: "up" | "down" | null }
  | { kind: "decision"; key: string; event: Event; payload: Of<"turn.decided"> }
  | { kind: "note"; key: string; event: Event; payload: Of<"note.added"> }
  | { kind: "recap"; key: string; event: Event; payload: Of<"recap.proposed">; answer: "open" | "agreed" | "declined" }
  | { kind: "line"; key: string; event: Event; text: Line };

export interface Line {
  /** A key under `group` in the messages. */
  key: string;
  group: "line" | "line_beside";
  params: Record<string, string>;
  tone: "plain" | "ember" | "teal";
}

const GROUP_MS = 180_000;

export function rows(events: readonly Event[]): Row[] {
  const result: Row[] = [];
  const feedback = feedbackBySeq(events);
  let last: Event | null = null;
  for (const event of events) {
    const row = rowOf(event, events, feedback);
    if (!row) continue;
    if (!last || !sameDay(last.at, event.at)) result.push({ kind: "day", key: `day-${event.seq}`, at: event.at });
    if (row.kind === "message") row.first = !continues(result[result.length - 1], event);
    result.push(row);
    last = event;
  }
  return result;
}

function rowOf(event: Event, events: readonly Event[], feedback: Map<number, "up" | "down">): Row | null {
  const base = { key: String(event.seq), event };
  const payload = event.payload;
  switch (payload.type) {
    case "message.posted":
      return { kind: "message", ...base, payload, side: sideOf(event.author), first: true, feedback: feedback.get(event.seq) ?? null };
    case "turn.decided":
      return { kind: "decision", ...base, payload };
    case "note.added":
      return { kind: "note", ...base, payload };
    case "recap.proposed":
      return { kind: "recap", ...base, payload, answer: answerTo(event.seq, events) };
    default: {
      const text = lineOf(event);
      return text && { kind: "line", ...base, text };
    }
  }
}

export const sideOf = (author: Author) => (author.kind === "customer" || author.kind === "helper" ? "customer" : "bank");

function continues(before: Row | undefined, event: Event): boolean {
  if (before?.kind !== "message") return false;
  const author = before.event.author;
  return author.kind === event.author.kind && author.id === event.author.id && Date.parse(event.at) - Date.parse(before.event.at) < GROUP_MS;
}

function feedbackBySeq(events: readonly Event[]): Map<number, "up" | "down"> {
  const result = new Map<number, "up" | "down">();
  for (const { payload } of events) if (payload.type === "feedback.given") result.set(payload.seq, payload.value);
  return result;
}

function answerTo(seq: number, events: readonly Event[]): "open" | "agreed" | "declined" {
  for (const { seq: later, payload } of events) {
    if (later <= seq) continue;
    if (payload.type === "recap.answered") return payload.agreed ? "agreed" : "declined";
    if (payload.type === "recap.proposed") return "open";
  }
  return "open";
}

const line = (key: string, params: Record<string, string> = {}, tone: Line["tone"] = "plain", group: Line["group"] = "line"): Line => ({ key, params, tone, group });

/** Owner changes and the like as one line; null for what is shown elsewhere or not at all. */
export function lineOf({ payload, author }: Event): Line | null {
  switch (payload.type) {
    case "conversation.started":
      return line("started", { channel: payload.channel });
    case "handoff.requested":
      return line(payload.by === "customer" ? `human_${payload.via}` : `human_by_${payload.by}`, { reason: payload.reason }, "ember");
    case "conversation.accepted":
      return line("accepted", { name: payload.agent_name }, "teal");
    case "agent.vanished":
      return line("vanished", { name: payload.agent_name }, "ember");
    case "conversation.transferred":
      return payload.agent_name
        ? line("transferred_agent", { from: author.name ?? "", name: payload.agent_name })
        : line("transferred_skill", { from: author.name ?? "", skill: payload.skill ?? "" });
    case "conversation.handed_back":
      return line(payload.reason === "customer_yes" ? "returned_by_customer" : "handed_back", { name: author.name ?? "" });
    case "callback.scheduled":
      return line(`callback_${payload.chosen_by}`, { due_at: payload.due_at });
    case "callback.due":
      return line("callback_due", {}, "ember");
    case "preferences.changed":
      return line(payload.elder ? "elder_on" : "preferences");
    case "conversation.closed":
      return payload.outcome ? line("closed_outcome", { outcome: payload.outcome, name: author.name ?? "" }) : line("closed");
    case "conversation.reopened":
      return line("reopened");
    case "conversation.taken_over":
      return line("taken_over", { name: payload.agent_name }, "teal", "line_beside");
    case "colleague.called":
      return line("called", { name: payload.agent_name }, "plain", "line_beside");
    case "colleague.joined":
      return line(payload.mode, { name: payload.agent_name }, "plain", "line_beside");
    case "colleague.left":
      return line(payload.reason ?? "left", { name: payload.agent_name }, "plain", "line_beside");
    case "wrapup.written":
      return line("wrapped", { name: author.name ?? "" }, "plain", "line_beside");
    case "words.erased":
      return line("erased");
    default:
      return null;
  }
}

/** True when it went back to the queue because this person's line broke, and nobody has taken it since. */
export function lostBy(events: readonly Event[], staffId: string): boolean {
  const last = events.findLast(({ payload }) => payload.type === "agent.vanished" || payload.type === "conversation.accepted");
  return last?.payload.type === "agent.vanished" && last.payload.agent_id === staffId;
}

/** True when this person took it back themselves after their line broke: nobody else had it meanwhile. */
export function tookBack(events: readonly Event[], staffId: string): boolean {
  const at = events.findLastIndex(({ payload }) => payload.type === "agent.vanished" && payload.agent_id === staffId);
  if (at < 0) return false;
  const takers = events.slice(at).filter(({ payload }) => payload.type === "conversation.accepted");
  return takers.length > 0 && takers.every(({ payload }) => payload.type === "conversation.accepted" && payload.agent_id === staffId);
}

/** The newest slip, with when it was written. */
export function slipOf(events: readonly Event[]): { payload: Of<"slip.written">; at: string; seq: number } | null {
  const event = events.findLast(({ payload }) => payload.type === "slip.written");
  return event ? { payload: event.payload as Of<"slip.written">, at: event.at, seq: event.seq } : null;
}

/** What the assistant last heard of the customer's feeling and spoke to. */
export function feelingsOf(events: readonly Event[]): string[] {
  const event = events.findLast(({ payload }) => payload.type === "turn.decided" && payload.acknowledgement?.reason);
  return event?.payload.type === "turn.decided" ? (event.payload.acknowledgement?.reason.split("+") ?? []) : [];
}

/** Readings that the assistant offered before `seq` and that were not answered with afterwards, each once. */
export function unpicked(events: readonly Event[], seq: number): string[] {
  const earlier = events.filter((event) => event.seq < seq);
  const answered = new Set(citedArticles(earlier).map(({ article_id }) => article_id));
  const choices = earlier.flatMap(({ payload }) => (payload.type === "message.posted" ? (payload.choices ?? []) : []));
  return [...new Set(choices.filter(({ article_id }) => article_id && !answered.has(article_id)).map(({ text }) => text))];
}

/** The customer's last words, for looking up articles. */
export function lastQuestion(events: readonly Event[]): string {
  const event = events.findLast(({ author, payload }) => payload.type === "message.posted" && sideOf(author) === "customer" && payload.text);
  return event?.payload.type === "message.posted" ? (event.payload.text ?? "") : "";
}

/** How the newest recap stands. */
export function recapState(events: readonly Event[]): { text: string; outcome: string; answer: "open" | "agreed" | "declined" } | null {
  const event = events.findLast(({ payload }) => payload.type === "recap.proposed");
  if (event?.payload.type !== "recap.proposed") return null;
  return { text: event.payload.text ?? "", outcome: event.payload.outcome, answer: answerTo(event.seq, events) };
}

/** The articles the assistant rested on, newest first, each once. */
export function citedArticles(events: readonly Event[]): { article_id: string; question: string; version: number }[] {
  const found = new Map<string, { article_id: string; question: string; version: number }>();
  for (const { payload } of [...events].reverse()) {
    const sources = payload.type === "message.posted" ? payload.sources : payload.type === "slip.written" ? payload.tried : null;
    for (const source of sources ?? []) if (!found.has(source.article_id)) found.set(source.article_id, source);
  }
  return [...found.values()];
}

/** Articles by id with the question they answer, as far as the log names them. */
export function articleTitles(events: readonly Event[]): Map<string, string> {
  const titles = new Map(citedArticles(events).map((article) => [article.article_id, article.question]));
  for (const { payload } of events) {
    if (payload.type !== "message.posted") continue;
    for (const choice of payload.choices ?? []) if (choice.article_id && !titles.has(choice.article_id)) titles.set(choice.article_id, choice.text);
  }
  return titles;
}

export const isImage = (file: Attachment) => file.media_type.startsWith("image/");
