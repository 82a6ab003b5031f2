"""The drawing of a flow: every step is there, every way leads where the walk goes, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialogue.flows.small import FLOW
from warmline.dialogue.flows.graph import START, Edge, EdgeKind, Graph, NodeKind, draw
from warmline.dialogue.flows.in_words import condition_in_words
from warmline.dialogue.flows.loader import load_flow
from warmline.dialogue.flows.schema import LOCALES, Go

DEMO = sorted(
    path for path in (Path(__file__).parents[3] / "demo" / "flows").glob("*.yaml") if ".tests." not in path.name
)


def drawn(text: str = FLOW, locale: str = "en") -> Graph:
    flow, source = load_flow(text, "flow.yaml")
    return draw(flow, source, locale)


def ways(graph: Graph, source: str) -> set[tuple[str, str, str]]:
    return {(edge.kind.value, edge.target, edge.text) for edge in graph.edges if edge.source == source}


def test_each_kind_of_step_leads_where_the_walk_goes() -> None:
    graph = drawn()
    assert ways(graph, START) == {("next", "shops", "")}
    assert ways(graph, "step_2") == {("next", "step_3?", ""), ("none", "no_shop", "")}
    assert ways(graph, "step_3?") == {("yes", "no_shop", ""), ("no", "step_4", "")}
    assert ways(graph, "hours") == {("next", "step_6", ""), ("retry", "step_2", "nothing was found")}
    assert ways(graph, "agree") == {("yes", "sent", ""), ("no", "kept", "")}
    assert ways(graph, "sent") == {("next", "rows", ""), ("code", "heavy", "heavy")}
    assert ways(graph, "kept") == set()


def test_a_node_says_what_happens_there_and_where_it_is_written() -> None:
    nodes = {node.id: node for node in drawn().nodes}
    assert (nodes[START].kind, nodes[START].text) == (NodeKind.START, "Send a parcel")
    assert (nodes["step_2"].kind, nodes["step_2"].text, nodes["step_2"].detail) == (NodeKind.ASK, "shop", "Which shop?")
    assert (nodes["step_3?"].kind, nodes["step_3?"].text) == (NodeKind.BRANCH, "shop is “none”")
    assert (nodes["sent"].kind, nodes["sent"].person) == (NodeKind.CALL, True)
    assert nodes["agree"].detail == "‹weight› at ‹hour›?"
    lines = FLOW.split("\n")
    assert "id: agree" in lines[nodes["agree"].line - 1]
    assert "when: shop ==" in lines[nodes["step_3?"].line - 1]


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
@pytest.mark.parametrize("locale", LOCALES)
def test_drawings_of_the_demo_hold_together(path: Path, locale: str) -> None:
    text = path.read_text(encoding="utf-8")
    graph, flow = drawn(text, locale), load_flow(text, path.name)[0]
    ids = [node.id for node in graph.nodes]
    assert len(set(ids)) == len(ids)
    assert {step.id for step in flow.steps if not isinstance(step, Go)} <= set(ids)
    assert all({edge.source, edge.target} <= set(ids) for edge in graph.edges)
    assert set(ids) - {edge.target for edge in graph.edges} == {START}
    closing = {node.id for node in graph.nodes if node.kind in (NodeKind.END, NodeKind.PERSON)}
    assert set(ids) - {edge.source for edge in graph.edges} == closing


def test_a_way_to_nowhere_is_left_out_and_a_step_that_only_sends_on_is_passed() -> None:
    graph = drawn(FLOW.replace("no: kept", "no: gone"))
    assert ways(graph, "agree") == {("yes", "sent", "")}
    sent_on = drawn(FLOW.replace("  - ask: weight\n", "  - {id: jump, go: hours}\n  - ask: weight\n"))
    assert Edge("step_3?", "hours", EdgeKind.NO) in sent_on.edges
    assert "jump" not in {node.id for node in sent_on.nodes}
    circle = drawn(FLOW.replace("  - ask: weight\n", "  - {id: a, go: b}\n  - {id: b, go: a}\n  - ask: weight\n"))
    assert ways(circle, "step_3?") == {("yes", "no_shop", "")}


@pytest.mark.parametrize(
    ("condition", "hans", "en"),
    [
        ("shop == 'none'", "shop是“none”", "shop is “none”"),
        ("weight == 'all'", "weight是“全部”", "weight is “Everything”"),
        ("not known(weight)", "还不知道weight", "weight is not known"),
        (
            "weight > 500 and not customer.elder",
            "weight大于500，而且不是（长辈模式开着）",
            "weight is above 500 and not (elder mode is on)",
        ),
        ("shop.kind in ('big', 'small')", "shop的 kind是“big”、“small”之一", "shop: kind is one of “big”, “small”"),
        (
            "sent.code == 'heavy' or shop.open == true",
            "sent 的答复是“heavy”，或者shop的 open是“是”",
            "what sent says is “heavy” or shop: open is “yes”",
        ),
        ("shop ==", "shop ==", "shop =="),
    ],
)  # fmt: skip
def test_condition_in_words(condition: str, hans: str, en: str) -> None:
    flow, _ = load_flow(FLOW, "flow.yaml")
    assert condition_in_words(condition, flow, "zh-Hans") == hans
    assert condition_in_words(condition, flow, "en") == en
