import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { opened } from "@/stores/conversations";
import { flush, insist, outbox, say, startOutbox, stopOutbox } from "@/stores/outbox";
import { state } from "./make";

type Sent = { client_id: string; text: string; expect_seq: number };
let sent: Sent[] = [];
let answers: (() => Response | Promise<Response>)[] = [];
const ack = (seq: number) => () => Response.json({ seq, at: "2026-11-22T03:00:00Z", duplicate: false });
const down = () => Promise.reject(new TypeError("Failed to fetch"));
const settle = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sent = [];
  answers = [];
  opened.set("c1", { state: state({ owner: "agent", agent_id: "me" }), events: [], customer: null, earlier: [], typing: null, online: null });
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    sent.push(JSON.parse(String(init.body)));
    return Promise.resolve((answers.shift() ?? ack(99))());
  });
  startOutbox("me");
});

afterEach(() => {
  stopOutbox();
  opened.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("sending", () => {
  it("leaves nothing behind once acknowledged", async () => {
    answers = [ack(6)];
    say("c1", { text: "您好" });
    await settle();
    expect(sent).toMatchObject([{ text: "您好", expect_seq: 5 }]);
    expect(outbox.value).toEqual([]);
    expect(localStorage.getItem("warmline.desk.outbox.me")).toBeNull();
  });

  it("keeps words through a lost line and a reload, and sends them once under one client_id", async () => {
    answers = [down];
    say("c1", { text: "断网时写的" });
    await settle();
    const first = sent[0]!.client_id;
    stopOutbox();
    answers = [ack(6)];
    startOutbox("me");
    await settle();
    expect(sent.map((message) => message.client_id)).toEqual([first, first]);
    expect(outbox.value).toEqual([]);
    flush();
    await settle();
    expect(sent).toHaveLength(2);
  });

  it("tries again by itself", async () => {
    answers = [down, ack(6)];
    say("c1", { text: "您好" });
    await settle();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toHaveLength(2);
    expect(outbox.value).toEqual([]);
  });

  it("sends two in order, the second having seen the first", async () => {
    answers = [ack(6), ack(7)];
    say("c1", { text: "一" });
    say("c1", { text: "二" });
    await settle();
    expect(sent.map(({ text, expect_seq }) => [text, expect_seq])).toEqual([["一", 5], ["二", 6]]);
  });

  it("waits for the agent when a colleague was faster", async () => {
    answers = [() => Response.json({ error: { code: "colleague_replied", message: "", fields: { seq: 8 } } }, { status: 409 }), ack(9)];
    say("c1", { text: "我来查" });
    await settle();
    expect(outbox.value[0]).toMatchObject({ status: "conflict", text: "我来查" });
    insist(outbox.value[0]!);
    await settle();
    expect(sent.at(-1)).toMatchObject({ client_id: sent[0]!.client_id, expect_seq: 8 });
    expect(outbox.value).toEqual([]);
  });
});
