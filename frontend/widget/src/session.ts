import { fold, mergeEvents } from "../../shared/fold";
import { Stream, type Signal, type StreamStatus } from "../../shared/stream";
import type { Ack } from "../../shared/frames";
import type { Attachment, Event, State, View, Wait } from "../../shared/types";
import { Access } from "./access";
import { Api, ApiError } from "./api";
import type { Host } from "./host";
import { restOf } from "./rest";
import { Seen } from "./seen";
import { Sender } from "./sender";
import { Activity } from "./activity";
import type { UploadTarget } from "./uploads";

const TYPING_EVERY_MS = 2_000;
const ASK_WAIT_AFTER_MS = 800;

type Via = "button" | "key";
interface Changed {
  conversation: State;
  wait?: Wait | null;
}

/** One customer's conversation: what the server said, what is on its way, and everything the customer may do. */
export class Session {
  readonly api: Api;
  readonly access: Access;
  readonly sender: Sender;
  readonly activity: Activity;
  state: State | null = null;
  events: readonly Event[] = [];
  wait: Wait | null = null;
  status: StreamStatus = "idle";
  loading = false;
  /** The last attempt to reach the server failed before there was a stream. */
  unreachable = false;
  /** A person was asked for and the server does not know yet. */
  wantsHuman: Via | null = null;
  private readonly stream: Stream;
  private started: Promise<void> | null = null;
  private opening: Promise<string> | null = null;
  private typedAt = 0;
  private readonly seen: Seen;

  constructor(server: string, private readonly host: Host) {
    this.api = new Api(server, { token: () => this.access.token, locale: () => host.currentLocale() });
    this.access = new Access(this.api, host);
    this.activity = new Activity(() => host.changed());
    this.sender = new Sender(() => this.access.store, (message) => this.postMessage(message), () => host.changed());
    this.stream = new Stream(
      { url: this.api.streamUrl, token: () => this.access.token ?? "", rest: restOf(this.access) },
      {
        onEvent: (_id, event) => this.take(event),
        onSignal: (_id, signal) => this.signal(signal),
        onStatus: (status) => this.setStatus(status),
        onRefused: () => this.access.renew().catch(() => undefined),
      },
    );
    this.seen = new Seen(this.access, this.stream);
  }

  get unread(): number {
    return this.seen.unread(this.events);
  }

  /** In the queue, or with a dated callback. */
  get waiting(): boolean {
    return this.state?.owner === "queue" || this.state?.owner === "callback";
  }

  /** Goes on where an earlier page or another tab left off, if anywhere. */
  start(): Promise<void> {
    return (this.started ??= this.resume());
  }

  /** The panel opened: learn who we talk to, quietly. */
  async prepare(): Promise<void> {
    await this.start();
    await Promise.all([this.access.introduce(), this.access.ensure().catch(() => undefined)]);
    // A customer known to the bank may have a conversation going on another device.
    const elsewhere = this.host.identitySource() !== null && !this.access.lapsed;
    if (!this.state && (elsewhere || this.access.store.saved.conversation)) await this.ensure().catch(() => undefined);
    this.host.changed();
  }

  stop(): void {
    this.stream.stop();
    this.sender.stop();
  }

  nudge(): void {
    this.stream.nudge();
    this.sender.retryLate();
    if (this.wantsHuman) void this.askHuman(this.wantsHuman).catch(() => undefined);
    if (!this.state) void this.prepare();
  }

  /** Forgets what is on screen: another customer. */
  reset(): void {
    if (this.state) this.stream.unsubscribe(this.state.id);
    this.state = this.wait = this.opening = null;
    this.events = [];
    this.sender.pending = [];
    this.host.changed();
  }

  say(text: string, attachments: Attachment[] = []): void {
    this.sender.say(text, attachments);
  }

