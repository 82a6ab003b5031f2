import { describe, expect, it } from "vitest";
import type { Event, Payload } from "../../shared/types";
import { isNews, lastFromPerson, timeline, type PendingMessage } from "../src/timeline";

function event(seq: number, kind: Event["author"]["kind"], payload: Payload, at = "2026-01-01T08:00:00"): Event {
  return { seq, at, author: { kind }, visibility: "all", payload };
}
const said = (seq: number, kind: Event["author"]["kind"], client_id = `id${seq}`) =>
  event(seq, kind, { type: "message.posted", client_id, text: "x", format: "plain" });
const pending = (client_id: string): PendingMessage => ({ client_id, text: "x", attachments: [], at: "", state: "sent" });
const kinds = (events: Event[], waiting: PendingMessage[] = []) => timeline(events, waiting).map((item) => item.kind);

describe("timeline", () => {
  it("never shows a message twice once its event is here", () => {
    expect(kinds([said(2, "customer", "a")], [pending("a"), pending("b")])).toEqual(["day", "message", "pending"]);
  });

  it("keeps the key of a message when its event takes its place", () => {
    const before = timeline([], [pending("a")]).at(-1)?.key;
    expect(timeline([said(2, "customer", "a")], []).at(-1)?.key).toBe(before);
  });

  it("separates days", () => {
    const next = event(3, "assistant", { type: "message.posted", client_id: "n", text: "x", format: "plain" }, "2026-01-02T08:00:00");
    expect(kinds([said(2, "customer"), next])).toEqual(["day", "message", "day", "message"]);
  });

  it("shows the latest vote", () => {
    const votes = (["up", "down"] as const).map((value, n) => event(3 + n, "customer", { type: "feedback.given", seq: 2, value }));
    expect(timeline([said(2, "assistant"), ...votes], []).at(-1)).toMatchObject({ vote: "down" });
  });

  it("joins a recap with its own answer only", () => {
    const recap = (seq: number) => event(seq, "agent", { type: "recap.proposed", text: "r", outcome: "solved" });
    const answer = event(4, "customer", { type: "recap.answered", agreed: false });
    const items = timeline([recap(2), recap(3), answer, recap(5)], []).filter((item) => item.kind === "recap");
    expect(items.map((item) => item.kind === "recap" && item.agreed)).toEqual([null, false, null]);
  });
});

it("read receipts cover people's messages only", () => {
  expect(lastFromPerson([said(2, "agent"), said(3, "assistant"), said(4, "customer")])).toBe(2);
});

it("what the customer wrote is no news to them", () => {
  expect([said(2, "customer"), said(3, "assistant")].map(isNews)).toEqual([false, true]);
});
