import { get, post, put, remove } from "./http";
import type {
  Account, Ack, Assist, Attachment, AuthOptions, Colleague, DeskView, Event, Found, InboxItem, Me, NewMessage, Outcome, Presence, ReplyUse, Rest, Script, Skill, State, WordingRule, WrapUp,
} from "./types";

type Changed = { conversation: State };
const desk = (id: string, verb = "") => `/desk/conversations/${encodeURIComponent(id)}${verb}`;

/** Lists may come bare or under `items`. */
function listed<T>(answer: T[] | { items: T[] }): T[] {
  return Array.isArray(answer) ? answer : answer.items;
}

export const auth = {
  options: () => get<AuthOptions>("/auth/options"),
  me: () => get<Me>("/auth/me"),
  signIn: (email: string, password: string) => post<Me>("/auth/sign-in", { email, password }),
  useLink: (token: string) => post<Me>("/auth/link", { token }),
  signOut: () => post<void>("/auth/sign-out"),
  language: (locale: string) => put<Me>("/auth/me", { locale }),
  password: (old: string, next: string) => post<Me>("/auth/password", { old, new: next }),
  presence: (status: Presence, reason = "") => put<Me>("/desk/presence", reason ? { status, reason } : { status }),
  rest: () => get<Rest>("/desk/rest"),
  ready: (pause: boolean) => post<Rest>("/desk/ready", { pause }),
};

export const conversations = {
  inbox: () => get<{ items: InboxItem[]; cursor?: unknown }>("/desk/inbox"),
  open: (id: string) => get<DeskView>(desk(id)),
  events: (id: string, after: number) => get<{ events: Event[] }>(desk(id, "/events"), { after }),
  accept: (id: string) => post<Changed>(desk(id, "/accept")),
  decline: (id: string) => post<unknown>(desk(id, "/decline")),
  say: (id: string, message: NewMessage) => post<Ack>(desk(id, "/messages"), message),
  assist: (id: string, signal?: AbortSignal) => get<Assist>(desk(id, "/assist"), undefined, signal),
  wording: async () => (await get<{ rules: WordingRule[] }>("/desk/wording")).rules,
  noteUse: (id: string, use: ReplyUse) => post<unknown>(desk(id, "/assist/used"), use),
  wrapUp: (id: string) => get<WrapUp>(desk(id, "/wrap-up")),
  writeWrapUp: (id: string, wrapUp: WrapUp) => post<unknown>(desk(id, "/wrap-up"), wrapUp),
  callIn: (id: string, agentId: string, note: string) => post<Changed>(desk(id, "/call-in"), { agent_id: agentId, ...(note ? { note } : {}) }),
  join: (id: string, mode: "watch" | "speak") => post<Changed>(desk(id, "/join"), { mode }),
  leave: (id: string) => post<Changed>(desk(id, "/leave")),
  takeOver: (id: string) => post<Changed>(desk(id, "/take-over")),
  note: (id: string, note: { client_id: string; text: string; whisper?: boolean }) => post<Ack>(desk(id, "/notes"), note),
  handBack: (id: string, note: string) => post<Changed>(desk(id, "/hand-back"), note ? { note } : {}),
  transfer: (id: string, to: { skill?: string; agent_id?: string; note?: string }) => post<Changed>(desk(id, "/transfer"), to),
  callbackTimes: (id: string) => get<{ times: string[] }>(desk(id, "/callback-times")),
  callback: (id: string, dueAt: string) => post<Changed>(desk(id, "/callback"), { due_at: dueAt }),
  recap: (id: string, text: string, outcome: Outcome) => post<Partial<Changed>>(desk(id, "/recap"), { text, outcome }),
  close: (id: string, outcome: Outcome) => post<Changed>(desk(id, "/close"), { outcome }),
  attach: (id: string, file: File) => {
    const form = new FormData();
    form.append("file", file);
    return post<Attachment>(desk(id, "/attachments"), form);
  },
  colleagues: async () => listed(await get<Colleague[] | { items: Colleague[] }>("/desk/colleagues")),
  skills: async () => listed(await get<Skill[] | { items: Skill[] }>("/desk/skills")),
};

type AccountEdit = Pick<Account, "name" | "roles" | "skills"> & Partial<Pick<Account, "levels" | "languages" | "chats">>;

export const accounts = {
  all: async () => (await get<{ items: Account[] }>("/staff")).items,
  create: (account: AccountEdit & { email: string; locale: string }) => post<Account>("/staff", account),
  save: (id: string, { name, roles, skills, levels, languages, chats }: AccountEdit) =>
    put<Account>(`/staff/${id}`, { name, roles, skills, levels, languages, chats }),
  link: (id: string) => post<{ token: string; minutes: number }>(`/staff/${id}/link`),
  disable: (id: string) => post<Account>(`/staff/${id}/disable`),
  enable: (id: string) => post<Account>(`/staff/${id}/enable`),
  removeSkill: (id: string) => remove<{ members: number }>(`/desk/skills/${encodeURIComponent(id)}`),
  saveSkill: (id: string, names: Record<string, string>) => put<Skill>(`/desk/skills/${encodeURIComponent(id)}`, { names }),
};

export const scripts = {
  all: async () => listed(await get<Script[] | { items: Script[] }>("/scripts")),
  create: (script: Omit<Script, "id">) => post<Script>("/scripts", script),
  save: ({ id, ...script }: Script) => put<Script>(`/scripts/${id}`, script),
  remove: (id: string) => remove<void>(`/scripts/${id}`),
};

export const searchArticles = async (q: string, locale: string, limit = 6, signal?: AbortSignal) =>
  (await get<{ results: Found[] }>("/articles/search", { q, limit, locale }, signal)).results;
