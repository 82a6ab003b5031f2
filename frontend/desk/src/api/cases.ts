import type { components } from "@shared/api";
import { call, get, post } from "./http";

type Schemas = components["schemas"];

export type Case = Schemas["CaseView"];
export type CaseDetail = Schemas["CaseDetail"];
export type CaseEntry = Schemas["CaseEntry"];
export type CaseStatus = Case["status"];
export type CaseCategory = Case["category"];
export type CaseDraft = Schemas["CaseDraftView"];
export type NewCase = Schemas["NewCaseBody"];
export type CaseEdit = Partial<Omit<Schemas["EditCaseBody"], "expect_revision">>;
export type WorkView = "mine" | "group" | "overdue" | "all";
export type WorkCounts = Schemas["WorkCounts"];
export type Promised = Schemas["PromiseView"];
export type NewPromise = Pick<Schemas["NewPromiseBody"], "conversation_id" | "words" | "due_at"> & Partial<Schemas["NewPromiseBody"]>;
export type PromiseEdit = Partial<Omit<Schemas["ConfirmBody"], "expect_revision">>;

interface CaseQuery {
  view?: WorkView;
  closed?: boolean;
  customer_id?: string;
  number?: string;
}

/** `expect` is the revision that was looked at; what has changed since refuses with `case_changed`. */
export const cases = {
  list: async (query: CaseQuery) => (await get<{ items: Case[] }>("/cases", { ...query })).items,
  counts: () => get<WorkCounts>("/cases/counts"),
  draft: (conversationId: string) => get<CaseDraft>("/cases/draft", { conversation_id: conversationId }),
  read: (id: string) => get<CaseDetail>(`/cases/${id}`),
  open: (body: NewCase) => post<Case>("/cases", body),
  edit: (id: string, expect: number, edit: CaseEdit) => call<CaseDetail>("PATCH", `/cases/${id}`, { ...edit, expect_revision: expect }),
  move: (id: string, expect: number, status: Case["status"]) => post<CaseDetail>(`/cases/${id}/status`, { status, expect_revision: expect }),
  comment: (id: string, clientId: string, text: string) => post<CaseDetail>(`/cases/${id}/comments`, { client_id: clientId, text }),
  link: (id: string, conversationId: string) => post<CaseDetail>(`/cases/${id}/conversations`, { conversation_id: conversationId }),
};

/** `expect` is the revision that was looked at; what has changed since refuses with `promise_changed`. */
export const promises = {
  list: async (query: { view?: WorkView; conversation_id?: string; customer_id?: string; settled?: boolean }) =>
    (await get<{ items: Promised[] }>("/promises", query)).items,
  make: (body: NewPromise) => post<Promised>("/promises", body),
  confirm: (id: string, expect: number, edit: PromiseEdit = {}) => post<Promised>(`/promises/${id}/confirm`, { ...edit, expect_revision: expect }),
  withdraw: (id: string, expect: number, reason: Schemas["WithdrawBody"]["reason"]) =>
    post<Promised>(`/promises/${id}/withdraw`, { reason, expect_revision: expect }),
  keep: (id: string, expect: number) => post<Promised>(`/promises/${id}/keep`, { expect_revision: expect }),
};
