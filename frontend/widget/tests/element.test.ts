import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { FakeSocket, note } from "../../shared/tests/fakes";
import type { Event } from "../../shared/types";
import { all, give, key, mount, one, page, say, settle, setUp } from "./harness";

setUp();

describe("the first minute", () => {
  it("says it is an AI and how to reach a person, without opening a conversation", async () => {
    await mount({ open: "" });
    expect(one(".opening").textContent).toContain("一个 AI，不是真人");
    expect(one(".opening").textContent).toContain("人工");
    expect(page.calls.map((call) => call.path)).toEqual(["/api/v1/about", "/api/v1/visitors"]);
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
    page.chat.setDraft("写到一半");
    page.chat.remove();
    await mount({ open: "" });
    expect(page.chat.draft).toBe("写到一半");
  });

  it("posts what an earlier page could not deliver again, under the same id", async () => {
    await mount({ open: "" });
    await say("没送到");
    const first = FakeSocket.last.sent.find((frame) => frame.type === "post");
    page.chat.remove();
    await mount({ open: "" });
    await FakeSocket.last.ready();
    await settle();
    expect(FakeSocket.last.sent.find((frame) => frame.type === "post")).toEqual(first);
  });
});

describe("who it is", () => {
  const jwt = `${btoa('{"alg":"HS256"}')}.${btoa('{"sub":"u-72"}')}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`.replace(/=/g, "");
  const visits = () => page.calls.filter((call) => call.path.endsWith("/visitors")).map((call) => call.body.identity);

  it("goes on with the conversation of this tab when the customer signs in", async () => {
    await mount({ open: "" });
    await say("卡丢了");
    page.chat.setAttribute("identity", jwt);
    await settle();
    await settle();
    expect(visits()).toEqual([undefined, jwt]);
    expect(page.calls.map((call) => call.path)).toContain("/api/v1/conversations/c1");
    page.chat.removeAttribute("identity");
    await settle();
    expect(localStorage.getItem("warmline:bank.test:anyone:session")).not.toContain("c1");
  });

  it("goes on waiting when the bank turns out to know the customer already", async () => {
    await mount({ open: "" });
    await say("卡丢了");
    page.visitor = { customer_id: "u2", also: ["u1"] };
    await page.chat.session.access.renew();
    await settle();
    expect(page.chat.session.state?.id).toBe("c1");
    expect(JSON.parse(localStorage.getItem("warmline:bank.test:anyone:session") ?? "")).toMatchObject({ customer: "u2", conversation: "c1" });
  });

  it("leaves nothing on screen for somebody else", async () => {
    await mount({ open: "" });
    await say("卡丢了");
    page.visitor = { customer_id: "u2", also: ["u3"] };
    await page.chat.session.access.renew();
    await settle();
    expect(page.chat.session.state).toBeNull();
  });

  it("another tab's visitor is not the one who signs in here", async () => {
    await mount({ open: "" });
    await say("卡丢了");
    page.chat.remove();
    sessionStorage.clear();
    await mount({ identity: jwt });
    expect(page.calls.filter((call) => call.path.endsWith("/conversations/c1"))).toEqual([]);
  });
});

describe("a person", () => {
  const handoffs = () => page.calls.filter((call) => call.path.endsWith("/handoff")).map((call) => call.body);

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
    page.chat.setDraft("5");
    await settle();
    key(one("textarea"), { key: "0" });
    expect(handoffs()).toEqual([]);
    page.chat.setDraft("");
    await settle();
    key(one("textarea"), { key: "0" });
    await settle();
    expect(handoffs()).toEqual([{ via: "key" }]);
  });

  it("by Alt+H from anywhere, opening the panel", async () => {
    await mount();
    key(document.body, { altKey: true, code: "KeyH", key: "h" });
    await settle();
    expect(page.chat.open).toBe(true);
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
    expect(page.calls.some((call) => call.path.endsWith("/return-to-assistant"))).toBe(false);
    one(".sheet .second").click();
    await settle();
    expect(page.calls.some((call) => call.path.endsWith("/return-to-assistant"))).toBe(true);
  });
});

describe("by keyboard", () => {
  it("everything can be reached as soon as the panel opens", async () => {
    await mount({ open: "" });
    expect(one(".body").hasAttribute("inert")).toBe(false);
    expect(page.chat.shadowRoot?.activeElement?.tagName).toMatch(/TEXTAREA|H2/);
  });

  it("Escape closes what lies on top, then the panel", async () => {
    await mount({ open: "" });
    page.chat.show("settings");
    await settle();
    key(one(".sheet button"), { key: "Escape" });
    await settle();
    expect(one(".sheet")).toBeUndefined();
    key(one("textarea"), { key: "Escape" });
    await settle();
    expect(page.chat.open).toBe(false);
    expect(page.chat.shadowRoot?.activeElement?.className).toBe("launcher");
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
    page.chat.actions.choose({ locale: "en", elder: true });
    await settle();
    expect(one(".human.big").textContent?.trim()).toBe("Talk to a person");
    page.chat.remove();
    await mount({ open: "" });
    expect(page.chat.lang).toBe("en");
    expect(page.chat.hasAttribute("data-elder")).toBe(true);
  });
});

it.each(["", "elder"])("axe finds nothing to mend in the markup (%s)", async (mode) => {
  await mount({ open: "", ...(mode ? { elder: "" } : {}) });
  await say("卡丢了");
  give(note(3, "先冻结"));
  page.chat.show("settings");
  await settle();
  const { violations } = await axe.run(page.chat, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
});

describe("a file that did not go", () => {
  const failed = async (reason: string | null) => {
    await mount({ open: "" });
    const file = new File(["x"], "x.png", { type: "image/png" });
    page.chat.tray.items = [{ id: "1", file, preview: "blob:x", progress: 0, state: "failed", attachment: null, reason }];
    page.chat.requestUpdate();
    await settle();
  };

  it("is offered to be tried again when only the network was in the way", async () => {
    await failed(null);
    expect(all(".chip .link")).toHaveLength(1);
  });

  it("is not when it was refused, and no broken picture is shown", async () => {
    await failed("只能发图片和 PDF");
    expect(all(".chip .link, .chip img")).toHaveLength(0);
    expect(one(".chip").textContent).toContain("只能发图片和 PDF");
  });
});
