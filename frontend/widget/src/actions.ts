import { PostRefused } from "../../shared/outbox";
import type { Attachment, Locale, MessagePosted } from "../../shared/types";
import { ApiError } from "./api";
import type { WarmlineChat } from "./element";
import { moment } from "./format";
import { speak } from "./speech";
import { spokenText } from "./spoken";
import type { Choices } from "./store";

/** Everything the customer can do; each says so when it did not work. */
export class Actions {
  private hush: (() => void) | null = null;

  constructor(private readonly app: WarmlineChat) {}

  /** Sends the draft and the files; a lone "0" asks for a person (on-screen keyboards send no key names). */
  send(): void {
    const { app } = this;
    const text = app.draft.trim();
    if (app.tray.busy) return;
    if (/^[0０]$/.test(text) && app.canAskHuman) {
      app.setDraft("");
      return this.human("key");
    }
    const files = app.tray.take();
    if (!text && files.length === 0) return;
    app.setDraft("");
    this.say(text, files);
  }

  /** A choice, a starter or the draft goes out as a message. */
  say(text: string, files: Attachment[] = []): void {
    this.app.notice = null;
    this.app.scroller.follow();
    this.app.session.sender.say(text, files);
    this.app.focuses.toInput();
  }

  /** A person, now: the same from everywhere. Who waits is told the place again, whose date stands what can be done. */
  human(via: "button" | "key"): void {
    const { app } = this;
    app.sheet = null;
    if (!app.canAskHuman) return this.sayStatus();
    app.scroller.follow();
    const booked = app.session.state?.owner === "callback";
    const stillBooked = () => booked && app.session.state?.owner === "callback" && app.show("booked");
    this.run(app.session.askHuman(via).then(stillBooked));
    app.focuses.toInput();
  }

  openCallback(): void {
    const { app } = this;
    app.show("callback");
    app.times = null;
    app.session.callbackTimes().then(
      (times) => (app.times = times),
      () => (app.times = "failed"),
    ).finally(() => app.requestUpdate());
  }

  bookCallback(at: string): void {
    const { app } = this;
    app.sheet = null;
    const done = app.session.act("callback", { due_at: at });
    this.run(done.then(() => app.announce(app.t("callbackDone", { time: moment(at, app.promised) }))));
  }

  returnToAssistant(): void {
    this.app.sheet = null;
    this.run(this.app.session.act("return-to-assistant"));
    this.app.focuses.toInput();
  }

  end(): void {
    this.app.sheet = null;
    this.run(this.app.session.act("close"));
  }

  answerRecap(agreed: boolean): void {
    this.run(this.app.session.act("recap", { agreed }));
  }

  vote(seq: number, value: "up" | "down"): void {
    const { app } = this;
    const done = app.session.act("feedback", { seq, value });
    this.run(done.then(() => app.announce(app.t(value === "up" ? "thanks" : "thanksDown"))));
  }

  /** Remembers a choice of the customer and tells the server, which tells the agent's desk. */
  choose(change: Choices): void {
    const { app } = this;
    app.choose(change);
    if ("locale" in change) void app.session.access.introduce();
    if (!app.session.state || "theme" in change) return;
    const locale: Locale = app.currentLocale();
    void app.session.act("preferences", { elder: app.inElderMode(), locale, feeling_refused: app.preferences.unfelt }).catch(() => undefined);
  }

  /** Reads a message aloud, or stops when it is the one being read. */
  readAloud(key: string, payload: MessagePosted): void {
    const { app } = this;
    const same = app.reading === key;
    this.hush?.();
    this.hush = null;
    if (same) return;
    app.reading = key;
    this.hush = speak(spokenText(payload, app.t), app.currentLocale(), (heard) => {
      if (app.reading === key) app.reading = null;
      if (!heard) app.warn(app.t("noVoice"));
      app.requestUpdate();
    });
    app.requestUpdate();
  }

  stop(): void {
    this.hush?.();
  }

  /** Nothing of who was here before stays on screen, is read out or sent; their draft waits in their own drawer. */
  forgetPerson(): void {
    const { app } = this;
    this.stop();
    app.voice.clear();
    app.preferences.profileElder = false;
    app.draft = "";
    app.notice = app.sheet = null;
  }

  private sayStatus(): void {
    this.app.voice.sayStatus();
    this.app.requestUpdate();
  }

  private run(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      const words = error instanceof ApiError || error instanceof PostRefused ? error.message : "";
      this.app.warn(words || this.app.t("error"));
    });
  }
}
