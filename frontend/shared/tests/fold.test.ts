import { describe, expect, it } from "vitest";
import { fold, foldAll, mergeEvents } from "../fold";
import type { Author, Event, Payload, State } from "../types";

const CUSTOMER: Author = { kind: "customer" };

function fresh(): State {
  return {
    id: "c1", customer_id: "u1", customer_name: null, channel: "web", locale: "zh-Hans", elder: false, feeling_refused: false,
    owner: "assistant", agent_id: null, agent_name: null, skill: null, urgency: "normal", rank_at: null, front: false, human_requested: false,
    queued_at: null, callback_due_at: null, last_seq: 1, customer_read_seq: 0, staff_read_seq: 0,
    opened_at: "2026-01-01T00:00:00Z", closed_at: null,
  };
}

function event(seq: number, payload: Payload, author: Author = CUSTOMER): Event {
  return { seq, at: `2026-01-01T00:00:${String(seq).padStart(2, "0")}Z`, author, visibility: "all", payload };
}

const handoff = (seq: number, skill: string | null = null) =>
  event(seq, { type: "handoff.requested", by: "customer", via: "button", reason: "asked", owner: "queue", urgency: "normal", head_start: 0, skill });
const accepted = (seq: number) =>
  event(seq, { type: "conversation.accepted", owner: "agent", reason: "accepted", agent_id: "a1", agent_name: "陈曦" });
const vanished = (seq: number) =>
  event(seq, { type: "agent.vanished", owner: "queue", reason: "agent_vanished", agent_id: "a1", agent_name: "陈曦" });

describe("fold", () => {
  it("takes a customer into the queue and to an agent", () => {
    const state = foldAll(fresh(), [handoff(2, "cards"), accepted(4)]);
    expect(state).toMatchObject({ owner: "agent", agent_name: "陈曦", skill: "cards", human_requested: true, last_seq: 4 });
  });

  it("ranks by when they came less the head start of what presses, forward only", () => {
    const urgent = event(3, { type: "handoff.requested", by: "customer", via: "word", reason: "urgent", owner: "queue", skill: null, urgency: "urgent", head_start: 60 });
    const state = foldAll(fresh(), [handoff(2), urgent]);
    expect(state).toMatchObject({ urgency: "urgent", rank_at: "2025-12-31T23:59:02.000Z", queued_at: "2026-01-01T00:00:02Z" });
    expect(foldAll(state, [handoff(4), accepted(5), vanished(6)])).toMatchObject({ urgency: "urgent", rank_at: "2025-12-31T23:59:02.000Z" });
    expect(foldAll(state, [event(4, { type: "conversation.closed", owner: "closed", reason: "customer" })])).toMatchObject({ urgency: "normal", rank_at: null });
  });

  it("keeps the first waiting time when the agent vanishes", () => {
    const state = foldAll(fresh(), [handoff(2), accepted(3), vanished(5)]);
    expect(state).toMatchObject({ owner: "queue", queued_at: "2026-01-01T00:00:02Z", agent_id: null, agent_name: null });
  });

  it("forgets waiting and the wish for a person when handed back", () => {
    const back = event(5, { type: "conversation.handed_back", owner: "assistant", reason: "agent_handback" });
    expect(foldAll(fresh(), [handoff(2), accepted(3), back])).toMatchObject({
      owner: "assistant", human_requested: false, queued_at: null, agent_id: null,
    });
  });

  it("sets and clears the callback", () => {
    const due_at = "2026-01-02T09:00:00Z";
    const booked = fold(fresh(), event(2, { type: "callback.scheduled", owner: "callback", reason: "chosen", due_at, chosen_by: "customer" }));
    expect(booked).toMatchObject({ owner: "callback", callback_due_at: due_at, human_requested: true });
    const due = fold(booked, event(3, { type: "callback.due", owner: "queue", reason: "callback_due" }));
    expect(due).toMatchObject({ owner: "queue", callback_due_at: null, queued_at: booked.queued_at });
  });

  it("closes and reopens", () => {
    const closed = fold(fresh(), event(2, { type: "conversation.closed", owner: "closed", reason: "customer" }));
    expect(closed.closed_at).not.toBeNull();
    const again = fold(closed, event(3, { type: "conversation.reopened", owner: "assistant", reason: "customer_wrote_again" }));
    expect(again).toMatchObject({ owner: "assistant", closed_at: null });
  });

  it("notes receipts and preferences without changing the owner", () => {
    const read = event(2, { type: "messages.read", by: "staff", up_to: 1 });
    const wish = event(3, { type: "preferences.changed", elder: true, locale: "en" });
    expect(foldAll(fresh(), [read, wish])).toMatchObject({ owner: "assistant", staff_read_seq: 1, elder: true, locale: "en" });
  });

  it("leaves the owner as it is for an entry that could not be read", () => {
    const unread = event(3, { type: "event.unknown", kind: "voice.joined", erased: false, reason: "" });
    expect(foldAll(fresh(), [handoff(2), unread])).toMatchObject({ owner: "queue", last_seq: 3 });
  });

  it("ignores what it already knows", () => {
    const state = foldAll(fresh(), [handoff(2), accepted(3)]);
    expect(fold(state, handoff(2))).toBe(state);
  });

  it("snapshot plus later events equals the whole fold", () => {
    const log = [handoff(2), accepted(4), vanished(5), accepted(7)];
    for (let cut = 0; cut <= log.length; cut++) {
      const snapshot = foldAll(fresh(), log.slice(0, cut));
      expect(foldAll(snapshot, log)).toEqual(foldAll(fresh(), log));
    }
  });
});

describe("mergeEvents", () => {
  it("puts each seq once, in order", () => {
    const merged = mergeEvents([handoff(2), accepted(4)], [accepted(4), vanished(3), vanished(3)]);
    expect(merged.map((one) => one.seq)).toEqual([2, 3, 4]);
  });

  it("gives the same array when nothing is new", () => {
    const known = [handoff(2)];
    expect(mergeEvents(known, [handoff(2)])).toBe(known);
  });
});
