import { describe, expect, it } from "vitest";
import { alertsBetween, applyInbox, atRisk, attention, fromSnapshot, offeredTo, sections } from "@/lib/inbox";
import { item } from "./make";

const ME = "me";

describe("the inbox", () => {
  it("replaces an item by its newer state and ignores an older frame", () => {
    const before = fromSnapshot([item({ last_seq: 8 }, { preview: "新" })]);
    expect(applyInbox(before, item({ last_seq: 7 }, { preview: "旧" }), false)).toBe(before);
    expect(applyInbox(before, item({ last_seq: 9 }, { preview: "更新" }), false).get("c1")?.preview).toBe("更新");
  });

  it("removes what is closed, once, and does not remove for an old frame", () => {
    const before = fromSnapshot([item({ last_seq: 8 })]);
    expect(applyInbox(before, item({ last_seq: 7 }), true).size).toBe(1);
    const after = applyInbox(before, item({ last_seq: 9, owner: "closed" }), true);
    expect(after.size).toBe(0);
    expect(applyInbox(after, item({ last_seq: 9 }), true)).toBe(after);
  });

  it("leaves the map it was given untouched", () => {
    const before = fromSnapshot([]);
    applyInbox(before, item(), false);
    expect(before.size).toBe(0);
  });

  it("sorts waiting as they are served", () => {
    const lists = sections(
      fromSnapshot([
        item({ id: "late", queued_at: "2026-11-22T03:05:00Z" }),
        item({ id: "early", queued_at: "2026-11-22T03:01:00Z" }),
        item({ id: "first", queued_at: "2026-11-22T03:09:00Z", rank_at: "2026-11-22T01:09:00Z" }),
      ]),
      ME,
    );
    expect(lists.waiting.map((one) => one.conversation.id)).toEqual(["first", "early", "late"]);
  });

  it("puts every conversation into exactly one section", () => {
    const lists = sections(
      fromSnapshot([
        item({ id: "w" }),
        item({ id: "m", owner: "agent", agent_id: ME }),
        item({ id: "t", owner: "agent", agent_id: "other" }),
        item({ id: "b2", owner: "callback", callback_due_at: "2026-11-22T09:00:00Z" }),
        item({ id: "b1", owner: "callback", callback_due_at: "2026-11-22T08:00:00Z" }),
      ]),
      ME,
    );
    const ids = Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, list.map((one: ReturnType<typeof item>) => one.conversation.id)]));
    expect(ids).toEqual({ waiting: ["w"], mine: ["m"], team: ["t"], callbacks: ["b1", "b2"] });
  });

  it("puts callbacks that may not be kept before those due sooner", () => {
    const back = (id: string, hour: number, risk: "nobody" | "full" | null) => item({ id, owner: "callback", callback_due_at: `2026-11-22T0${hour}:00:00Z` }, { risk });
    const lists = sections(fromSnapshot([back("kept", 7, null), back("later", 9, "full"), back("soon", 8, "nobody")]), ME);
    expect(lists.callbacks.map((one) => one.conversation.id)).toEqual(["soon", "later", "kept"]);
    expect(atRisk(lists).map((one) => one.conversation.id)).toEqual(["soon", "later"]);
  });

  it("counts who waits and what of mine is unread", () => {
    const lists = sections(fromSnapshot([item({ id: "w" }), item({ id: "m", owner: "agent", agent_id: ME }, { unread: 3 }), item({ id: "t", owner: "agent", agent_id: "x" }, { unread: 9 })]), ME);
    expect(attention(lists)).toBe(4);
  });
});

describe("alerts", () => {
  const none = fromSnapshot([]);

  it("sound for a new waiting customer, not for one who still waits", () => {
    const waiting = fromSnapshot([item()]);
    expect(alertsBetween(none, waiting, ME).map((alert) => alert.kind)).toEqual(["waiting"]);
    expect(alertsBetween(waiting, applyInbox(waiting, item({ last_seq: 6 }), false), ME)).toEqual([]);
  });

  it("sound for a new message of mine and for a transfer to me, not for colleagues' messages", () => {
    const mine = { owner: "agent", agent_id: ME } as const;
    const before = fromSnapshot([item({ id: "m", ...mine }), item({ id: "t", owner: "agent", agent_id: "x" })]);
    let after = applyInbox(before, item({ id: "m", ...mine, last_seq: 6 }, { unread: 1 }), false);
    after = applyInbox(after, item({ id: "t", owner: "agent", agent_id: "x", last_seq: 6 }, { unread: 4 }), false);
    expect(alertsBetween(before, after, ME).map((alert) => [alert.kind, alert.item.conversation.id])).toEqual([["message", "m"]]);
    const given = applyInbox(before, item({ id: "t", ...mine, last_seq: 7 }), false);
    expect(alertsBetween(before, given, ME).map((alert) => alert.kind)).toEqual(["given"]);
    expect(alertsBetween(fromSnapshot([]), fromSnapshot([item({ id: "new", ...mine })]), ME).map((alert) => alert.kind)).toEqual(["given"]);
    expect(alertsBetween(fromSnapshot([item({ id: "w" })]), fromSnapshot([item({ id: "w", ...mine, last_seq: 6 })]), ME)).toEqual([]);
  });

  it("sound for an offer to me, once, and on top of what is offered to others", () => {
    const before = fromSnapshot([item({ id: "w" })]);
    const offer = { agent_id: ME, until: "2026-11-22T03:01:00Z" };
    const mine = applyInbox(before, item({ id: "w", last_seq: 6 }, { offer }), false);
    expect(alertsBetween(before, mine, ME).map((alert) => alert.kind)).toEqual(["offer"]);
    expect(alertsBetween(mine, applyInbox(mine, item({ id: "w", last_seq: 7 }, { offer }), false), ME)).toEqual([]);
    expect(alertsBetween(before, applyInbox(before, item({ id: "w", last_seq: 6 }, { offer: { ...offer, agent_id: "x" } }), false), ME)).toEqual([]);
    expect(offeredTo(sections(mine, ME), ME).map((one) => one.conversation.id)).toEqual(["w"]);
    expect(offeredTo(sections(mine, "x"), "x")).toEqual([]);
  });

  it("sound for a callback that comes to be at risk, once, and only for who looks after the others", () => {
    const kept = fromSnapshot([item({ id: "b", owner: "callback" })]);
    const risky = applyInbox(kept, item({ id: "b", owner: "callback" }, { risk: "nobody" }), false);
    const fuller = applyInbox(risky, item({ id: "b", owner: "callback" }, { risk: "full" }), false);
    expect(alertsBetween(kept, risky, ME, true).map((alert) => alert.kind)).toEqual(["risk"]);
    expect(alertsBetween(risky, fuller, ME, true)).toEqual([]);
    expect(alertsBetween(kept, risky, ME)).toEqual([]);
  });
});
