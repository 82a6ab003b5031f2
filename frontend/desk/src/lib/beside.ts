import type { Beside, Event, State } from "@/api/types";

/** How I am beside a conversation that a colleague has; null when I am not. */
export const besideAs = (state: State, me: string): Beside["mode"] | null => state.beside?.find((one) => one.id === me)?.mode ?? null;

/** Whether what I write goes to the customer: I have the conversation, or came in to speak. */
export const canSpeak = (state: State, me: string): boolean => state.owner === "agent" && (state.agent_id === me || besideAs(state, me) === "speak");

/** Who asked me in last, and the private word that came with it: a note right before. */
export function askedBy(events: readonly Event[], me: string): { name: string; word: string } | null {
  const at = events.findLastIndex(({ payload }) => payload.type === "colleague.called" && payload.agent_id === me);
  const call = events[at];
  if (!call) return null;
  const before = events[at - 1];
  const word = before?.payload.type === "note.added" && before.payload.whisper && before.author.id === call.author.id ? (before.payload.text ?? "") : "";
  return { name: call.author.name ?? "", word };
}
