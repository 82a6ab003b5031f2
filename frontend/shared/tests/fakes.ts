import type { ClientFrame, ServerFrame } from "../frames";
import type { SocketLike } from "../link";
import type { Event } from "../types";

/** A socket that the test opens, feeds and cuts. */
export class FakeSocket implements SocketLike {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: ClientFrame[] = [];
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    return FakeSocket.all.at(-1) as FakeSocket;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }

  close(): void {
    this.readyState = 3;
  }

  /** Opens and, once the client has said hello, answers `ready`. */
  async ready(): Promise<void> {
    this.readyState = 1;
    this.onopen?.(undefined as never);
    await Promise.resolve();
    await Promise.resolve();
    this.give({ type: "ready" });
  }

  give(frame: ServerFrame | string): void {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }

  cut(): void {
    this.readyState = 3;
    this.onclose?.(undefined as never);
  }

  types(): string[] {
    return this.sent.map((frame) => frame.type);
  }
}

export function note(seq: number, text = `m${seq}`): Event {
  return {
    seq, at: "2026-01-01T00:00:00Z", author: { kind: "assistant" }, visibility: "all",
    payload: { type: "message.posted", client_id: `id${seq}`, text, format: "plain" },
  };
}