  /** Asks for a person; when the network is down it is asked as soon as it is back. */
  async askHuman(via: Via): Promise<void> {
    this.wantsHuman = via;
    this.host.changed();
    try {
      await this.act("handoff", { via });
      this.wantsHuman = null;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 0) {
        this.wantsHuman = null;
        throw error;
      }
    } finally {
      this.host.changed();
    }
  }

  async callbackTimes(): Promise<string[]> {
    const id = await this.ensure();
    return (await this.access.guard(() => this.api.get<{ times: string[] }>(`/conversations/${id}/callback-times`))).times;
  }

  /** Posts one of the conversation's actions and takes the answer's state. */
  async act(action: string, body: Record<string, unknown> = {}): Promise<void> {
    const id = await this.ensure();
    const answer = await this.access.guard(() => this.api.post<Changed | null>(`/conversations/${id}/${action}`, body));
    if (answer?.conversation && answer.conversation.last_seq >= (this.state?.last_seq ?? 0)) this.state = answer.conversation;
    if (answer && "wait" in answer) this.wait = answer.wait ?? null;
    if (!this.waiting) this.wait = null;
    this.host.changed();
  }

  /** The conversation's id; opens one when there is none. */
  ensure(): Promise<string> {
    if (this.state && this.opening === null) return Promise.resolve(this.state.id);
    this.opening ??= this.open().then(
      (id) => this.opened(id, null),
      (error: unknown) => this.opened("", error),
    );
    return this.opening;
  }

  /** Where files of this conversation are uploaded to. */
  async uploadTarget(): Promise<UploadTarget> {
    const id = await this.ensure();
    return { url: `${this.api.base}/conversations/${id}/attachments`, headers: this.api.headers() };
  }

  typing(): void {
    if (this.state?.owner !== "agent" || Date.now() - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = Date.now();
    this.stream.typing(this.state.id);
  }

  /** The customer has everything before their eyes. */
  seeAll(): void {
    if (this.state) this.seen.all(this.state, this.events);
  }

  private async resume(): Promise<void> {
    await this.access.open();
    if (this.host.identitySource() && !this.access.token) await this.access.renew().catch(() => undefined);
    if (this.access.token && this.access.store.saved.conversation) await this.ensure().catch(() => undefined);
    if (this.access.store.outbox.length) this.sender.restore();
    this.host.changed();
  }

  private opened(id: string, error: unknown): string {
    this.opening = null;
    this.loading = false;
    this.unreachable = error instanceof ApiError && error.status === 0;
    this.host.changed();
    if (error) throw error;
    return id;
  }

  private async open(): Promise<string> {
    await this.access.ensure();
    const known = this.access.store.saved.conversation;
    if (known) {
      this.loading = true;
      this.host.changed();
      const view = await this.access.guard(() => this.api.get<View>(`/conversations/${known}`)).catch(notFoundIsNull);
      if (view) return this.adopt(view);
    }
    const body = { locale: this.host.currentLocale(), elder: this.host.inElderMode(), channel: "web" };
    return this.adopt(await this.access.guard(() => this.api.post<View>("/conversations", body)));
  }

  private adopt(view: View): string {
    this.state = view.conversation;
    this.events = mergeEvents(view.events, this.events);
    this.wait = view.wait;
    this.access.store.save({ conversation: this.state.id });
    for (const event of view.events) this.settle(event);
    this.stream.subscribe(this.state.id, this.state.last_seq);
    this.stream.start();
    return this.state.id;
  }

  private take(event: Event): void {
    if (!this.state) return;
    const before = this.state.owner;
    this.events = mergeEvents(this.events, [event]);
    this.state = fold(this.state, event);
    this.settle(event);
    if (!this.waiting) this.wait = null;
    else if (this.state.owner !== before) setTimeout(() => void this.askWait(), ASK_WAIT_AFTER_MS);
    this.host.arrived(event);
    this.host.changed();
  }

  /** What an event ends: a pending message, the typing signal, the thinking signal. */
  private settle(event: Event): void {
    if (event.payload.type !== "message.posted") return;
    const { client_id } = event.payload;
    if (this.sender.pending.some((message) => message.client_id === client_id)) this.sender.drop(client_id);
    if (event.author.kind !== "customer") this.activity.clear();
  }

  private async askWait(): Promise<void> {
    if (this.wait || !this.waiting) return;
    const view = await this.access.guard(() => this.api.get<View>(`/conversations/${this.state?.id}`)).catch(() => null);
    this.wait = view?.wait ?? this.wait;
    this.host.changed();
  }

  private signal(signal: Signal): void {
    if (signal.kind === "wait") {
      this.wait = signal.data;
      this.host.waited(signal.data);
    } else if (signal.kind === "typing" && signal.data.author.kind !== "customer") {
      this.activity.typing(signal.data.author.name ?? "");
    } else if (signal.kind === "thinking" && this.state?.owner === "assistant") {
      this.activity.looking();
    }
    this.host.changed();
  }

  private setStatus(status: StreamStatus): void {
    this.status = status;
    if ((status === "live" || status === "polling") && this.wantsHuman) {
      void this.askHuman(this.wantsHuman).catch(() => undefined);
    }
    this.host.changed();
  }

  private async postMessage(message: Parameters<Stream["post"]>[1]): Promise<Ack> {
    return this.stream.post(await this.ensure(), message);
  }
}

function notFoundIsNull(error: unknown): null {
  if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return null;
  throw error;
}
