"""A small flow that needs no bank, and one walk or one turn in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from warmline.connectors.model import Action, ActionResult, Effect, Status
from warmline.dialogue.decisions import Act, Decision
from warmline.dialogue.flows.engine import Walked, World, walk
from warmline.dialogue.flows.hear import Heard, hear
from warmline.dialogue.flows.loader import load_flow, load_identity
from warmline.dialogue.flows.run import Filled, Memory, Run
from warmline.dialogue.flows.schema import Flow, IdentityPolicy
from warmline.dialogue.flows.turn import Flows, begin, decide_in_flow, decide_result, listen, make_flows
from warmline.dialogue.model import DialogueState, Policy, Understanding, decide_turn
from warmline.language.service import find_markers

NOW = datetime.fromisoformat("2026-11-28T10:00:00+08:00")
WORLD = World("en", NOW, signed_in_ref="C-1")
IDENTITY = """
levels: {basic: {ways: [signed_in], minutes: 30}, strong: {ways: [word], minutes: 15}}
ways:
  signed_in: {kind: signed_in}
  word:
    kind: possession
    slots:
      word: {type: digits, length: 4, secret: true, passing: false, ask: {zh-Hans: 口令, zh-Hant: 口令, en: Code}}
    steps:
      - {id: sent, call: send}
      - ask: word
      - {id: seen, call: check, with: {word: "{word}"}}
    cannot: sent.sent == false
    proven: seen.ok == true
    ref: seen.ref
"""
FLOW = """
flow: parcel
title: {zh-Hans: 寄件, zh-Hant: 寄件, en: Send a parcel}
starts: {articles: [parcel]}
slots:
  shop:
    type: option
    items: shops.shops
    where: open == true
    value: id
    unknown: none
    label: {zh-Hans: "{name}", zh-Hant: "{name}", en: "{name}"}
    words: ["{kind|big=the large one,small=the little one}"]
    ask: {zh-Hans: 哪家店？, zh-Hant: 哪家店？, en: "Which shop?"}
  weight:
    type: amount
    options:
      all: {label: {zh-Hans: 全部, zh-Hant: 全部, en: Everything}, words: [全部, all of it]}
    ask: {zh-Hans: 多少？, zh-Hant: 多少？, en: "How much?"}
    again: {zh-Hans: 请说一个数。, zh-Hant: 請說一個數。, en: Please give a number.}
  hour:
    type: option
    items: hours.times
    label: {zh-Hans: "{value}", zh-Hant: "{value}", en: "{value}"}
    ask: {zh-Hans: 几点？, zh-Hant: 幾點？, en: "What time?"}
steps:
  - {id: shops, call: shops}
  - {ask: shop, none: no_shop}
  - {go: no_shop, when: shop == 'none'}
  - ask: weight
  - id: hours
    call: hours
    with: {shop: "{shop.id}", most: 3}
    empty: hours.times
    on:
      empty: {say: {zh-Hans: 关门了。, zh-Hant: 關門了。, en: It is closed.}, ask: shop}
  - ask: hour
  - id: agree
    confirm: {zh-Hans: "{weight}，对吗？", zh-Hant: "{weight}，對嗎？", en: "{weight} at {hour}?"}
    no: kept
  - id: sent
    call: post
    with: {weight: "{weight}", hour: "{hour}"}
    on: {heavy: heavy}
    tells: [most]
  - {id: rows, say: {zh-Hans: "{name}", zh-Hant: "{name}", en: "- {name}: {open|true=open,false=closed}"}, each: shops.shops}
  - {end: done, say: {zh-Hans: 好了, zh-Hant: 好了, en: "Done, {sent.reference}."}}
  - {id: heavy, end: heavy, say: {zh-Hans: 太重, zh-Hant: 太重, en: "At most {sent.most}."}}
  - {id: no_shop, end: no_shop, say: {zh-Hans: 没有, zh-Hant: 沒有, en: No shop.}}
  - {id: kept, end: kept, say: {zh-Hans: 好, zh-Hant: 好, en: All right.}}
