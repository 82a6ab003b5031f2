import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSocket, note } from "../../shared/tests/fakes";
import type { Event, State, View } from "../../shared/types";
import { WarmlineChat } from "../src/element";

const STATE: State = {
  id: "c1", customer_id: "u1", customer_name: null, channel: "web", locale: "zh-Hans", elder: false,
  owner: "assistant", agent_id: null, agent_name: null, skill: null, priority: 0, human_requested: false,
  queued_at: null, callback_due_at: null, last_seq: 1, customer_read_seq: 0, staff_read_seq: 0,
  opened_at: "2026-01-01T00:00:00Z", closed_at: null,
};
const QUEUED = { ...STATE, owner: "queue", last_seq: 2 } as const;
const WAIT = { position: 3, low_seconds: 60, high_seconds: 240, agents_online: 2, due_at: null };
let calls: { path: string; body: Record<string, unknown> }[];
let chat: WarmlineChat;

function answer(path: string): unknown {
  const view: View = { conversation: STATE, events: [], wait: null, hours: { open: true, opens_at: null, text: "" } };
  if (path.endsWith("/visitors")) return { token: "t", customer_id: "u1", elder: false };
  if (path.includes("/about")) return { bank: "春和银行", assistant: "春和助手", hours: view.hours };
  if (path.endsWith("/handoff")) return { conversation: QUEUED, wait: WAIT };
  return view;
}

if (!customElements.get("warmline-chat")) customElements.define("warmline-chat", WarmlineChat);

async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve();
  await new Promise((done) => setTimeout(done, 0));
  await chat.updateComplete;
}

async function mount(attributes: Record<string, string> = {}): Promise<void> {
  chat = document.createElement("warmline-chat") as WarmlineChat;
  const all = { server: "http://bank.test", locale: "zh-Hans", assistant: "春和助手", ...attributes };
  for (const [name, value] of Object.entries(all)) chat.setAttribute(name, value);
  document.body.append(chat);
  await settle();
}

async function say(text: string): Promise<void> {
  chat.setDraft(text);
  chat.actions.send();
  await settle();
  if (FakeSocket.last.readyState === 0) await FakeSocket.last.ready();
  await settle();
}

const all = (selector: string) => [...(chat.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
const one = (selector: string) => all(selector)[0] as HTMLElement;
const give = (event: Event) => FakeSocket.last.give({ type: "event", conversation_id: "c1", event });
const key = (on: HTMLElement, init: KeyboardEventInit) =>
  on.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, composed: true, cancelable: true, ...init }));

beforeEach(() => {
  calls = [];
  FakeSocket.all = [];
  localStorage.clear();
  sessionStorage.clear();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    calls.push({ path: new URL(url).pathname, body: JSON.parse(String(init?.body ?? "{}")) as Record<string, unknown> });
    return new Response(JSON.stringify(answer(url)));
  });
});
afterEach(() => {
  chat.remove();
  vi.unstubAllGlobals();
});

describe("the first minute", () => {
  it("says it is an AI and how to reach a person, without opening a conversation", async () => {
    await mount({ open: "" });
    expect(one(".opening").textContent).toContain("一个 AI，不是真人");
    expect(one(".opening").textContent).toContain("人工");
    expect(calls.map((call) => call.path)).toEqual(["/api/v1/about", "/api/v1/visitors"]);
  });

  it("sends what was written once, and shows it once when its event comes", async () => {
    await mount({ open: "" });
    await say("卡丢了");
    const post = FakeSocket.last.sent.find((frame) => frame.type === "post");
    expect(post).toMatchObject({ text: "卡丢了" });
    const own = { ...note(2, "卡丢了"), author: { kind: "customer" } } as Event;
    own.payload = { type: "message.posted", client_id: post?.type === "post" ? post.client_id : "", text: "卡丢了", format: "plain" };
    give(own);
    give(own);
    await settle();
    expect(all(".turn.own .bubble").map((bubble) => bubble.textContent?.trim())).toEqual(["卡丢了"]);
  });

  it("announces each message once, with its speaker", async () => {
    await mount({ open: "" });
    await say("卡丢了");
    give(note(3, "先冻结"));
    give(note(3, "先冻结"));
    await settle();
    const lines = all('[role="log"] p').map((line) => line.textContent);
    expect(lines).toEqual(["春和助手 · AI: 先冻结"]);
  });

  it("keeps a draft and unsent words over a reload", async () => {
    await mount({ open: "" });
    chat.setDraft("写到一半");
    chat.remove();
    await mount({ open: "" });
    expect(chat.draft).toBe("写到一半");
  });

  it("posts what an earlier page could not deliver again, under the same id", async () => {
    await mount({ open: "" });
    await say("没送到");
    const first = FakeSocket.last.sent.find((frame) => frame.type === "post");
    chat.remove();
    await mount({ open: "" });
    await FakeSocket.last.ready();
    await settle();
    expect(FakeSocket.last.sent.find((frame) => frame.type === "post")).toEqual(first);
  });
});

