import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff } from "../backoff";
import { PostRefused, Stream, type Rest, type StreamOptions, type StreamStatus } from "../stream";
import type { Batch } from "../types";
import { FakeSocket, note } from "./fakes";

const ID = "c1";
let seen: number[];
let statuses: StreamStatus[];
let stream: Stream;

function make(options: Partial<StreamOptions> = {}, refused?: (code: string) => Promise<void>): Stream {
  stream = new Stream(
    { url: "ws://x", token: () => "t0", socket: () => new FakeSocket(), ...options },
    {
      onEvent: (_id, event) => seen.push(event.seq),
      onStatus: (status) => statuses.push(status),
      onRefused: refused,
    },
  );
  stream.start();
  return stream;
}

const give = (seq: number) => FakeSocket.last.give({ type: "event", conversation_id: ID, event: note(seq) });
const ack = (client_id: string) =>
  FakeSocket.last.give({ type: "ack", client_id, conversation_id: ID, seq: 9, at: "", duplicate: false });

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  seen = [];
  statuses = [];
});
afterEach(() => {
  stream.stop();
  vi.useRealTimers();
});

describe("connecting", () => {
  it("says hello with the token, then subscribes from the cursor", async () => {
    make().subscribe(ID, 7);
    await FakeSocket.last.ready();
    expect(FakeSocket.last.sent).toEqual([
      { type: "hello", token: "t0" },
      { type: "subscribe", conversation_id: ID, after: 7 },
    ]);
    expect(statuses).toEqual(["connecting", "live"]);
  });

  it("reconnects with growing pauses and asks again from the highest seq known", async () => {
    make().subscribe(ID, 0);
    await FakeSocket.last.ready();
    give(1);
    give(5);
    FakeSocket.last.cut();
    expect(stream.status).toBe("offline");
    await vi.advanceTimersByTimeAsync(800);
    expect(FakeSocket.all).toHaveLength(2);
    await FakeSocket.last.ready();
    expect(FakeSocket.last.sent).toContainEqual({ type: "subscribe", conversation_id: ID, after: 5 });
  });

  it("renews the token when hello is refused", async () => {
    let token = "old";
    make({ token: () => token }, async () => void (token = "new"));
    FakeSocket.last.readyState = 1;
    FakeSocket.last.onopen?.(undefined as never);
    await vi.advanceTimersByTimeAsync(0);
    FakeSocket.last.give({ type: "error", code: "identity_lapsed", message: "" });
    await vi.advanceTimersByTimeAsync(2_000);
    await FakeSocket.last.ready();
    expect(FakeSocket.last.sent[0]).toEqual({ type: "hello", token: "new" });
  });

  it("pings after 20 s of silence and gives up after 45 s", async () => {
    make();
    await FakeSocket.last.ready();
    await vi.advanceTimersByTimeAsync(21_000);
    expect(FakeSocket.last.types()).toContain("ping");
    await vi.advanceTimersByTimeAsync(26_000);
    expect(FakeSocket.all.length).toBeGreaterThan(1);
  });

  it("tries at once when nudged", async () => {
    make();
    FakeSocket.last.cut();
    stream.nudge();
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("survives frames that are no JSON", async () => {
    make().subscribe(ID, 0);
    await FakeSocket.last.ready();
    FakeSocket.last.give("<html>");
    give(1);
    expect(seen).toEqual([1]);
  });
});

describe("events", () => {
  it("drops duplicates and what is not followed", async () => {
    make().subscribe(ID, 2);
    await FakeSocket.last.ready();
    for (const seq of [2, 3, 3, 1, 4]) give(seq);
    FakeSocket.last.give({ type: "event", conversation_id: "other", event: note(1) });
    expect(seen).toEqual([3, 4]);
  });

  it("lets a customer's numbers skip", async () => {
    make().subscribe(ID, 0);
    await FakeSocket.last.ready();
    give(1);
    give(4);
    expect(seen).toEqual([1, 4]);
  });

  it("asks again from the cursor when staff miss a number", async () => {
    make({ gapless: true }).subscribe(ID, 0);
    await FakeSocket.last.ready();
    give(1);
    give(3);
    expect(seen).toEqual([1]);
    expect(FakeSocket.last.sent.at(-1)).toEqual({ type: "subscribe", conversation_id: ID, after: 1 });
    give(2);
    give(3);
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe("posting", () => {
  it("resolves on the acknowledgement", async () => {
    make().subscribe(ID, 0);
    await FakeSocket.last.ready();
    const sent = stream.post(ID, { client_id: "a", text: "您好" });
    ack("a");
    await expect(sent).resolves.toMatchObject({ seq: 9 });
  });

  it("sends again after a reconnect, with the same client_id and in order", async () => {
    make();
    await FakeSocket.last.ready();
    void stream.post(ID, { client_id: "a", text: "1" });
    void stream.post(ID, { client_id: "b", text: "2" });
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(800);
    await FakeSocket.last.ready();
    const posts = FakeSocket.last.sent.filter((frame) => frame.type === "post");
    expect(posts.map((frame) => frame.client_id)).toEqual(["a", "b"]);
  });

  it("sends again when no acknowledgement comes, and not once it came", async () => {
    make();
    await FakeSocket.last.ready();
    const sent = stream.post(ID, { client_id: "a", text: "1" });
    await vi.advanceTimersByTimeAsync(16_000);
    const posts = () => FakeSocket.last.types().filter((type) => type === "post").length;
    expect(posts()).toBe(2);
    ack("a");
    await sent;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(posts()).toBe(2);
  });

  it("is one message however often it is posted", async () => {
    make();
    const first = stream.post(ID, { client_id: "a", text: "1" });
    expect(stream.post(ID, { client_id: "a", text: "1" })).toBe(first);
    await FakeSocket.last.ready();
    expect(FakeSocket.last.types().filter((type) => type === "post")).toHaveLength(1);
  });

  it("rejects what the server refuses", async () => {
    make();
    await FakeSocket.last.ready();
    const sent = stream.post(ID, { client_id: "a", text: "" });
    FakeSocket.last.give({ type: "error", client_id: "a", code: "message_empty", message: "空" });
    await expect(sent).rejects.toBeInstanceOf(PostRefused);
  });
});

describe("long polling", () => {
  function rest(batches: Batch[]): Rest & { posted: string[]; asked: number[] } {
    const posted: string[] = [];
    const asked: number[] = [];
    return {
      posted,
      asked,
      events: (_id, after, _wait, signal) => {
        asked.push(after);
        const next = batches.shift();
        if (next) return Promise.resolve(next);
        return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
      },
      post: async (_id, message) => {
        posted.push(message.client_id);
        return { client_id: message.client_id, conversation_id: ID, seq: 3, at: "", duplicate: false };
      },
    };
  }

  it("takes over after two failed sockets, and gives way to a socket that works", async () => {
    const fake = rest([{ events: [note(1), note(2)] }]);
    make({ rest: fake }).subscribe(ID, 0);
    const sent = stream.post(ID, { client_id: "a", text: "1" });
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(2_000);
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(10);
    expect(stream.status).toBe("polling");
    expect(seen).toEqual([1, 2]);
    await expect(sent).resolves.toMatchObject({ seq: 3 });
    expect(fake.asked).toEqual([0, 2]);
    await vi.advanceTimersByTimeAsync(31_000);
    await FakeSocket.last.ready();
    expect(stream.status).toBe("live");
    expect(FakeSocket.last.sent).toContainEqual({ type: "subscribe", conversation_id: ID, after: 2 });
    expect(fake.posted).toEqual(["a"]);
  });

  it("is offline while polls fail too", async () => {
    const failing: Rest = { events: () => Promise.reject(new Error("down")), post: () => Promise.reject(new Error("down")) };
    make({ rest: failing }).subscribe(ID, 0);
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(2_000);
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(100);
    expect(stream.status).toBe("offline");
  });
});

describe("backoff", () => {
  it("doubles from half a second to fifteen, plus up to a half", () => {
    expect([0, 1, 2, 10].map((n) => backoff(n, () => 0))).toEqual([500, 1000, 2000, 15000]);
    expect(backoff(0, () => 1)).toBe(750);
  });
});
