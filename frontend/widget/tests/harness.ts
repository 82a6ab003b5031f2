import { afterEach, beforeEach, vi } from "vitest";
import { FakeSocket } from "../../shared/tests/fakes";
import type { Event, State, View, Visitor } from "../../shared/types";
import { WarmlineChat } from "../src/element";

const STATE: State = {
  id: "c1", customer_id: "u1", customer_name: null, channel: "web", locale: "zh-Hans", elder: false, feeling_refused: false,
  owner: "assistant", agent_id: null, agent_name: null, skill: null, urgency: "normal", rank_at: null, front: false, human_requested: false,
  queued_at: null, callback_due_at: null, last_seq: 1, customer_read_seq: 0, staff_read_seq: 0,
  opened_at: "2026-01-01T00:00:00Z", closed_at: null,
};
const QUEUED = { ...STATE, owner: "queue", last_seq: 2 } as const;
const WAIT = { position: 3, low_seconds: 60, high_seconds: 240, agents_online: 2, due_at: null };

/** What the test looks at: the element, and the calls that reached the server. */
export const page = {} as {
  chat: WarmlineChat;
  calls: { path: string; body: Record<string, unknown> }[];
  /** What the server says of the visitor, over the usual. */
  visitor: Partial<Visitor>;
};

function answer(path: string): unknown {
  const view: View = { conversation: STATE, events: [], wait: null, hours: { open: true, opens_at: null, text: "" } };
  if (path.endsWith("/visitors")) return { token: "t", customer_id: "u1", also: [], elder: false, ...page.visitor };
  if (path.includes("/about")) return { bank: "春和银行", assistant: "春和助手", hours: view.hours };
  if (path.endsWith("/handoff")) return { conversation: QUEUED, wait: WAIT };
  return view;
}

if (!customElements.get("warmline-chat")) customElements.define("warmline-chat", WarmlineChat);

export async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve();
  await new Promise((done) => setTimeout(done, 0));
  await page.chat.updateComplete;
}

export async function mount(attributes: Record<string, string> = {}): Promise<void> {
  page.chat = document.createElement("warmline-chat") as WarmlineChat;
  const given = { server: "http://bank.test", locale: "zh-Hans", assistant: "春和助手", ...attributes };
  for (const [name, value] of Object.entries(given)) page.chat.setAttribute(name, value);
  document.body.append(page.chat);
  await settle();
}

export async function say(text: string): Promise<void> {
  page.chat.setDraft(text);
  page.chat.actions.send();
  await settle();
  if (FakeSocket.last.readyState === 0) await FakeSocket.last.ready();
  await settle();
}

export const all = (selector: string) => [...(page.chat.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
export const one = (selector: string) => all(selector)[0] as HTMLElement;
export const give = (event: Event) => FakeSocket.last.give({ type: "event", conversation_id: "c1", event });
export const key = (on: HTMLElement, init: KeyboardEventInit) =>
  on.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, composed: true, cancelable: true, ...init }));

/** Every test starts with a clean browser and a server that answers. */
export function setUp(): void {
  beforeEach(() => {
    page.calls = [];
    page.visitor = {};
    FakeSocket.all = [];
    localStorage.clear();
    sessionStorage.clear();
    vi.stubGlobal("WebSocket", FakeSocket);
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      page.calls.push({ path: new URL(url).pathname, body: JSON.parse(String(init?.body ?? "{}")) as Record<string, unknown> });
      return new Response(JSON.stringify(answer(url)));
    });
  });
  afterEach(() => {
    page.chat.remove();
    vi.unstubAllGlobals();
  });
}
