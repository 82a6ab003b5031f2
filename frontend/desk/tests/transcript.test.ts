import { describe, expect, it } from "vitest";
import type { Payload } from "@/api/types";
import { recapParts } from "@/lib/recap";
import { articleTitles, feelingsOf, lastQuestion, lineOf, lostBy, recapState, rows, slipOf, tookBack, unpicked } from "@/lib/transcript";
import { event, said } from "./make";

const recap = (text: string): Payload => ({ type: "recap.proposed", text, outcome: "solved" });
const answered = (agreed: boolean): Payload => ({ type: "recap.answered", agreed });

describe("the transcript", () => {
  it("shows messages, lines and decisions in order, with the day once", () => {
    const kinds = rows([
      event(1, "customer", said("卡被吞了")),
      event(2, "system", { type: "turn.decided", reply_to: 1, decision: "answer", reason: "released" }),
      event(3, "assistant", said("您别急")),
      event(4, "customer", { type: "handoff.requested", by: "customer", via: "word", reason: "customer_asked", owner: "queue", urgency: "normal", head_start: 0 }),
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

  it("is theirs again only if nobody else had it meanwhile", () => {
    const gone = [event(1, "agent", accepted("me")), event(2, "system", vanished("me"))];
    expect(tookBack(gone, "me")).toBe(false);
    expect(tookBack([...gone, event(3, "agent", accepted("me"))], "me")).toBe(true);
    expect(tookBack([...gone, event(3, "agent", accepted("lin")), event(4, "agent", accepted("me"))], "me")).toBe(false);
    expect(tookBack([event(1, "agent", accepted("me"))], "me")).toBe(false);
  });
});

it("a greeting from the slip is nothing that was agreed", () => {
  const events = [event(1, "customer", said("卡丢了")), event(2, "agent_for_assistant", said("您好，我是陈曦，我来帮您。"))];
  expect(recapParts(events)).toEqual({ question: "卡丢了", agreed: "" });
});

it("a question is nothing that was agreed either", () => {
  const events = [event(1, "customer", said("卡丢了")), event(2, "agent", said("已经挂失，新卡五天寄到。")), event(3, "agent", said("这样可以吗，您还有别的事吗？"))];
  expect(recapParts(events).agreed).toBe("已经挂失，新卡五天寄到。");
});

describe("what an agent is told on opening", () => {
  const choice = (article_id: string) => ({ id: article_id, text: `读法${article_id}`, article_id });
  const decided = (reason: string | null): Payload =>
    ({ type: "turn.decided", reply_to: 1, decision: "answer", reason: "released", acknowledgement: reason ? { say: ["comfort"], reason } : null }) as Payload;

  it("names the readings that were offered before and not answered with", () => {
    const log = [
      event(1, "assistant", said("您问的是", { choices: [choice("a"), choice("b")] })),
      event(2, "assistant", said("答案", { sources: [{ article_id: "a", question: "甲", version: 1 }] })),
      event(3, "assistant", said("或者", { choices: [choice("b"), choice("c")] })),
      event(4, "system", { type: "slip.written", reason: "a" }),
      event(5, "assistant", said("后来", { choices: [choice("d")] })),
    ];
    expect(unpicked(log, 4)).toEqual(["读法b", "读法c"]);
    expect(unpicked([], 4)).toEqual([]);
  });

  it("says what was last heard of the customer's feeling", () => {
    expect(feelingsOf([event(1, "system", decided("money_kept+loud")), event(2, "system", decided(null))])).toEqual(["money_kept", "loud"]);
    expect(feelingsOf([event(1, "system", decided("loud")), event(2, "system", decided("again"))])).toEqual(["again"]);
    expect(feelingsOf([event(1, "system", decided(null))])).toEqual([]);
  });
});
