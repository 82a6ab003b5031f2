import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp, nextTick, type App, type Component } from "vue";
import type { Graph, GraphEdge, GraphNode, Problem, Proof } from "@/api/flows";
import CounterExample from "@/components/flows/CounterExample.vue";
import FlowBar from "@/components/flows/FlowBar.vue";
import FlowGraph from "@/components/flows/FlowGraph.vue";
import FlowSteps from "@/components/flows/FlowSteps.vue";
import ProblemList from "@/components/flows/ProblemList.vue";
import ProofPanel from "@/components/flows/ProofPanel.vue";
import { i18n } from "@/i18n";
import "@/i18n/flows";
import { curve, layOut, nodeAt } from "@/lib/flowGraph";
import { copyOf, splitChoices, template } from "@/lib/flows";

const node = (id: string, kind: GraphNode["kind"], line: number, more: Partial<GraphNode> = {}): GraphNode => ({ id, kind, line, text: id, detail: "", person: false, ...more });
const edge = (source: string, target: string, kind: GraphEdge["kind"] = "next", text = ""): GraphEdge => ({ source, target, kind, text });
const graph: Graph = {
  nodes: [
    node("start", "start", 1), node("cards", "call", 10, { person: true, text: "list_cards" }), node("card", "ask", 14, { detail: "哪张卡？" }), node("again?", "branch", 17),
    node("kept", "end", 20, { detail: "好的，先不办。" }), node("none", "person", 30, { detail: "请同事来看。" }),
  ],
  edges: [edge("start", "cards"), edge("cards", "card"), edge("card", "none", "none"), edge("card", "again?"), edge("again?", "kept", "no"), edge("again?", "card", "retry", "没查到")],
};
const proof = (patch: Partial<Proof> = {}): Proof => ({
  state: "holds", digest: "d", started_at: null, finished_at: null, states: 1169, transitions: 25948, seconds: 2.6, longest_path_to_human: 1, breaches: [], dialogue: [], mistakes: [], ...patch,
});
const problems: Problem[] = [{ line: 15, column: 3, message: "没有叫“kpet”的步骤", instead: "您要写的是不是“kept”？" }];

let app: App | undefined;

async function show(component: Component, props: Record<string, unknown>): Promise<HTMLElement> {
  const place = document.createElement("div");
  document.body.append(place);
  app = createApp(component, props);
  app.use(i18n).mount(place);
  await nextTick();
  return place;
}

afterEach(() => {
  app?.unmount();
  document.body.innerHTML = "";
});

describe("the layout of a flow", () => {
  const drawing = layOut(graph, (one) => one.text);

  it("keeps every step inside, apart from every other", () => {
    for (const one of drawing.nodes) {
      expect(one.x).toBeGreaterThanOrEqual(0);
      expect(one.y).toBeGreaterThanOrEqual(0);
      expect(one.x + one.width).toBeLessThanOrEqual(drawing.width);
      expect(one.y + one.height).toBeLessThanOrEqual(drawing.height);
      for (const other of drawing.nodes) {
        const apart = one.x + one.width <= other.x || other.x + other.width <= one.x || one.y + one.height <= other.y || other.y + other.height <= one.y;
        expect(one === other || apart, `${one.id} over ${other.id}`).toBe(true);
      }
    }
  });

  it("goes on downwards, and draws each way", () => {
    const at = Object.fromEntries(drawing.nodes.map((one) => [one.id, one.y]));
    expect(at.start).toBeLessThan(at.cards!);
    expect(at.card).toBeLessThan(at.kept!);
    expect(drawing.ways.map((way) => way.path)).not.toContain("");
    expect(drawing.ways.find((way) => way.kind === "retry")!.label).toBe("没查到");
  });

  it("rounds corners and draws nothing of nothing", () => {
    expect(curve([])).toBe("");
    expect(curve([{ x: 0, y: 0 }, { x: 0, y: 10 }, { x: 10, y: 20 }])).toBe("M0 0Q0 10 5 15L10 20");
  });

  it("knows the step that a line belongs to", () => {
    expect(nodeAt(graph, 15)?.id).toBe("card");
    expect(nodeAt(graph, 99)?.id).toBe("none");
    expect(nodeAt(graph, 3)).toBeUndefined();
  });
});