"""  # noqa: E501
SHOPS = [
    {"id": "s1", "name": "North", "kind": "big", "open": True},
    {"id": "s2", "name": "South", "kind": "small", "open": True},
    {"id": "s3", "name": "West", "kind": "small", "open": False},
]
TEXT, LIST = {"type": "string"}, {"type": "array"}
FIELDS = {"id": TEXT, "name": TEXT, "kind": {"enum": ["big", "small"]}, "open": {"type": "boolean"}}
ACTIONS = {
    "shops": Action(
        "shops", Effect.READ, result={"properties": {"shops": LIST | {"items": {"properties": FIELDS}}}}
    ),
    "hours": Action(
        "hours", Effect.READ, {"properties": {"shop": TEXT, "most": {}}, "required": ["shop"]},
        {"properties": {"times": LIST | {"items": TEXT}}},
    ),
    "post": Action(
        "post", Effect.CHANGE, {"properties": {"weight": TEXT, "hour": TEXT}}, {"properties": {"reference": TEXT}}
    ),
    "send": Action("send", Effect.READ, result={"properties": {"sent": {}}}),
    "check": Action("check", Effect.READ, {"properties": {"word": TEXT}}, {"properties": {"ok": {}, "ref": TEXT}}),
}  # fmt: skip


def ok(**data: Any) -> ActionResult:
    """Return an answer that does what was asked."""
    return ActionResult(Status.OK, data)


def read(text: str = FLOW) -> Flow:
    """Return a flow."""
    return load_flow(text, "flow")[0]


def policy(text: str = IDENTITY) -> IdentityPolicy:
    """Return the ways of identity."""
    return load_identity(text, "identity")[0]


def step(flow: Flow, run: Run, world: World = WORLD) -> Walked:
    """Walk once."""
    return walk(flow, policy(), Memory(run=run), world)


@dataclass
class Small:
    """A conversation in one flow; `answers` are what the actions say, `called` what they were given."""

    answers: Mapping[str, ActionResult]
    text: str = FLOW
    world: World = WORLD
    called: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    first: str = ""
    told: Mapping[str, Filled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        flow = read(self.text)
        effects = {name: action.effect for name, action in ACTIONS.items()}
        self.flows: Flows = make_flows(policy(), {(flow.flow, 1): flow}, effects, {flow.flow: 1})
        begun = begin(self.flows, flow.flow, self.memory, self.told, self.world, "key", self.first)
        self.decision: Decision = self._finish(begun)

    def say(self, words: str) -> Decision:
        """Say something to the flow."""
        state = DialogueState(self.world.locale, memory=self.memory, signed_in_ref=self.world.signed_in_ref)
        listening = listen(self.flows, self.memory, self.world)
        heard = hear(words, listening) if listening else Heard()
        said = Understanding(words, only=find_markers(words).only, heard=heard)
        self.decision = self._finish(decide_turn(state, said, Policy(flows=self.flows), NOW))
        return self.decision

    def hear(self, words: str) -> Heard:
        """Return what the flow hears."""
        listening = listen(self.flows, self.memory, self.world)
        assert listening is not None
        return hear(words, listening)

    @property
    def asked(self) -> str:
        """What is asked now."""
        asks = getattr(self.decision, "asks", None)
        return asks.name if asks else ""

    @property
    def lines(self) -> list[str]:
        """What was said."""
        return [line.text for line in getattr(self.decision, "lines", ())]

    def _finish(self, decision: Decision | None) -> Decision:
        while isinstance(decision, Act):
            call = decision.call
            self.called.append((call.action, dict(call.arguments), call.key))
            decision = decide_result(self.flows, decision, self.answers[call.action], self.world)
        assert decision is not None
        self.memory = getattr(decision, "memory", None) or self.memory
        return decision


def parcel(**answers: ActionResult) -> Small:
    """Begin the small flow."""
    usual = {"shops": ok(shops=SHOPS), "hours": ok(times=["09:00", "14:30"]), "post": ok(reference="P-1")}
    return Small(usual | answers)


__all__ = [
    "ACTIONS",
    "FLOW",
    "IDENTITY",
    "NOW",
    "SHOPS",
    "WORLD",
    "Small",
    "decide_in_flow",
    "ok",
    "parcel",
    "policy",
    "read",
    "step",
]
