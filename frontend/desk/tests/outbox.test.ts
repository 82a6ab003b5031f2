import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/http";
import { afterFailure, dismiss, enqueue, ready, resume, revive, seen, sendAnyway } from "@/lib/outbox";
import { out } from "./make";

const refusal = (code: string, fields = {}) => new ApiError(409, code, "同事刚刚也回了客户。", fields);

describe("the unsent queue", () => {
  it("takes the same client_id once", () => {
    const box = enqueue([], out());
    expect(enqueue(box, out({ text: "别的" }))).toBe(box);
  });

  it("sends one at a time per conversation, in the order written", () => {
    const box = [out(), out({ client_id: "m2" }), out({ client_id: "m3", conversation_id: "c2" })];
    expect(ready(box).map((item) => item.client_id)).toEqual(["m1", "m3"]);
    expect(ready([out({ status: "sending" }), out({ client_id: "m2" })])).toEqual([]);
    expect(ready(dismiss(box, "m1")).map((item) => item.client_id)).toEqual(["m2", "m3"]);
  });

  it("keeps a message for another try when the line is down or the server is busy", () => {
    for (const error of [new TypeError("Failed to fetch"), new ApiError(503, "unavailable", ""), new ApiError(429, "busy", "")]) {
      const [item] = afterFailure([out({ status: "sending" })], "m1", error);
      expect(item).toMatchObject({ status: "queued", tries: 1, client_id: "m1" });
    }
  });

  it("holds a message that crossed a colleague's, and what was written after it", () => {
    const box = afterFailure([out({ status: "sending" }), out({ client_id: "m2" })], "m1", refusal("colleague_replied", { seq: 9 }));
    expect(box[0]).toMatchObject({ status: "conflict", colleague: { seq: 9 } });
    expect(ready(box)).toEqual([]);
  });

  it("sends anyway under the same client_id, judged against what was seen since", () => {
    const held = afterFailure([out()], "m1", refusal("colleague_replied", { seq: 9 }));
    expect(sendAnyway(held, "m1", 7)[0]).toMatchObject({ client_id: "m1", status: "queued", expect_seq: 9, colleague: null });
    expect(sendAnyway(held, "m1", 12)[0]?.expect_seq).toBe(12);
  });

  it("sends what was refused for being someone else's once the conversation is mine again, and nothing else", () => {
    const box = [
      ...afterFailure([out({ status: "sending" })], "m1", refusal("not_yours")),
      ...afterFailure([out({ client_id: "m2", status: "sending" })], "m2", refusal("invalid")),
      ...afterFailure([out({ client_id: "m3", conversation_id: "c2", status: "sending" })], "m3", refusal("not_yours")),
    ];
    expect(ready(box)).toEqual([]);
    const again = resume(box, "c1");
    expect(ready(again).map(({ client_id }) => client_id)).toEqual(["m1"]);
    expect(again[0]).toMatchObject({ error: null, refusal: null, tries: 0 });
    expect(resume([out()], "c1")).toEqual([out()]);
  });

  it("does not block a conversation by a message the server refused", () => {
    const box = afterFailure([out(), out({ client_id: "m2" })], "m1", new ApiError(422, "invalid", "不能发"));
    expect(box[0]).toMatchObject({ status: "refused", error: "不能发" });
    expect(ready(box).map((item) => item.client_id)).toEqual(["m2"]);
  });

  it("lets my own stored message not stand in the way of my next", () => {
    const box = seen([out({ client_id: "m2", expect_seq: 5 }), out({ client_id: "m3", conversation_id: "c2", expect_seq: 5 })], "c1", 6);
    expect(box.map((item) => item.expect_seq)).toEqual([6, 5]);
  });

  it("goes out again after a reload under the same client_id, and drops what is not a message", () => {
    const box = revive([out({ status: "sending" }), { nonsense: true }, null]);
    expect(box).toHaveLength(1);
    expect(ready(box).map((item) => item.client_id)).toEqual(["m1"]);
    expect(revive("broken")).toEqual([]);
  });
});
