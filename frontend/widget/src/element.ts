import { LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Event, Locale, Wait } from "../../shared/types";
import { Actions } from "./actions";
import { Focus } from "./focus";
import type { Telling } from "./format";
import type { Host } from "./host";
import { translator, type Translate } from "./i18n";
import { onKey } from "./keys";
import { listen } from "./listen";
import { Media } from "./media";
import { Preferences } from "./preferences";
import { Scroller } from "./scroller";
import { Session } from "./session";
import { isSpeaker, join, leave, speaker } from "./single";
import { tabFlag, type Choices } from "./store";
import { styles } from "./styles";
import { Tray } from "./tray";
import { frame } from "./views/frame";
import { followViewport } from "./viewport";
import { Voice } from "./voice";

export type Sheet = "settings" | "booked" | "callback" | "return" | "end" | null;

/** `<warmline-chat>`: the customer's side of a conversation, one element a page drops in. */
export class WarmlineChat extends LitElement implements Host {
  static override styles = styles;
  static override properties = {
    server: {},
    locale: {},
    elder: {},
    theme: {},
    identity: {},
    assistant: {},
    open: { type: Boolean, reflect: true },
    sheet: { state: true },
  };
  /** Where the script came from: the server, unless the page names another. */
  static origin = "";

  declare server: string | null;
  declare locale: string | null;
  declare elder: string | null;
  declare theme: string | null;
  declare identity: string | null;
  declare assistant: string | null;
  declare open: boolean;
  declare sheet: Sheet;
  declare session: Session;
  declare media: Media;
  declare tray: Tray;
  declare preferences: Preferences;
  readonly actions = new Actions(this);
  readonly voice = new Voice(this);
  readonly scroller = new Scroller(this);
  readonly focuses = new Focus(this);
  t: Translate = translator("en");
  /** A warning above the input until the customer closes it. */
  notice: string | null = null;
  times: string[] | "failed" | null = null;
  draft = "";
  /** Key of the message being read aloud. */
  reading: string | null = null;
  private undo: (() => void)[] = [];

  /** False while a person is here or on the way. */
  get canAskHuman(): boolean {
    const owner = this.session.state?.owner ?? "assistant";
    return owner !== "queue" && owner !== "agent" && this.session.wantsHuman === null;
  }

  get assistantName(): string {
    return this.assistant ?? this.session.access.about?.assistant ?? this.t("assistant");
  }

  /** How the times of messages are told. */
  get telling(): Telling {
    return { locale: this.currentLocale(), t: this.t };
  }

  /** How promised times are told: in the bank's zone. */
  get promised(): Telling {
    return { ...this.telling, zone: this.session.access.zone };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    join(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    leave(this);
  }

  wake(): void {
    this.preferences = new Preferences(() => this);
    this.begin();
    this.undo = [
      listen(window, "keydown", (event) => onKey(this, event as KeyboardEvent)),
      listen(window, "online", () => this.session.nudge()),
      listen(window, "offline", () => this.session.unplugged()),
      listen(document, "visibilitychange", () => document.visibilityState === "visible" && this.session.nudge()),
      followViewport(this),
    ];
    if (tabFlag("panel") === "open") this.open = true;
    this.requestUpdate();
  }

  sleep(): void {
    this.undo.forEach((undo) => undo());
    this.actions.stop();
    this.session.stop();
    this.media.clear();
  }

  /** For the page: opens the panel and asks `text` as the customer. */
  ask(text: string): void {
    const chat = speaker(this);
    chat.open = true;
    chat.actions.say(text);
  }

  /** For the page: as the button does. */
  human(): void {
    const chat = speaker(this);
    chat.open = true;
    chat.actions.human("button");
  }

  currentLocale(): Locale {
    return this.preferences.locale;
  }

  readonly inElderMode = (): boolean => this.preferences.elder;
  readonly isUnfelt = (): boolean => this.preferences.unfelt;

  identitySource(): string | null {
    return this.identity ?? null;
  }

  changed(): void {
    this.requestUpdate();
  }

  arrived(event: Event): void {
    // By now the bank may have closed, or opened.
    if (event.payload.type === "callback.scheduled") void this.session.access.introduce();
    this.voice.hear(event);
  }

  waited(wait: Wait): void {
    this.voice.waited(wait);
  }

  profiled(elder: boolean): void {
    this.preferences.profileElder = elder;
    this.requestUpdate();
  }

  lapsed(): void {
    this.dispatchEvent(new CustomEvent("warmline-identity-lapsed", { bubbles: true, composed: true }));
    this.requestUpdate();
  }

  reset(): void {
    this.session.reset();
  }

  announce(text: string): void {
    this.voice.announce(text);
    this.requestUpdate();
  }

  warn(text: string): void {
    this.notice = text;
    this.announce(text);
  }

  choose(change: Choices): void {
    this.preferences.choose(change);
    this.requestUpdate();
  }

  setDraft(text: string): void {
    this.draft = text;
    this.session.access.store.draft = text;
    this.requestUpdate();
  }

  show(sheet: Sheet): void {
    this.focuses.leave();
    this.sheet = sheet;
  }

  hideSheet(): void {
    this.sheet = null;
  }

  protected override shouldUpdate(): boolean {
    return isSpeaker(this);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.hasUpdated && (changed.has("identity") || changed.has("server"))) this.begin();
    this.t = translator(this.currentLocale());
    this.preferences.show(this);
    this.scroller.before();
    this.focuses.before();
  }

  protected override render(): TemplateResult {
    return frame(this);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("open") && (this.open || changed.get("open"))) this.opened();
    this.scroller.after();
    this.focuses.after(changed.has("sheet"));
    if (this.open && document.visibilityState === "visible") this.session.seeAll();
  }

  private opened(): void {
    tabFlag("panel", this.open ? "open" : "closed");
    this.sheet = null;
    this.focuses.begin();
    if (!this.open) return;
    if (this.session.events.length > 0) this.scroller.follow();
    void this.session.prepare();
  }

  private begin(): void {
    this.session?.stop();
    this.media?.clear();
    this.actions.forgetPerson();
    const session = new Session(this.server || WarmlineChat.origin || location.origin, this);
    this.session = session;
    this.media = new Media(session.access, () => this.requestUpdate());
    this.tray = new Tray({
      changed: () => this.requestUpdate(),
      refuse: (key, values) => this.warn(this.t(key, values)),
      target: () => session.uploadTarget(),
    });
    if (this.hasUpdated && this.open) void session.prepare();
    void session.start().then(() => {
      this.draft ||= session.access.store.draft;
      this.requestUpdate();
    });
  }
}
