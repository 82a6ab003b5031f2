import type { Event, WrapUp } from "@/api/types";
import { lastQuestion, sideOf, slipOf } from "./transcript";

const shorten = (text: string, limit: number) => (text.length > limit ? `${text.slice(0, limit - 1).trimEnd()}…` : text);

/** The two things a recap is made of: what the customer asked, and the agent's last words on it. The agent edits before sending. */
export function recapParts(events: readonly Event[]): { question: string; agreed: string } {
  const question = slipOf(events)?.payload.question ?? firstQuestion(events) ?? lastQuestion(events);
  const reply = events.findLast(
    // A greeting taken from the slip agrees on nothing, nor does a question.
    ({ author, payload }) => payload.type === "message.posted" && author.kind === "agent" && (payload.text?.length ?? 0) > 8 && !/[?？]\s*$/.test(payload.text ?? ""),
  );
  const agreed = reply?.payload.type === "message.posted" ? (reply.payload.text ?? "") : "";
  return { question: shorten(question, 80), agreed: shorten(agreed, 300) };
}

/** What was done, promised and is to be done, out of a wrap-up: what a customer is to confirm. */
export function agreedIn(wrapUp: WrapUp): string {
  const lines = wrapUp.lines.filter(({ section }) => section === "done" || section === "promised" || section === "next");
  return [...new Set(lines.map(({ text }) => text))].join("\n");
}

function firstQuestion(events: readonly Event[]): string | null {
  const event = events.find(({ author, payload }) => payload.type === "message.posted" && sideOf(author) === "customer" && payload.text);
  return event?.payload.type === "message.posted" ? event.payload.text : null;
}
