import type { InboxItem, State } from "@/api/types";
import { besideAs } from "./beside";

export type Inbox = ReadonlyMap<string, InboxItem>;

export interface Sections {
  waiting: InboxItem[];
  mine: InboxItem[];
  callbacks: InboxItem[];
  team: InboxItem[];
}

export function fromSnapshot(items: readonly InboxItem[]): Inbox {
  return new Map(items.map((item) => [item.conversation.id, item]));
}

/** The inbox after one `inbox` frame. A frame older than what is known (delivery is at least once) changes nothing. */
export function applyInbox(inbox: Inbox, item: InboxItem, removed: boolean): Inbox {
  const id = item.conversation.id;
  const known = inbox.get(id);
  if (known && item.conversation.last_seq < known.conversation.last_seq) return inbox;
  if (removed && !known) return inbox;
  const next = new Map(inbox);
  if (removed) next.delete(id);
  else next.set(id, item);
  return next;
}

/** One list in sections, what I am beside among mine; waiting as they are served, callbacks at risk and then by due time, mine with unread first. */
export function sections(inbox: Inbox, me: string): Sections {
  const result: Sections = { waiting: [], mine: [], callbacks: [], team: [] };
  for (const item of inbox.values()) {
    const { owner, agent_id } = item.conversation;
    if (owner === "queue") result.waiting.push(item);
    else if (owner === "callback") result.callbacks.push(item);
    else if (owner === "agent") (agent_id === me || besideAs(item.conversation, me) ? result.mine : result.team).push(item);
  }
  result.waiting.sort((a, b) => Number(b.conversation.front) - Number(a.conversation.front) || rank(a) - rank(b));
  result.callbacks.sort((a, b) => Number(b.risk !== null) - Number(a.risk !== null) || due(a) - due(b));
  result.mine.sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0) || since(a) - since(b));
  result.team.sort((a, b) => since(a) - since(b));
  return result;
}

const since = (item: InboxItem) => Date.parse(item.waiting_since ?? item.conversation.queued_at ?? item.conversation.opened_at);
/** The order of serving: what presses counts as having come earlier. */
const rank = (item: InboxItem) => (item.conversation.rank_at ? Date.parse(item.conversation.rank_at) : since(item));
const due = (item: InboxItem) => Date.parse(item.conversation.callback_due_at ?? item.conversation.opened_at);

/** What the tab's title counts: customers who wait, and messages of mine that are unread. */
export function attention(lists: Sections): number {
  return lists.waiting.length + lists.mine.reduce((sum, item) => sum + item.unread, 0);
}

/** Those who are offered to me now, the first to run out first. */
export const offeredTo = (lists: Sections, me: string) =>
  lists.waiting.filter((item) => item.offer?.agent_id === me).sort((a, b) => Date.parse(a.offer!.until) - Date.parse(b.offer!.until));

/** The callbacks that may not be kept, the soonest first. */
export const atRisk = (lists: Sections) => lists.callbacks.filter((item) => item.risk);

/** A customer's name; visitors without one are told apart by the end of their id. */
export const nameOf = (state: State, visitor: string) => state.customer_name || `${visitor} ${state.customer_id.slice(-4).toUpperCase()}`;

/** What was heard, the most pressing first, as it came; a loss says more than its tone, so two are enough. */
export const feelingWords = (feelings: readonly string[]) => feelings.slice(0, 2);

export interface Alert {
  kind: "waiting" | "message" | "given" | "called" | "risk" | "offer";
  item: InboxItem;
}

/**
 * What deserves a sound when the inbox goes from `before` to `after`: a new waiting customer, a new message, a transfer or an offer to me, a colleague who asks me in;
 * for whoever looks after the others (`supervises`) a callback that may not be kept, too.
 */
export function alertsBetween(before: Inbox, after: Inbox, me: string, supervises = false): Alert[] {
  const alerts: Alert[] = [];
  for (const [id, item] of after) {
    const known = before.get(id);
    if (known === item) continue;
    const mine = item.conversation.owner === "agent" && item.conversation.agent_id === me;
    const called = besideAs(item.conversation, me) === "called" && (!known || besideAs(known.conversation, me) !== "called");
    // A colleague's conversation need not have been on my list; one that I take was waiting there.
    const theirs = !known || (known.conversation.owner === "agent" && known.conversation.agent_id !== me);
    if (item.offer?.agent_id === me && known?.offer?.agent_id !== me) alerts.unshift({ kind: "offer", item });
    else if (item.conversation.owner === "queue" && known?.conversation.owner !== "queue") alerts.push({ kind: "waiting", item });
    else if (called) alerts.push({ kind: "called", item });
    else if (mine && theirs) alerts.push({ kind: "given", item });
    else if (mine && item.unread > (known?.unread ?? 0)) alerts.push({ kind: "message", item });
    else if (supervises && item.risk && !known?.risk) alerts.push({ kind: "risk", item });
  }
  return alerts;
}
