import { describe, expect, it } from "vitest";
import type { Payload } from "@/api/types";
import { recapParts } from "@/lib/recap";
import { articleTitles, lastQuestion, lineOf, lostBy, recapState, rows, slipOf } from "@/lib/transcript";
import { event, said } from "./make";

const recap = (text: string): Payload => ({ type: "recap.proposed", text, outcome: "solved" });
const answered = (agreed: boolean): Payload => ({ type: "recap.answered", agreed });

describe("the transcript", () => {
  it("shows messages, lines and decisions in order, with the day once", () => {
    const kinds = rows([
      event(1, "customer", said("卡被吞了")),
      event(2, "system", { type: "turn.decided", reply_to: 1, decision: "answer", reason: "released" }),
      event(3, "assistant", said("您别急")),
      event(4, "customer", { type: "handoff.requested", by: "customer", via: "word", reason: "customer_asked", owner: "queue" }),
      event(5, "system", { type: "slip.written", reason: "customer_asked" }),
      event(6, "customer", { type: "messages.read", by: "customer", up_to: 3 }),
    ]).map((row) => row.kind);
    expect(kinds).toEqual(["day", "message", "decision", "message", "line"]);
  });

  it("names the speaker once for a run of messages", () => {
    const list = rows([event(1, "customer", said("一")), event(2, "customer", said("二")), event(3, "assistant", said("三"))]);
    expect(list.filter((row) => row.kind === "message").map((row) => row.first)).toEqual([true, false, true]);
  });

  it("puts a thumb on the message it is about", () => {
    const list = rows([event(1, "assistant", said("答")), event(2, "customer", { type: "feedback.given", seq: 1, value: "down" })]);
    expect(list.find((row) => row.kind === "message")?.feedback).toBe("down");
  });

  it("says how a recap stands, and asks anew for a second one", () => {
    const first = [event(1, "agent", recap("先")), event(2, "customer", answered(false))];
    expect(recapState(first)?.answer).toBe("declined");
    const second = [...first, event(3, "agent", recap("再"))];
    expect(recapState(second)).toMatchObject({ text: "再", answer: "open" });
    expect(rows(second).filter((row) => row.kind === "recap").map((row) => row.answer)).toEqual(["declined", "open"]);
    expect(recapState([...second, event(4, "customer", answered(true))])?.answer).toBe("agreed");
  });

  it("tells who moved the conversation", () => {
    const moved = event(1, "agent", { type: "conversation.transferred", owner: "agent", reason: "transferred", agent_id: "x", agent_name: "林岚" }, "陈曦");
    expect(lineOf(moved)).toMatchObject({ key: "transferred_agent", params: { from: "陈曦", name: "林岚" } });
  });

  it("finds the newest slip, the last question and the articles' titles", () => {
    const log = [
      event(1, "customer", said("卡丢了")),
      event(2, "assistant", said("挂失", { sources: [{ article_id: "card-lost", question: "储蓄卡丢了怎么办", version: 1 }] })),
      event(3, "system", { type: "slip.written", reason: "a", opening: "旧" }),
      event(4, "system", { type: "slip.written", reason: "b", opening: "新" }),
      event(5, "agent", said("您好")),
    ];
    expect(slipOf(log)?.payload.opening).toBe("新");
    expect(lastQuestion(log)).toBe("卡丢了");
    expect(articleTitles(log).get("card-lost")).toBe("储蓄卡丢了怎么办");
  });

  it("drafts a recap from the slip's question and the agent's last words", () => {
    const log = [
      event(1, "customer", said("卡丢了怎么办")),
      event(2, "system", { type: "slip.written", reason: "a", question: "储蓄卡丢失，要补卡" }),
      event(3, "agent", said("已帮您挂失，五个工作日内寄到。")),
      event(4, "agent", said("好的")),
    ];
    expect(recapParts(log)).toEqual({ question: "储蓄卡丢失，要补卡", agreed: "已帮您挂失，五个工作日内寄到。" });
  });
});

describe("a conversation whose agent's line broke", () => {
  const accepted = (agent: string): Payload => ({ type: "conversation.accepted", agent_id: agent, agent_name: agent, owner: "agent" }) as Payload;
  const vanished = (agent: string): Payload => ({ type: "agent.vanished", agent_id: agent, agent_name: agent, owner: "queue" }) as Payload;

  it("is lost by them until somebody takes it", () => {
    const events = [event(1, "agent", accepted("me")), event(2, "system", vanished("me"))];
    expect(lostBy(events, "me")).toBe(true);
    expect(lostBy(events, "lin")).toBe(false);
    expect(lostBy([...events, event(3, "agent", accepted("lin"))], "me")).toBe(false);
    expect(lostBy([], "me")).toBe(false);
  });
});

it("a greeting from the slip is nothing that was agreed", () => {
  const events = [event(1, "customer", said("卡丢了")), event(2, "agent_for_assistant", said("您好，我是陈曦，我来帮您。"))];
  expect(recapParts(events)).toEqual({ question: "卡丢了", agreed: "" });
});
