import { PostRefused, Stream, type Ack, type Outgoing, type Signal, type StreamStatus } from "../../shared/stream";
import type { Event, State, View, Wait } from "../../shared/types";
import { Access } from "./access";
import { Activity } from "./activity";
import { Api, ApiError, nullIfGone } from "./api";
import type { Host } from "./host";
import { Known, type Changed } from "./known";
import { restOf } from "./rest";
import { Seen } from "./seen";
import { Sender } from "./sender";
import type { UploadTarget } from "./uploads";
import { HumanWish, type Via } from "./wish";

const ASK_WAIT_AFTER_MS = 800;
const UNKNOWN = new Set(["unauthenticated", "identity_lapsed"]);

/** One customer's conversation: what the server said, what is on its way, and everything the customer may do. */
export class Session {
  readonly api: Api;
  readonly access: Access;
  readonly sender: Sender;
  readonly activity: Activity;
  readonly known = new Known();
  status: StreamStatus = "idle";
  loading = false;
  /** The last attempt to reach the server failed before there was a stream. */
  unreachable = false;
  private readonly wish: HumanWish;
  private readonly stream: Stream;
  private started: Promise<void> | null = null;
  private opening: Promise<string> | null = null;
  private readonly seen: Seen;
  /** The browser lost its network: the socket would not know for a while. */
  readonly unplugged = () => this.stream.reconnect();

  constructor(server: string, private readonly host: Host) {
    this.api = new Api(server, { token: () => this.access.token, locale: () => host.currentLocale() });
    this.access = new Access(this.api, host);
    this.wish = new HumanWish((via) => this.act("handoff", { via }).then(() => void (this.wait && host.waited(this.wait))), () => host.changed());
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

  get state(): State | null {
    return this.known.state;
  }

  get events(): readonly Event[] {
    return this.known.events;
  }

  get wait(): Wait | null {
    return this.known.wait;
  }

  /** A person was asked for and the server does not know yet. */
  get wantsHuman(): Via | null {
    return this.wish.via;
  }

  /** Goes on where an earlier page or another tab left off, if anywhere. */
  start(): Promise<void> {
    return (this.started ??= this.resume());
  }

  /** The panel opened: learn who we talk to, quietly. */
  async prepare(): Promise<void> {
    await this.start();
    await Promise.all([this.access.introduce(), this.access.ensure().then(() => this.reached(null), (error) => this.reached(error))]);
    // A customer known to the bank may have a conversation going on another device.
    const elsewhere = this.host.identitySource() !== null && !this.access.lapsed;
    if (!this.state && (elsewhere || this.access.store.saved.conversation)) await this.ensure().catch(() => undefined);
    this.host.changed();
  }

  stop(): void {
    this.stream.stop();
    this.sender.stop();
    this.wish.stop();
  }

  /** The network or the customer may be back. */
  nudge(): void {
    this.host.changed();
    this.stream.nudge();
    this.sender.retryLate();
    this.wish.again();
    if (!this.state && this.unreachable) void this.prepare();
  }

  /** Forgets what is on screen: another customer. */
  reset(): void {
    if (this.state) this.stream.unsubscribe(this.state.id);
    this.opening = null;
    this.known.clear();
    this.sender.pending = [];
    this.host.changed();
  }

  /** Asks for a person; when the network is down it is asked as soon as it is back. */
  askHuman(via: Via): Promise<void> {
    return this.wish.ask(via);
  }

  async callbackTimes(): Promise<string[]> {
    const id = await this.ensure();
    return (await this.access.guard(() => this.api.get<{ times: string[] }>(`/conversations/${id}/callback-times`))).times;
  }

  /** Posts one of the conversation's actions and takes the answer's state. */
  async act(action: string, body: Record<string, unknown> = {}): Promise<void> {
    const id = await this.ensure();
    this.known.merge(await this.access.guard(() => this.api.post<Changed | null>(`/conversations/${id}/${action}`, body)));
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
    if (this.state?.owner === "agent") this.stream.typing(this.state.id);
  }

  /** The customer has everything before their eyes. */
  seeAll(): void {
    if (this.state) this.seen.all(this.state, this.events);
  }

  private async resume(): Promise<void> {
    await this.access.open();
    if (this.host.identitySource()) await this.access.renew().catch(() => undefined);
    if (this.access.token && this.access.store.saved.conversation) await this.ensure().catch(() => undefined);
    if (this.access.store.outbox.length) this.sender.restore();
    this.host.changed();
  }

  private opened(id: string, error: unknown): string {
    this.opening = null;
    this.loading = false;
    this.reached(error);
    this.host.changed();
    if (error) throw error;
    return id;
  }

  private reached(error: unknown): void {
    this.unreachable = error instanceof ApiError && error.status === 0;
  }

  private async open(): Promise<string> {
    await this.access.ensure();
    const known = this.access.store.saved.conversation;
    if (known) {
      this.loading = true;
      this.host.changed();
      const view = await this.access.guard(() => this.api.get<View>(`/conversations/${known}`)).catch(nullIfGone);
      if (view) return this.adopt(view);
    }
    const body = { locale: this.host.currentLocale(), elder: this.host.inElderMode(), feeling_refused: this.host.isUnfelt(), channel: "web" };
    return this.adopt(await this.access.guard(() => this.api.post<View>("/conversations", body)));
  }

  private adopt(view: View): string {
    const { id, last_seq } = this.known.adopt(view);
    this.access.store.save({ conversation: id });
    for (const event of view.events) this.settle(event);
    this.stream.subscribe(id, last_seq);
    this.stream.start();
    return id;
  }

  private take(event: Event): void {
    if (this.known.take(event)) setTimeout(() => void this.askWait(), ASK_WAIT_AFTER_MS);
    this.settle(event);
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
    if (this.wait || !this.known.waiting) return;
    const view = await this.access.guard(() => this.api.get<View>(`/conversations/${this.state?.id}`)).catch(() => null);
    this.known.wait = view?.wait ?? this.wait;
    this.host.changed();
  }

  private signal(signal: Signal): void {
    if (signal.kind === "wait") {
      this.known.wait = signal.data;
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
    if (status === "live" || status === "polling") this.wish.again();
    this.host.changed();
  }

  private async postMessage(message: Outgoing): Promise<Ack> {
    const id = await this.ensure();
    return this.stream.post(id, message).catch(async (error: unknown) => {
      // The socket goes on with the token it was opened with.
      if (error instanceof PostRefused && UNKNOWN.has(error.code)) {
        await this.access.renew();
        this.stream.reconnect();
      }
      throw error;
    });
  }
}
