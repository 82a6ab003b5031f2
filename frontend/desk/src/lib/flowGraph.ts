/** Where the steps of a flow stand in its drawing. */
import dagre from "@dagrejs/dagre";
import type { Graph, GraphEdge, GraphNode } from "@/api/flows";

export const NODE = { width: 184, height: 76 };
const SMALL = { width: 184, height: 52 };
const LABEL = { height: 20, sign: 13, pad: 12 };
const GAP = { nodesep: 28, ranksep: 40, edgesep: 20, marginx: 12, marginy: 12 };

export interface Placed extends GraphNode {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Way extends GraphEdge {
  path: string;
  label: string;
  at: { x: number; y: number };
}

export interface Drawing {
  width: number;
  height: number;
  nodes: Placed[];
  ways: Way[];
}

interface Point {
  x: number;
  y: number;
}

const sizeOf = (node: GraphNode) => (node.kind === "start" || (!node.text && !node.detail) ? SMALL : NODE);
const widthOf = (label: string) => [...label].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 255 ? LABEL.sign : LABEL.sign * 0.55), label ? LABEL.pad : 0);

/** A line through points whose corners are rounded. */
export function curve(points: readonly Point[]): string {
  const round = (value: number) => Math.round(value * 10) / 10;
  const [first, ...rest] = points;
  if (!first) return "";
  const parts = [`M${round(first.x)} ${round(first.y)}`];
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (!next) parts.push(`L${round(point.x)} ${round(point.y)}`);
    else parts.push(`Q${round(point.x)} ${round(point.y)} ${round((point.x + next.x) / 2)} ${round((point.y + next.y) / 2)}`);
  });
  return parts.join("");
}

/** Lay a flow out from top to bottom; `label` says what a way is called. */
export function layOut(graph: Graph, label: (edge: GraphEdge) => string): Drawing {
  const plan = new dagre.graphlib.Graph({ multigraph: true });
  plan.setGraph({ rankdir: "TB", ...GAP });
  for (const node of graph.nodes) plan.setNode(node.id, { ...sizeOf(node) });
  const labels = graph.edges.map(label);
  graph.edges.forEach((edge, index) => {
    plan.setEdge(edge.source, edge.target, { width: widthOf(labels[index]!), height: labels[index] ? LABEL.height : 0, labelpos: "c" }, String(index));
  });
  dagre.layout(plan);
  const nodes = graph.nodes.map((node) => {
    const { x, y, width, height } = plan.node(node.id) as Point & { width: number; height: number };
    return { ...node, width, height, x: x - width / 2, y: y - height / 2 };
  });
  const ways = graph.edges.map((edge, index) => {
    const found = plan.edge(edge.source, edge.target, String(index)) as Point & { points: Point[] };
    return { ...edge, label: labels[index]!, path: curve(found.points), at: { x: found.x, y: found.y } };
  });
  const { width = 0, height = 0 } = plan.graph() as { width?: number; height?: number };
  return { width: Math.ceil(width), height: Math.ceil(height), nodes, ways };
}

/** The step that a line of the text belongs to: the last one that begins at or above it. */
export function nodeAt(graph: Graph, line: number): GraphNode | undefined {
  const steps = graph.nodes.filter((node) => node.kind !== "start" && node.line <= line);
  return steps.sort((one, two) => one.line - two.line).at(-1);
}