describe("texts of flows", () => {
  it("begins with a small one, in the name given", () => {
    const text = template("find-branch", 'A "branch": near', "branch-nearest");
    expect(text).toMatch(/^flow: find-branch\ntitle: \{zh-Hans: "A \\"branch\\": near"/);
    expect(text).toContain("articles: [branch-nearest]");
  });

  it("copies another under a new id, begun by another article, and the rest as it is", () => {
    const copied = copyOf("# ours\nflow: old\ntitle:\n  zh-Hans: 旧\n  en: Old\nstarts:\n  articles: [a, b]\n  at_once: true\nslots:\n  title: {}\nsteps:\n  - end: x\n", "new", "新", "c");
    expect(copied).toBe('flow: new\ntitle: {zh-Hans: "新", zh-Hant: "新", en: "新"}\nstarts:\n  articles: [c]\n# ours\nslots:\n  title: {}\nsteps:\n  - end: x\n');
  });

  it("tells choices from words", () => {
    expect(splitChoices("平日还是周末？ [平日 | 周末]")).toEqual({ words: "平日还是周末？", choices: ["平日", "周末"] });
    expect(splitChoices("写成 [a] 就行")).toEqual({ words: "写成 [a] 就行", choices: [] });
  });
});

describe("the drawing on the screen", () => {
  it("has a button for each step, which leads to its line; a wrong one and the one written in are told", async () => {
    const open = vi.fn();
    const place = await show(FlowGraph, { graph, line: 21, problems, late: false, onOpen: open });
    const buttons = [...place.querySelectorAll("button")];
    expect(buttons).toHaveLength(graph.nodes.length);
    const card = place.querySelector<HTMLElement>('[data-node="card"]')!;
    expect(card.getAttribute("aria-label")).toContain(i18n.global.t("flow_node.wrong"));
    expect(place.querySelector('[data-node="kept"]')!.getAttribute("aria-current")).toBe("step");
    card.click();
    expect(open).toHaveBeenCalledWith(14);
  });

  it("says the same as a list", async () => {
    const open = vi.fn();
    const place = await show(FlowSteps, { graph, line: 1, problems, onOpen: open });
    const said = place.textContent!;
    for (const words of ["list cards", "哪张卡？", "好的，先不办。", "没查到"]) expect(said).toContain(words);
    expect(said).toContain(i18n.global.t("flow_node.falls_back"));
    place.querySelectorAll("button")[2]!.click();
    expect(open).toHaveBeenCalledWith(14);
  });
});

describe("what is wrong", () => {
  it("is told with its line, its words and what to write instead", async () => {
    const open = vi.fn();
    const place = await show(ProblemList, { problems, onOpen: open });
    for (const words of ["15", problems[0]!.message, problems[0]!.instead]) expect(place.textContent).toContain(words);
    place.querySelector("button")!.click();
    expect(open).toHaveBeenCalledWith(problems[0]);
  });
});

describe("the proof", () => {
  it("is a sentence when it holds", async () => {
    const place = await show(ProofPanel, { proof: proof(), stale: false });
    expect(place.textContent).toContain(i18n.global.t("flow_proof.holds"));
    for (const figure of ["1,169", "25,948"]) expect(place.textContent).toContain(figure);
  });

  it("is a conversation when it does not: its last line says what is wrong", async () => {
    const dialogue = [{ who: "customer", what: "想办“报失银行卡”" }, { who: "assistant", what: "哪一张？ [储蓄卡 | 信用卡]" }];
    const place = await show(ProofPanel, { proof: proof({ state: "fails", breaches: [{ invariant: "I8", what: "“card”又问一遍" }], dialogue }), stale: false });
    const lines = [...place.querySelectorAll(".talk > li")].map((one) => one.textContent!);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain("储蓄卡");
    expect(lines[2]).toContain("“card”又问一遍");
    expect(place.textContent).toContain(i18n.global.t("invariant.I8"));
    expect(place.textContent).toContain(i18n.global.t("flow_proof.live_stays"));
  });

  it("of another text says so, and nothing of what was", async () => {
    const place = await show(ProofPanel, { proof: proof(), stale: true });
    expect(place.textContent).toContain(i18n.global.t("flow_proof.stale"));
    expect(place.textContent).not.toContain("1,169");
  });

  it("keeps customers apart from the assistant by more than colour", async () => {
    const place = await show(CounterExample, { lines: [{ who: "customer", what: "a" }, { who: "bank", what: "b" }, { who: "", what: "c" }] });
    expect([...place.querySelectorAll("li > span")].map((one) => one.textContent)).toEqual([i18n.global.t("flow_proof.customer"), i18n.global.t("flow_proof.bank")]);
  });
});

describe("the bar", () => {
  const flow = { live_version: 1, has_draft: true };
  const usual = { flow, dirty: false, busy: false, editable: true, clean: true, checking: false, problems: 0, refused: "", proof: "none" };
  const button = (place: HTMLElement, key: string) => [...place.querySelectorAll("button")].find((one) => one.textContent === i18n.global.t(key))!;

  it.each([
    ["nothing proved", {}, true, false],
    ["a mistake", { clean: false, problems: 1 }, false, false],
    ["it holds", { proof: "holds" }, false, true],
    ["it holds, and the text has changed since", { proof: "holds", dirty: true }, true, false],
    ["it does not hold", { proof: "fails" }, false, false],
    ["the proof runs", { proof: "running" }, false, false],
    ["it holds, and is live already", { proof: "holds", flow: { live_version: 1, has_draft: false } }, false, false],
  ])("%s: what may be done next", async (_, change, provable, publishable) => {
    const place = await show(FlowBar, { ...usual, ...change });
    const prove = button(place, (change as { proof?: string }).proof === "running" ? "flow_proof.running" : "flow_proof.prove");
    expect(prove.disabled).toBe(!provable);
    expect(button(place, "flow.publish").disabled).toBe(!publishable);
    expect(place.querySelectorAll(".primary:not(:disabled)").length).toBe(provable || publishable ? 1 : 0);
  });

  it("offers nothing to who may not edit", async () => {
    const place = await show(FlowBar, { ...usual, editable: false });
    expect(place.querySelectorAll("button")).toHaveLength(0);
  });
});
