/** What the staff side of the API takes and answers: the generated schemas under the names the desk uses. */
import type { components } from "@shared/api";
import type { Event, State } from "@shared/types";

export type { Attachment, Author, Event, InboxItem, Payload, Source, State } from "@shared/types";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Role = Schemas["Role"];
export type Presence = Schemas["Presence"];
export type AuthOptions = Schemas["SignInOptions"];
export type CustomerCard = Schemas["CustomerCardView"];
export type Earlier = Schemas["Earlier"];
export type Colleague = Schemas["Colleague"];
export type Skill = Schemas["Skill"];
export type Rest = Schemas["RestView"];
export type Account = Schemas["Account"];
export type Script = Schemas["ScriptOut"];
export type Found = Schemas["SearchResult"];
export type Ack = Schemas["Ack"];
export type NewMessage = Pick<Schemas["AgentMessageBody"], "client_id"> & Partial<Schemas["AgentMessageBody"]>;
export type Outcome = Schemas["CloseBody"]["outcome"];

export type Assist = Schemas["AssistView"];
export type ReadyReply = Schemas["ReplyView"];
export type Solved = Schemas["SolvedView"];
export type NextStep = Schemas["NextStepView"];
export type Heed = Schemas["HeedView"];
export type WordingRule = Schemas["Rule"];
export type ReplyUse = Schemas["UseBody"];
export type WrapUp = Schemas["WrapUp"];
export type SummaryLine = Schemas["Line"];
export type Beside = Schemas["BesideView"];

export interface DeskView {
  conversation: State;
  events: Event[];
  customer: CustomerCard;
  earlier: Earlier[];
}
