import type { ClientFrame, ServerFrame } from "./frames";

/** The part of a WebSocket that we use; tests give a fake one. */
export interface SocketLike {
  readyState: number;
  send(text: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}

export interface LinkHandlers {
  open(): void;
  frame(frame: ServerFrame): void;
  /** Called once, whatever ended the link. */
  closed(): void;
}

const SILENT_MS = 20_000;
const DEAD_MS = 45_000;
const OPEN = 1;

/** One socket with its heartbeat: a ping after 20 s of silence, given up after 45 s without a word. */
export class Link {
  private heard = Date.now();
  private timer: ReturnType<typeof setInterval>;
  private over = false;

  constructor(private readonly socket: SocketLike, private readonly handlers: LinkHandlers) {
    socket.onopen = () => handlers.open();
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = socket.onerror = () => this.end();
    this.timer = setInterval(() => this.beat(), 5_000);
  }

  /** False when the frame could not be handed to the socket. */
  send(frame: ClientFrame): boolean {
    if (this.over || this.socket.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Ends the link; `closed` is still called. */
  close(): void {
    this.end();
  }

  private receive(data: unknown): void {
    this.heard = Date.now();
    const frame = parse(data);
    if (frame && !this.over) this.handlers.frame(frame);
  }

  private beat(): void {
    const silent = Date.now() - this.heard;
    if (silent >= DEAD_MS) this.end();
    else if (silent >= SILENT_MS) this.send({ type: "ping" });
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    clearInterval(this.timer);
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = this.socket.onerror = null;
    this.socket.close();
    this.handlers.closed();
  }
}

function parse(data: unknown): ServerFrame | null {
  try {
    const value: unknown = JSON.parse(String(data));
    return value && typeof value === "object" && "type" in value ? (value as ServerFrame) : null;
  } catch {
    return null;
  }
}
