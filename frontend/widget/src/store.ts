import type { Locale } from "../../shared/types";
import type { PendingMessage } from "./timeline";

export type Theme = "auto" | "light" | "dark";

/** What the customer chose; it outranks the page and the profile. */
export interface Choices {
  elder?: boolean;
  locale?: Locale;
  theme?: Theme;
  /** No feeling is to be read from what is written. */
  unfelt?: boolean;
}

/** What lets a reload or another tab go on; `seen` is the highest seq the customer has had before their eyes. */
export interface Saved {
  token?: string;
  customer?: string;
  conversation?: string;
  seen?: number;
}

/** Local storage, or memory where the browser forbids it. One namespace per server and signed-in person. */
export class Store {
  private readonly memory = new Map<string, string>();

  constructor(private readonly prefix: string) {}

  get choices(): Choices {
    return this.read<Choices>("choices") ?? {};
  }

  set choices(value: Choices) {
    this.write("choices", value);
  }

  get saved(): Saved {
    return this.read<Saved>("session") ?? {};
  }

  /** Merges into what is there now, which another tab may have changed. */
  save(change: Saved): void {
    this.write("session", { ...this.saved, ...change });
  }

  forget(): void {
    this.write("session", {});
    this.write("outbox", []);
  }

  /** Moves what was said and written in `other` here: its owner turned out to be this one. Who said nothing there changes nothing here. */
  takeOver(other: Store): void {
    const { token, conversation, seen } = other.saved;
    this.draft = other.draft || this.draft;
    if (token && conversation) {
      this.save({ token, conversation, seen: seen ?? 0 });
      this.write("outbox", [...this.outbox, ...other.outbox]);
    }
    other.forget();
    other.draft = "";
  }

  get draft(): string {
    return this.read<string>("draft") ?? "";
  }

  set draft(text: string) {
    this.write("draft", text);
  }

  get outbox(): PendingMessage[] {
    return this.read<PendingMessage[]>("outbox") ?? [];
  }

  keep(message: PendingMessage): void {
    this.write("outbox", [...this.outbox.filter((kept) => kept.client_id !== message.client_id), message]);
  }

  drop(clientId: string): void {
    const rest = this.outbox.filter((kept) => kept.client_id !== clientId);
    if (rest.length !== this.outbox.length) this.write("outbox", rest);
  }

  private read<T>(name: string): T | null {
    const key = `${this.prefix}:${name}`;
    try {
      const text = localStorage.getItem(key);
      return text === null ? null : (JSON.parse(text) as T);
    } catch {
      const text = this.memory.get(key);
      return text === undefined ? null : (JSON.parse(text) as T);
    }
  }

  private write(name: string, value: unknown): void {
    const key = `${this.prefix}:${name}`;
    const text = JSON.stringify(value);
    this.memory.set(key, text);
    try {
      localStorage.setItem(key, text);
    } catch {
      return;
    }
  }
}

/** A new id of 32 hex digits; works also where `crypto.randomUUID` is missing (plain http). */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A word remembered in this tab only: whether the panel was open, whether an unknown visitor has talked here. */
export function tabFlag(name: "panel" | "talked", value?: string): string | null {
  try {
    if (value) sessionStorage.setItem(`warmline:${name}`, value);
    return sessionStorage.getItem(`warmline:${name}`);
  } catch {
    return null;
  }
}
