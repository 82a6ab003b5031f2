import { afterEach, describe, expect, it, vi } from "vitest";
import { loadConversation, opened, takeEvent, takeTyping } from "@/stores/conversations";
import { event, said, state } from "./make";

const view = (last: number) => ({ conversation: state({ last_seq: last }), events: Array.from({ length: last }, (_, n) => event(n + 1, "customer", said(String(n)))), customer: null, earlier: [] });
const answer = (body: unknown) => vi.stubGlobal("fetch", () => Promise.resolve(Response.json(body)));

afterEach(() => {
  opened.clear();
  vi.unstubAllGlobals();
});

describe("an open conversation", () => {
  it("takes each event once, however often it is delivered", async () => {
    answer(view(2));
    await loadConversation("c1");
    const next = event(3, "agent", said("您好"));
    takeEvent("c1", next);
    takeEvent("c1", next);
    expect(opened.get("c1")?.events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(opened.get("c1")?.state.last_seq).toBe(3);
  });

  it("keeps what the feed brought while a snapshot was on its way", async () => {
    answer(view(2));
    await loadConversation("c1");
    takeEvent("c1", event(3, "agent", { type: "conversation.accepted", owner: "agent", reason: "accepted", agent_id: "me", agent_name: "陈曦" }));
    await loadConversation("c1");
    expect(opened.get("c1")?.state).toMatchObject({ last_seq: 3, owner: "agent", agent_id: "me" });
  });

  it("understands a typing signal in either form and forgets it with the message", async () => {
    answer(view(1));
    await loadConversation("c1");
    takeTyping("c1", { author: "customer", name: null }, 0);
    expect(opened.get("c1")?.typing).toMatchObject({ kind: "customer", until: 5_000 });
    takeEvent("c1", event(2, "customer", said("好的")));
    expect(opened.get("c1")?.typing).toBeNull();
  });
});
