import type { About, Visitor } from "../../shared/types";
import { Api, ApiError } from "./api";
import type { Host } from "./host";
import { ANYONE, readIdentity, subject } from "./identity";
import { Store, tabFlag } from "./store";

/** Who the customer is to the server: gets, keeps and renews the visitor token. */
export class Access {
  store = new Store("warmline");
  /** How the bank and its assistant call themselves, and when people are there. */
  about: About | null = null;
  /** The page's sign-in ran out and gave no new one. */
  lapsed = false;
  private asking: Promise<Visitor> | null = null;

  constructor(readonly api: Api, private readonly host: Host) {}

  get token(): string | null {
    return this.store.saved.token ?? null;
  }

  /** The bank's time zone. */
  get zone(): string | undefined {
    return this.about?.timezone;
  }

  /** Whether people are there by the bank's hours, at this moment. */
  get isOpen(): boolean {
    const hours = this.about?.hours;
    return Boolean(hours && (hours.open || (hours.opens_at && Date.parse(hours.opens_at) <= Date.now())));
  }

  /** Chooses the drawer of the person signed in on the page. */
  async open(): Promise<void> {
    const jwt = await readIdentity(this.host.identitySource()).catch(() => null);
    const drawer = (owner: string) => new Store(`warmline:${new URL(this.api.base).host}:${owner}`);
    const owner = subject(jwt);
    this.store = drawer(owner);
    // Who signs in after talking in this very tab goes on with that conversation; the server checks and joins the two.
    const talked = owner !== ANYONE && tabFlag("talked") === "yes";
    if (talked && drawer(ANYONE).saved.token) this.store.takeOver(drawer(ANYONE));
    tabFlag("talked", owner === ANYONE ? "yes" : "no");
  }

  /** Learns the names and the hours in the customer's language. */
  async introduce(): Promise<void> {
    this.about = await this.api.get<About>(`/about?locale=${this.host.currentLocale()}`).catch(() => this.about);
    this.host.changed();
  }

  /** Makes sure there is a token. */
  async ensure(): Promise<void> {
    if (!this.token) await this.renew();
  }

  /** Runs `call`; when the token was refused, renews it once and tries again. */
  async guard<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await this.renew();
      return call();
    }
  }

  /** A fresh token, from the old one and the page's identity. Someone else's drawer is emptied; one's own earlier self is none else. */
  async renew(): Promise<void> {
    this.asking ??= this.ask().finally(() => (this.asking = null));
    const visitor = await this.asking;
    const before = this.store.saved.customer;
    if (before && ![visitor.customer_id, ...(visitor.also ?? [])].includes(before)) {
      this.store.forget();
      this.host.reset();
    }
    this.store.save({ token: visitor.token, customer: visitor.customer_id });
    this.lapsed = false;
    this.host.profiled(visitor.elder);
  }

  private async ask(): Promise<Visitor> {
    const attribute = this.host.identitySource();
    const identity = await readIdentity(attribute).catch(() => null);
    const body = { locale: this.host.currentLocale(), ...(identity ? { identity } : {}) };
    try {
      return await this.api.post<Visitor>("/visitors", body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      if (attribute) {
        this.lapsed = true;
        this.host.lapsed();
        throw error;
      }
      this.store.forget();
      this.host.reset();
      return this.api.post<Visitor>("/visitors", body);
    }
  }
}
