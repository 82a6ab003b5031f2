import type { GraphNode } from "@/api/flows";

type Say = (key: string, values?: Record<string, unknown>) => string;

/** What a step is about, in a line: its own words, else those it says. */
export function textOf(node: GraphNode, t: Say): string {
  if (node.kind === "identify") return t(`flow_node.level_${node.text}`);
  if (node.kind === "confirm" || node.kind === "say") return node.detail.split("\n")[0] ?? "";
  if (node.kind === "end" || node.kind === "person") return node.detail.split("\n")[0] || node.text.replaceAll("_", " ");
  if (node.kind === "call") return node.text.replaceAll("_", " ");
  return node.text;
}
