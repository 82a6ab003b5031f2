import { fold, mergeEvents } from "../../shared/fold";
import type { Event, State, View, Wait } from "../../shared/types";

/** The answer of an action: the state after it, and the wait where there is one. */
export interface Changed {
  conversation?: State;
  wait?: Wait | null;
}

/** What the server told about the conversation so far. */
export class Known {
  state: State | null = null;
  events: readonly Event[] = [];
  wait: Wait | null = null;

  /** In the queue, or with a dated callback. */
  get waiting(): boolean {
    return this.state?.owner === "queue" || this.state?.owner === "callback";
  }

  adopt(view: View): State {
    this.state = view.conversation;
    this.events = mergeEvents(view.events, this.events);
    this.wait = view.wait;
    return this.state;
  }

  /** Takes one event; true when the customer has just begun to wait and the place is not known. */
  take(event: Event): boolean {
    if (!this.state) return false;
    const before = this.state.owner;
    this.events = mergeEvents(this.events, [event]);
    this.state = fold(this.state, event);
    if (!this.waiting) this.wait = null;
    return this.waiting && this.state.owner !== before;
  }

  /** Takes an action's answer; a state older than what the events say is left aside. */
  merge(answer: Changed | null): void {
    const newer = answer?.conversation;
    if (newer && newer.last_seq >= (this.state?.last_seq ?? 0)) this.state = newer;
    if (answer && "wait" in answer) this.wait = answer.wait ?? null;
    if (!this.waiting) this.wait = null;
  }

  clear(): void {
    this.state = this.wait = null;
    this.events = [];
  }
}
