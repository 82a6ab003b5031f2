"""Test dialogues beside the flows: what a customer says, what the systems answer, and what must come of it.

No model is asked: the first words begin the flow, the others are read as the flow reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from warmline.connectors.model import ActionResult, Status
from warmline.dialogue import decisions as d
from warmline.dialogue.act import MOST_ACTS
from warmline.dialogue.flows.hear import Heard, hear, hear_opening
from warmline.dialogue.flows.keeping import remember
from warmline.dialogue.flows.turn import Flows, decide_result, listen, make_flows
from warmline.dialogue.model import DialogueState, Policy, Understanding, decide_turn
from warmline.dialogue.proof.config import Config
from warmline.dialogue.proof.starts import start_state
from warmline.dialogue.proof.states import NOW
from warmline.dialogue.proof.story import say
from warmline.kit.strict_yaml import FileMistakeError, Sheet, read_sheet
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import find_markers


class Strict(BaseModel):
    """Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerOf(Strict):
    """What an action answers: the data of a success, or a refusal's code with what it tells, or a failure."""

    ok: dict[str, Any] | None = None
    refused: str = ""
    tells: dict[str, Any] = Field(default_factory=dict)
    failed: bool = False
    unknown: bool = False

    def result(self) -> ActionResult:
        """Return it as a call returns it."""
        if self.failed or self.unknown:
            return ActionResult(Status.FAILED if self.failed else Status.UNKNOWN)
        return (
            ActionResult(Status.REFUSED, self.tells, self.refused)
            if self.refused
            else ActionResult(Status.OK, self.ok or {})
        )


class Exchange(Strict):
    """One turn. What is left out is not looked at.

    `article`: the words ask what this article answers; `asks`: the slot or the confirmation asked for next; `does`: the
    actions called, in order; `outcome`: the flow's; `person`: the reason for which one is brought; `contains`: words
    among what the assistant says.
    """

    says: str
    article: str = ""
    asks: str | None = None
    does: tuple[str, ...] | None = None
    outcome: str | None = None
    person: str | None = None
    contains: tuple[str, ...] = ()


class TestDialogue(Strict):
    """A conversation. `answers`: by action, one after another; the last one stays."""

    __test__ = False
    name: str
    locale: str = "zh-Hans"
    signed_in: str = ""
    elder: bool = False
    answers: dict[str, tuple[AnswerOf, ...]] = Field(default_factory=dict)
    dialogue: Annotated[tuple[Exchange, ...], Field(min_length=1)]


class TestsFile(Strict):
    """The file `<flow>.tests.yaml`. `answers`: what holds in all its dialogues where they say nothing else."""

    __test__ = False
    answers: dict[str, tuple[AnswerOf, ...]] = Field(default_factory=dict)
    tests: Annotated[tuple[TestDialogue, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Passed:
    """A test dialogue that went as it should."""

    file: str
    test: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One that did not; `line` is that of the turn."""

    file: str
    line: int
    test: str
    what: str


def run_tests(folder: Path, config: Config) -> Iterator[Passed | Failure]:
    """Run the test dialogues of a folder, each against the flow it stands beside."""
    effects = {name: action.effect for name, action in config.actions.items()}
    versions = {(name, 1): flow for name, flow in config.flows.items()}
    flows = make_flows(config.identity, versions, effects, dict.fromkeys(config.flows, 1))
    for path in sorted(folder.glob("flows/*.tests.yaml")):
        flow_id = path.name.removesuffix(".tests.yaml")
        try:
            sheet = read_sheet(path, TestsFile)
        except FileMistakeError as error:
            yield from (Failure(path.name, one.line, flow_id, one.what) for one in error.mistakes)
            continue
        if flow_id not in config.flows:
            yield Failure(path.name, 1, flow_id, "there is no such flow beside it")
            continue
        for number, test in enumerate(sheet.content.tests):
            test = test.model_copy(update={"answers": {**sheet.content.answers, **test.answers}})
            yield _run_test(path.name, sheet, number, test, Played(flows, flow_id, test))


@dataclass
class Played:
    """A test dialogue as far as it went."""

    flows: Flows
    flow_id: str
    test: TestDialogue
    state: DialogueState = field(init=False)
    called: list[str] = field(default_factory=list)
    _asked: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = replace(start_state(self.test.signed_in, elder=self.test.elder), locale=self.test.locale)

    def take_turn(self, exchange: Exchange) -> d.Decision:
        """Let the assistant decide on what is said, and act on what the actions answer."""
        world = self.state.world(NOW)
        decision = decide_turn(self.state, self._understand(exchange), Policy(flows=self.flows), NOW)
        while isinstance(decision, d.Act) and len(self.called) < MOST_ACTS:
            self.called.append(decision.call.action)
            decision = decide_result(self.flows, decision, self._answer(decision.call.action), world)
        memory = remember(self.flows, getattr(decision, "memory", None), self.state.memory, self.state.locale)
        self.state = replace(self.state, memory=memory)
        return decision

    def _understand(self, exchange: Exchange) -> Understanding:
        text, markers = exchange.says, find_markers(exchange.says)
        flow, memory = self.flows.find(self.flow_id), self.state.memory
        assert flow is not None
        listening = listen(self.flows, memory, self.state.world(NOW))
        heard = hear(text, listening) if listening else Heard()
        fresh = memory.run is None and memory.ended is None and not memory.offered and markers.only is None
        article = exchange.article or (flow.starts.articles[0] if fresh and flow.starts.articles else "")
        answered = {"release": ReleaseKind.ANSWER, "article_ids": (article,), "confidence": 0.95} if article else {}
        told = {self.flow_id: hear_opening(text, flow, self.flows.policy, NOW)}
        return Understanding(text, markers.kinds, markers.only, heard=heard, told=told, **answered)  # type: ignore[arg-type]

    def _answer(self, action: str) -> ActionResult:
        given = self.test.answers.get(action, ())
        number = self._asked[action] = self._asked.get(action, -1) + 1
        return given[min(number, len(given) - 1)].result() if given else ActionResult(Status.FAILED)


def _run_test(file: str, sheet: Sheet[TestsFile], number: int, test: TestDialogue, played: Played) -> Passed | Failure:
    for turn, exchange in enumerate(test.dialogue):
        played.called.clear()
        try:
            decision = played.take_turn(exchange)
            wrong = _wrong(exchange, decision, played)
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            line = sheet.mistake(("tests", number, "dialogue", turn), "").line
            return Failure(file, line, test.name, f"at “{exchange.says}”: {wrong}")
    return Passed(file, test.name)


def _wrong(exchange: Exchange, decision: d.Decision, played: Played) -> str:
    """Return what is not as expected."""
    asks = getattr(decision, "asks", None) or getattr(decision, "back", None)
    person = decision.reason if isinstance(decision, d.HandOff) else None
    found: Mapping[str, object] = {
        "asks": asks.name if asks else None, "does": tuple(played.called),
        "outcome": getattr(decision, "outcome", None), "person": person,
    }  # fmt: skip
    for name, value in found.items():
        wanted = getattr(exchange, name)
        if wanted is not None and wanted != value:
            got = f"{decision.name} ({decision.reason})" if value in (None, ()) else str(value)
            return f"{name} is {wanted!r} in the file, and came out as {got}"
    if exchange.contains:
        text = "\n".join(say(decision, played.state.locale))
        missing = [one for one in exchange.contains if one not in text]
        return f"the assistant does not say “{missing[0]}” but: {text}" if missing else ""
    return ""
