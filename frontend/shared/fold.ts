import type { Event, State } from "./types";

/** The state after `event`: the table of docs/protocol.md. An event at or below `last_seq` changes nothing. */
export function fold(state: State, event: Event): State {
  if (event.seq <= state.last_seq) return state;
  const next: State = { ...state, last_seq: event.seq };
  changeOwner(next, state, event);
  changeDetail(next, event);
  changeBeside(next, state, event);
  changeRank(next, event);
  return next;
}

/** Folds many events in order. */
export function foldAll(state: State, events: readonly Event[]): State {
  return events.reduce(fold, state);
}

/** The union of two runs of events, ordered by seq, each seq once; what is known wins. */
export function mergeEvents(known: readonly Event[], incoming: readonly Event[]): Event[] {
  const seen = new Set(known.map((event) => event.seq));
  const fresh = incoming.filter((event) => !seen.has(event.seq) && seen.add(event.seq));
  if (fresh.length === 0) return known as Event[];
  return [...known, ...fresh].sort((a, b) => a.seq - b.seq);
}

function changeOwner(next: State, before: State, event: Event): void {
  const payload = event.payload;
  if (!("owner" in payload) || !payload.owner) return;
  const owner = (next.owner = payload.owner);
  const ended = owner === "assistant" || owner === "closed";
  next.queued_at = ended ? null : (before.queued_at ?? event.at);
  next.closed_at = owner === "closed" ? event.at : null;
  if (ended) next.human_requested = false;
  const promised = ["agent.vanished", "callback.due", "conversation.transferred"].includes(payload.type);
  next.front = owner === "queue" && (promised || (before.front && before.owner === "queue"));
  if (owner !== "callback") next.callback_due_at = null;
  if (owner !== "agent") next.agent_id = next.agent_name = null;
  if (owner !== "agent" && next.beside) next.beside = [];
}

/** Who is beside it, for staff: each colleague once; whoever it was taken from stays, whoever has it is none of them. */
function changeBeside(next: State, before: State, { payload }: Event): void {
  if (!next.beside) return;
  const others = (id: string | null | undefined) => (next.beside ?? []).filter((one) => one.id !== id);
  const put = (id: string, name: string, mode: "called" | "watch" | "speak") => (next.beside = [...others(id), { id, name, mode }]);
  if (payload.type === "colleague.called") put(payload.agent_id, payload.agent_name, "called");
  if (payload.type === "colleague.joined") put(payload.agent_id, payload.agent_name, payload.mode);
  if (payload.type === "colleague.left") next.beside = others(payload.agent_id);
  if (payload.type === "conversation.taken_over" && before.agent_id) put(before.agent_id, before.agent_name ?? "", "watch");
  if ("owner" in payload && payload.owner === "agent") next.beside = others(next.agent_id);
}

/** What presses brings forward who waits, and never back; to the millisecond, which is enough to sort by. */
function changeRank(next: State, { payload }: Event): void {
  if (!next.queued_at) {
    next.urgency = "normal";
    next.rank_at = null;
    return;
  }
  if (payload.type === "handoff.requested") {
    const start = Date.parse(next.queued_at) - (payload.head_start ?? 0) * 1000;
    if (!next.rank_at || start < Date.parse(next.rank_at)) {
      next.urgency = payload.urgency ?? "normal";
      next.rank_at = new Date(start).toISOString();
    }
  }
  next.rank_at ??= next.queued_at;
}

function changeDetail(next: State, event: Event): void {
  const payload = event.payload;
  switch (payload.type) {
    case "conversation.transferred":
    case "conversation.accepted":
    case "conversation.taken_over":
      if (next.owner === "agent") {
        next.agent_id = payload.agent_id ?? null;
        next.agent_name = payload.agent_name ?? null;
      }
      if ("skill" in payload && payload.skill) next.skill = payload.skill;
      break;
    case "handoff.requested":
      next.human_requested = true;
      if (payload.skill != null) next.skill = payload.skill || null;
      break;
    case "callback.scheduled":
      next.human_requested = true;
      next.callback_due_at = payload.due_at;
      break;
    case "offer.ended":
      next.front ||= payload.reason === "expired";
      break;
    case "messages.read":
      if (payload.by === "customer") next.customer_read_seq = payload.up_to;
      else next.staff_read_seq = payload.up_to;
      break;
    case "preferences.changed":
      next.elder = payload.elder;
      next.locale = payload.locale;
      break;
  }
}
