"""A customer talking to the demo's flows over its real core banking; only the search for articles is left out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.core_banking import CoreBanking
from tests.fakes.server import ROOT
from warmline.connectors.model import Action, ActionResult, Status
from warmline.connectors.ports import Actions
from warmline.dialogue.act import carry_out
from warmline.dialogue.decisions import Answer, Close, Decision, HandOff
from warmline.dialogue.flows.engine import AskAgreement, AskSlot
from warmline.dialogue.flows.hear import Heard, hear, hear_opening
from warmline.dialogue.flows.keeping import strip_secrets
from warmline.dialogue.flows.loader import load_flow, load_identity
from warmline.dialogue.flows.schema import Flow, IdentityPolicy
from warmline.dialogue.flows.turn import Flows, listen, make_flows
from warmline.dialogue.model import DialogueState, Policy, Understanding, decide_turn
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import find_markers

DEMO = ROOT / "demo"
KEYS = itertools.count()
NOW = datetime.fromisoformat("2026-11-28T10:00:00+08:00")
"""When `core_banking` starts anew: a Saturday morning."""


@cache
def read_policy() -> IdentityPolicy:
    """Return the demo's ways of identity."""
    return load_identity((DEMO / "identity.yaml").read_text(encoding="utf-8"), "identity.yaml")[0]


@cache
def read_demo_flows(folder: Path = DEMO / "flows") -> dict[str, Flow]:
    """Return the demo's flows by id."""
    paths = sorted(path for path in folder.glob("*.yaml") if not path.name.endswith(".tests.yaml"))
    loaded = [load_flow(path.read_text(encoding="utf-8"), path.name)[0] for path in paths]
    return {flow.flow: flow for flow in loaded}


def gather(flows: dict[str, Flow], actions: Actions) -> Flows:
    """Put flows together, each live in its first version."""
    effects = {name: action.effect for name, action in actions.known().items()}
    return make_flows(read_policy(), {(name, 1): one for name, one in flows.items()}, effects, dict.fromkeys(flows, 1))


@dataclass(frozen=True)
class Refusing:
    """The bank, but one of its actions says no."""

    actions: Actions
    action: str
    code: str

    def known(self) -> Mapping[str, Action]:
        return self.actions.known()

    async def call(
        self, name: str, arguments: Mapping[str, Any], *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        if name == self.action:
            return ActionResult(Status.REFUSED, code=self.code)
        return await self.actions.call(name, arguments, key=key, within=within, subject=subject)

    async def compensate(
        self, name: str, result: ActionResult, *, key: str, within: float, subject: str = ""
    ) -> ActionResult:
        return await self.actions.compensate(name, result, key=key, within=within, subject=subject)


@dataclass(frozen=True)
class Turn:
    """What came back: the decision, the lines and the question as they are read, and what was called."""

    decision: Decision
    text: str
    asks: AskSlot | AskAgreement | None
    calls: tuple[str, ...]

    @property
    def asked(self) -> str:
        """The slot or the step that is asked for; empty when nothing is."""
        return self.asks.name if self.asks else ""

    @property
    def outcome(self) -> str:
        """How the flow ended; empty while it goes on."""
        return self.decision.outcome if isinstance(self.decision, Close) else ""

    @property
    def person(self) -> str:
        """Why a person is brought; empty when none is."""
        return self.decision.reason if isinstance(self.decision, HandOff) else ""

    @property
    def shown(self) -> tuple[str, ...]:
        """The choices below the question."""
        return tuple(one.label for one in self.asks.shown) if isinstance(self.asks, AskSlot) else ()


class Talk:
    """One conversation; `opens` is the flow whose article the first words are found to mean."""

    def __init__(
        self, flows: Flows, actions: Actions, bank: CoreBanking, opens: str, *, locale: str = "zh-Hans", ref: str = ""
    ) -> None:
        self.flows, self.actions, self.bank, self.opens = flows, actions, bank, opens
        self.state = DialogueState(locale, key=f"conversation-{next(KEYS)}", signed_in_ref=ref)
        self.turns: list[Turn] = []

    async def say(self, words: str, *, about: str = "") -> Turn:
        """Say something; `about` is the article that answers it, where it is a question of its own."""
        said = self._understand(words, about)
        decision = decide_turn(self.state, said, Policy(flows=self.flows), NOW)
        world = self.state.world(NOW)
        carried = await carry_out(decision, self.actions, self.flows, world, within=10)
        turn = self._read(carried.decision, tuple(one.action for one in carried.taken))
        memory = getattr(carried.decision, "memory", None) or self.state.memory
        self.state = replace(self.state, memory=strip_secrets(self.flows, memory), topic=words)
        self.turns.append(turn)
        return turn

    async def code(self) -> Turn:
        """Type the code that was sent last."""
        return await self.say(f"收到了，是{self.bank.sent()[-1]['code']}")

    def _understand(self, words: str, about: str) -> Understanding:
        markers, world = find_markers(words), self.state.world(NOW)
        listening = listen(self.flows, self.state.memory, world)
        heard = hear(words, listening) if listening else Heard()
        said = Understanding(words, kinds=markers.kinds, only=markers.only, heard=heard)
        flow = self.flows.find(self.opens)
        assert flow is not None
        if not self.turns or about:
            found = (about or flow.starts.articles[0],)
            told = {self.opens: hear_opening(words, flow, self.flows.policy, NOW)}
            return replace(said, release=ReleaseKind.ANSWER, article_ids=found, confidence=0.9, told=told)
        if self.state.memory.offered:
            words = f"{self.state.topic}，{words}"
            return replace(said, told={self.opens: hear_opening(words, flow, self.flows.policy, NOW)})
        return said

    def _read(self, decision: Decision, calls: tuple[str, ...]) -> Turn:
        asks = getattr(decision, "asks", None) or getattr(decision, "back", None)
        lines = [line.text for line in getattr(decision, "lines", ())]
        if isinstance(decision, Answer) and decision.offer:
            lines.append(decision.offer)
        if asks is not None:
            again = getattr(decision, "tried", 0) and isinstance(asks, AskSlot)
            lines.append(asks.again if again else asks.text)
        return Turn(decision, "\n".join(lines), asks, calls)
