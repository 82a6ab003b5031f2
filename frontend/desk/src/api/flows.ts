import type { components } from "@shared/api";
import { call, get, post, put } from "./http";

type Schemas = components["schemas"];

export type FlowRow = Schemas["FlowRow"];
export type Flow = Schemas["FlowView"];
export type Problem = Schemas["ProblemView"];
export type Graph = Schemas["GraphView"];
export type GraphNode = Schemas["NodeView"];
export type GraphEdge = Schemas["EdgeView"];
export type Checked = Schemas["CheckedView"];
export type Proof = Schemas["ProofView"];
export type ProofLine = Schemas["LineView"];
export type FlowVersion = Schemas["VersionRow"];

const one = (id: string, verb = "") => `/flows/${encodeURIComponent(id)}${verb}`;

/** `expect` is the mark of the flow as it was loaded; a flow that has changed since refuses with `flow_changed`. */
export const flows = {
  list: async () => (await get<{ flows: FlowRow[] }>("/flows")).flows,
  read: (id: string) => get<Flow>(one(id)),
  check: (id: string, text: string, signal?: AbortSignal) => call<Checked>("POST", one(id, "/check"), { text }, signal),
  save: (id: string, text: string, expect: string) => put<Flow>(one(id, "/draft"), { text, expect }),
  drop: (id: string, expect: string) => post<void>(one(id, "/draft/drop"), { expect }),
  proof: (id: string) => get<Proof>(one(id, "/proof")),
  prove: (id: string) => post<Proof>(one(id, "/proof")),
  publish: (id: string, expect: string) => post<Flow>(one(id, "/publish"), { expect }),
  retire: (id: string, expect: string) => post<Flow>(one(id, "/retire"), { expect }),
  versions: async (id: string) => (await get<{ versions: FlowVersion[] }>(one(id, "/versions"))).versions,
  version: async (id: string, version: number) => (await get<{ text: string }>(one(id, `/versions/${version}`))).text,
  restore: (id: string, version: number, expect: string) => post<Flow>(one(id, `/versions/${version}/restore`), { expect }),
};
