import type { Stream } from "../../shared/stream";
import type { Event, State } from "../../shared/types";
import type { Access } from "./access";
import { isNews, lastFromPerson } from "./timeline";

/** What the customer has had before their eyes: the unread count, and receipts for what people wrote. */
export class Seen {
  private readUpTo = 0;

  constructor(private readonly access: Access, private readonly stream: Stream) {}

  unread(events: readonly Event[]): number {
    const seen = this.access.store.saved.seen ?? 0;
    return events.filter((event) => event.seq > seen && isNews(event)).length;
  }

  /** Everything up to now is on screen. */
  all(state: State, events: readonly Event[]): void {
    const last = events[events.length - 1]?.seq ?? 0;
    if (last > (this.access.store.saved.seen ?? 0)) this.access.store.save({ seen: last });
    const upTo = lastFromPerson(events);
    if (upTo <= Math.max(state.customer_read_seq, this.readUpTo)) return;
    this.readUpTo = upTo;
    this.stream.read(state.id, upTo);
  }
}
