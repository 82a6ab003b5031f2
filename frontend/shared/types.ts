/** The server's own schemas under short names; `api.ts` is generated from its OpenAPI. */
import type { components } from "./api";

type Schemas = components["schemas"];

/** Fields the server always sends, which a client need not spell out when it builds one. */
type Given = "erased" | "offer_human" | "milliseconds" | "article_ids" | "confirms";
type Eased<P> = P extends unknown ? Omit<P, Given> & Partial<Pick<P, Given & keyof P>> : never;

export type Locale = "zh-Hans" | "zh-Hant" | "en";
export type AuthorKind = Schemas["AuthorKind"];
export type Owner = Schemas["Owner"];
export type Visibility = Schemas["Visibility"];
export type Author = Schemas["Author"];
export type Choice = Schemas["Choice"];
export type Attachment = Schemas["Attachment"];
export type Source = Schemas["Source"];

export type Payload = Eased<Schemas["Event"]["payload"]>;
export type PayloadType = Payload["type"];
type Of<T extends PayloadType> = Extract<Payload, { type: T }>;

export type ConversationStarted = Of<"conversation.started">;
export type MessagePosted = Of<"message.posted">;
export type TurnDecided = Of<"turn.decided">;
export type HandoffRequested = Of<"handoff.requested">;
export type SlipWritten = Of<"slip.written">;
export type CallbackScheduled = Of<"callback.scheduled">;
export type CallbackDue = Of<"callback.due">;
export type ConversationAccepted = Of<"conversation.accepted">;
export type AgentVanished = Of<"agent.vanished">;
export type ConversationTransferred = Of<"conversation.transferred">;
export type ConversationHandedBack = Of<"conversation.handed_back">;
export type NoteAdded = Of<"note.added">;
export type RecapProposed = Of<"recap.proposed">;
export type RecapAnswered = Of<"recap.answered">;
export type FeedbackGiven = Of<"feedback.given">;
export type MessagesRead = Of<"messages.read">;
export type PreferencesChanged = Of<"preferences.changed">;
export type ConversationClosed = Of<"conversation.closed">;
export type ConversationReopened = Of<"conversation.reopened">;
export type WordsErased = Of<"words.erased">;

/** One entry of the log; a customer never receives those with visibility `staff`, so their numbers skip. */
export type Event = Omit<Schemas["Event"], "payload"> & { payload: Payload };
export type State = Schemas["State"];

/** Only while the owner is `queue` or `callback`; `low/high` are null when no agent is online. */
export type Wait = Schemas["WaitView"];
export type Hours = Schemas["HoursView"];
export type About = Schemas["About"];
export type Visitor = Schemas["VisitorOut"];
export type View = Omit<Schemas["View"], "events"> & { events: Event[] };
export type InboxItem = Schemas["InboxItem"];

export interface Batch {
  events: Event[];
  wait?: Wait | null;
}

export interface ErrorBody {
  code: string;
  message: string;
  fields?: Record<string, unknown>;
}
