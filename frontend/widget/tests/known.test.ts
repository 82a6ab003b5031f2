import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { note } from "../../shared/tests/fakes";
import type { Event, State, View } from "../../shared/types";
import { ApiError } from "../src/api";
import { Known } from "../src/known";
import { HumanWish } from "../src/wish";

const WAIT = { position: 1, low_seconds: 0, high_seconds: 60, agents_online: 1, due_at: null };

function view(owner: State["owner"], last_seq: number): View {
  return {
    conversation: {
      id: "c1", customer_id: "u1", customer_name: null, channel: "web", locale: "en", elder: false, feeling_refused: false, owner,
      agent_id: null, agent_name: null, skill: null, urgency: "normal", rank_at: null, front: false, human_requested: false, queued_at: null,
      callback_due_at: null, last_seq, customer_read_seq: 0, staff_read_seq: 0, opened_at: "", closed_at: null,
    },
    events: [note(last_seq)], wait: null, hours: { open: true, opens_at: null, text: "" },
  };
}

function handoff(seq: number): Event {
  return {
    seq, at: "2026-01-01T00:00:00Z", author: { kind: "customer" }, visibility: "all",
    payload: { type: "handoff.requested", by: "customer", via: "word", reason: "asked", owner: "queue", urgency: "normal", head_start: 0 },
  };
}

describe("what is known", () => {
  it("tells when waiting begins, once", () => {
    const known = new Known();
    known.adopt(view("assistant", 2));
    expect(known.take(handoff(3))).toBe(true);
    expect(known.take(handoff(4))).toBe(false);
  });

  it("leaves an answer aside that is older than the events", () => {
    const known = new Known();
    known.adopt(view("assistant", 2));
    known.take(handoff(5));
    known.merge({ conversation: view("assistant", 4).conversation, wait: WAIT });
    expect(known.state?.owner).toBe("queue");
    expect(known.wait).toEqual(WAIT);
  });

  it("forgets the wait with the waiting", () => {
    const known = new Known();
    known.adopt({ ...view("queue", 2), wait: WAIT });
    known.merge({ conversation: view("assistant", 3).conversation });
    expect(known.wait).toBeNull();
  });

  it("keeps earlier events over a new snapshot", () => {
    const known = new Known();
    known.adopt(view("assistant", 2));
    known.adopt(view("assistant", 4));
    expect(known.events.map((event) => event.seq)).toEqual([2, 4]);
  });
});

describe("the wish for a person", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("outlives a broken network and a server in trouble", async () => {
    const failures = [new ApiError(0, "unreachable", ""), new ApiError(503, "unavailable", "")];
    const send = vi.fn(async () => {
      const failure = failures.shift();
      if (failure) throw failure;
    });
    const wish = new HumanWish(send, () => undefined);
    await wish.ask("button");
    expect(wish.via).toBe("button");
    await vi.advanceTimersByTimeAsync(7_000);
    expect(send).toHaveBeenCalledTimes(3);
    expect(wish.via).toBeNull();
  });

  it("says so when the server refuses", async () => {
    const wish = new HumanWish(() => Promise.reject(new ApiError(404, "not_found", "")), () => undefined);
    await expect(wish.ask("key")).rejects.toBeInstanceOf(ApiError);
    expect(wish.via).toBeNull();
  });
});
