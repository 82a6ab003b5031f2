import type { components } from "@shared/api";
import { get, post } from "./http";

type Schemas = components["schemas"];

export type Wall = Schemas["WallView"];
export type Line = Schemas["GroupLineView"];
export type Distressed = Schemas["DistressedView"];
export type Staffing = Schemas["StaffingView"];
export type Quarter = Schemas["QuarterView"];
export type Played = Schemas["SimulatedView"];
export type Span = { from: string; to: string; agents: number };

export const wall = {
  look: () => get<Wall>("/desk/wall"),
  staffing: () => get<Staffing>("/desk/staffing"),
  play: (day: string, agents: Span[], within: number) => post<Played>("/desk/staffing/simulate", { day, agents, within }),
};