describe("who it is", () => {
  const jwt = `${btoa('{"alg":"HS256"}')}.${btoa('{"sub":"u-72"}')}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`.replace(/=/g, "");
  const visits = () => calls.filter((call) => call.path.endsWith("/visitors")).map((call) => call.body.identity);

  it("goes on with the conversation of this tab when the customer signs in", async () => {
    await mount({ open: "" });
    await say("卡丢了");
    chat.setAttribute("identity", jwt);
    await settle();
    await settle();
    expect(visits()).toEqual([undefined, jwt]);
    expect(calls.map((call) => call.path)).toContain("/api/v1/conversations/c1");
    chat.removeAttribute("identity");
    await settle();
    expect(localStorage.getItem("warmline:bank.test:anyone:session")).not.toContain("c1");
  });

  it("another tab's visitor is not the one who signs in here", async () => {
    await mount({ open: "" });
    await say("卡丢了");
    chat.remove();
    sessionStorage.clear();
    await mount({ identity: jwt });
    expect(calls.filter((call) => call.path.endsWith("/conversations/c1"))).toEqual([]);
  });
});

describe("a person", () => {
  const handoffs = () => calls.filter((call) => call.path.endsWith("/handoff")).map((call) => call.body);

  it("by the button", async () => {
    await mount({ open: "" });
    one(".head .human").click();
    await settle();
    expect(handoffs()).toEqual([{ via: "button" }]);
    expect(one(".wait").textContent).toContain("前面还有 2 位");
    expect(one(".wait").textContent).toContain("大约 1 到 4 分钟");
  });

  it("by 0 in the empty input, not in a sentence", async () => {
    await mount({ open: "" });
    chat.setDraft("5");
    await settle();
    key(one("textarea"), { key: "0" });
    expect(handoffs()).toEqual([]);
    chat.setDraft("");
    await settle();
    key(one("textarea"), { key: "0" });
    await settle();
    expect(handoffs()).toEqual([{ via: "key" }]);
  });

  it("by Alt+H from anywhere, opening the panel", async () => {
    await mount();
    key(document.body, { altKey: true, code: "KeyH", key: "h" });
    await settle();
    expect(chat.open).toBe(true);
    expect(handoffs()).toEqual([{ via: "key" }]);
  });

  it("is asked once however often the button is pressed", async () => {
    await mount({ open: "" });
    one(".head .human").click();
    await settle();
    one(".head .human").click();
    await settle();
    expect(handoffs()).toHaveLength(1);
  });

  it("leaving the queue asks for the customer's yes first", async () => {
    await mount({ open: "" });
    one(".head .human").click();
    await settle();
    one(".wait .quiet").click();
    await settle();
    expect(one(".sheet").textContent).toContain("不再等同事");
    expect(calls.some((call) => call.path.endsWith("/return-to-assistant"))).toBe(false);
    one(".sheet .second").click();
    await settle();
    expect(calls.some((call) => call.path.endsWith("/return-to-assistant"))).toBe(true);
  });
});

describe("by keyboard", () => {
  it("everything can be reached as soon as the panel opens", async () => {
    await mount({ open: "" });
    expect(one(".body").hasAttribute("inert")).toBe(false);
    expect(chat.shadowRoot?.activeElement?.tagName).toMatch(/TEXTAREA|H2/);
  });

  it("Escape closes what lies on top, then the panel", async () => {
    await mount({ open: "" });
    chat.show("settings");
    await settle();
    key(one(".sheet button"), { key: "Escape" });
    await settle();
    expect(one(".sheet")).toBeUndefined();
    key(one("textarea"), { key: "Escape" });
    await settle();
    expect(chat.open).toBe(false);
    expect(chat.shadowRoot?.activeElement?.className).toBe("launcher");
  });
});

describe("words", () => {
  it("hostile words stay words", async () => {
    await mount({ open: "" });
    await say("你好");
    give(note(3, "<img src=x onerror=alert(1)>\u202E"));
    const named = note(4, "x");
    named.author = { kind: "agent", name: "<b>陈\u202E曦</b>" };
    give(named);
    await settle();
    expect(all(".log img, .log b, .log script")).toEqual([]);
    expect(one(".person .speaker bdi").textContent).toBe("<b>陈曦</b>");
  });

  it("erased words read as deleted", async () => {
    await mount({ open: "" });
    await say("你好");
    const gone = note(3);
    gone.payload = { type: "message.posted", client_id: "x", text: null, format: "plain", erased: true };
    give(gone);
    await settle();
    expect(one(".bubble.erased").textContent).toContain("已删除");
  });

  it("changes language and elder mode in place, and remembers", async () => {
    await mount({ open: "" });
    chat.actions.choose({ locale: "en", elder: true });
    await settle();
    expect(one(".human.big").textContent?.trim()).toBe("Talk to a person");
    chat.remove();
    await mount({ open: "" });
    expect(chat.lang).toBe("en");
    expect(chat.hasAttribute("data-elder")).toBe(true);
  });
});

it.each(["", "elder"])("axe finds nothing to mend in the markup (%s)", async (mode) => {
  await mount({ open: "", ...(mode ? { elder: "" } : {}) });
  await say("卡丢了");
  give(note(3, "先冻结"));
  chat.show("settings");
  await settle();
  const { violations } = await axe.run(chat, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
});
