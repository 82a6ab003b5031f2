import { ref, shallowRef } from "vue";
import { Stream, type StreamStatus } from "@shared/stream";
import { ApiError } from "@/api/http";
import { conversations } from "@/api/staff";
import type { InboxItem } from "@/api/types";
import { applyInbox, fromSnapshot, type Inbox } from "@/lib/inbox";
import { loadConversation, opened, takeEvent, takeOnline, takeTyping } from "./conversations";
import { reloadMe } from "./session";

export const status = ref<StreamStatus>("idle");
export const inbox = shallowRef<Inbox>(new Map());
export const inboxState = ref<"loading" | "ready" | "error">("loading");

let stream: Stream | null = null;
let poll: ReturnType<typeof setInterval> | undefined;
let wasLive = false;
let onLive: () => void = () => undefined;
const POLL_MS = 5_000;

/** What came while a snapshot was being read: the snapshot may be older. */
const meanwhile: [InboxItem, boolean][] = [];
let reading = 0;

export async function loadInbox(): Promise<void> {
  reading += 1;
  try {
    const snapshot = fromSnapshot((await conversations.inbox()).items);
    inbox.value = meanwhile.reduce((known, [item, removed]) => applyInbox(known, item, removed), snapshot);
    inboxState.value = "ready";
  } catch {
    if (inboxState.value !== "ready") inboxState.value = "error";
  } finally {
    reading -= 1;
    if (reading === 0) meanwhile.length = 0;
  }
}

export function takeLine(item: InboxItem, removed: boolean): void {
  if (reading > 0) meanwhile.push([item, removed]);
  inbox.value = applyInbox(inbox.value, item, removed);
}

/** `callback` runs each time the line is back. */
export function whenLive(callback: () => void): void {
  onLive = callback;
}

/** Where sockets worked before, they may work again at any moment. */
function pollOnce(): void {
  void loadInbox();
  if (wasLive) nudge();
}

function changed(next: StreamStatus): void {
  const before = status.value;
  status.value = next;
  clearInterval(poll);
  if (next === "live" || (next === "polling" && before !== "polling")) {
    void loadInbox();
    onLive();
  }
  wasLive ||= next === "live";
  if (next === "polling") poll = setInterval(pollOnce, POLL_MS);
}

export function startLive(): void {
  if (stream) return;
  const address = new URL("/api/v1/stream", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  stream = new Stream(
    {
      url: address.href,
      gapless: true,
      rest: {
        events: (id, after) => conversations.events(id, after),
        post: () => Promise.reject(new Error("the desk posts through its own outbox")),
      },
    },
    {
      onEvent: takeEvent,
      onSignal: (id, signal) => {
        if (signal.kind === "typing") takeTyping(id, signal.data);
        if (signal.kind === "presence") takeOnline(id, signal.data.online);
      },
      onInbox: takeLine,
      onStatus: changed,
      onFrame: (frame) => {
        if (frame.type === "me") void reloadMe();
      },
    },
  );
  stream.start();
  void loadInbox();
  window.addEventListener("online", nudge);
  window.addEventListener("offline", unplugged);
  document.addEventListener("visibilitychange", nudge);
}

export const nudge = () => stream?.nudge();
/** The browser lost its network; the socket would not know for a while. */
const unplugged = () => stream?.reconnect();

export function stopLive(): void {
  window.removeEventListener("online", nudge);
  window.removeEventListener("offline", unplugged);
  document.removeEventListener("visibilitychange", nudge);
  clearInterval(poll);
  stream?.stop();
  stream = null;
  opened.clear();
  inbox.value = new Map();
  inboxState.value = "loading";
  wasLive = false;
}

/** Opens a conversation and follows it; returns when its story is on the screen. */
export async function follow(id: string): Promise<void> {
  const conversation = await loadConversation(id);
  stream?.subscribe(id, conversation.state.last_seq);
}

export const unfollow = (id: string) => stream?.unsubscribe(id);
export const sendTyping = (id: string) => stream?.typing(id);
export const sendRead = (id: string, upTo: number) => stream?.read(id, upTo);

const PATIENCE_MS = 1_500;

/** After a change the feed brings the events; if it does not within a moment, read the conversation afresh. */
export function expect(id: string, seq: number | undefined, patience = PATIENCE_MS): void {
  setTimeout(() => {
    const conversation = opened.get(id);
    if (stream && conversation && seq && conversation.state.last_seq < seq) loadConversation(id).catch(() => undefined);
  }, patience);
}

/** True for a refusal that names who was faster. */
export const isTaken = (error: unknown): error is ApiError => error instanceof ApiError && error.code === "already_taken";
