"""What is felt decides who comes and what is said; refused, it is not even read."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest

import warmline
from tests.dialogue.conftest import House, decided
from tests.support import texts
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, MessagePosted, SlipWritten, Visibility
from warmline.dialogue.bringing import PERSONS, bring_for
from warmline.dialogue.feeling import Sign, find_felt
from warmline.language.ports import Vectors
from warmline.language.service import Emotion, Feeling, FeelingSense, Hint, Trajectory, Urgency


class Counted(FeelingSense):
    """The real sense, counting what it is asked."""

    def __init__(self, model: str = "") -> None:
        super().__init__(model)
        self.read = 0

    def feel(self, text: str, vector: Vectors | None = None, before: Sequence[str] = ()) -> Feeling:
        self.read += 1
        return super().feel(text, vector, before)


async def refuse(house: House, state_id: object, *, refused: bool = True) -> None:
    state = await house.heart.service.get(state_id)  # type: ignore[arg-type]
    author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
    await house.heart.service.execute(state.id, c.SetPreferences(author, state.elder, state.locale, refused))


async def test_a_feeling_is_read_and_written_down_with_its_signs(house: House) -> None:
    state = await house.heart.open()
    found = decided(await house.ask(state, "你们到底管不管！气死我了，出国刷卡要先通知银行吗")).feeling
    assert found is not None
    assert (found.emotion, "anger" in found.felt) == ("anger", True)
    assert found.signs


async def test_refused_means_not_computed_and_service_is_no_worse(house: House) -> None:
    sense = Counted(house.embedder.name)
    house.assistant = house.make_assistant(feelings=sense)
    state = await house.heart.open()
    await refuse(house, state.id)
    events = await house.ask(state, "急死我了！！出国刷卡要先通知银行吗")
    assert sense.read == 0
    assert decided(events).feeling is None
    assert decided(events).acknowledgement is None
    said = [one.payload for one in events if isinstance(one.payload, MessagePosted)]
    assert decided(events).decision == "answer"
    assert any(one.sources for one in said)
    await refuse(house, state.id, refused=False)
    assert decided(await house.ask(state, "急死我了，卡不见了怎么办")).feeling is not None
    assert sense.read == 1


async def test_what_is_told_of_feelings_before_a_refusal_is_forgotten(house: House) -> None:
    state = await house.heart.open()
    before = decided(await house.ask(state, "气死我了，你们什么破银行！！")).memory
    assert before is not None
    assert before["mood"]["turns"] == 1
    state = await house.get(state)
    if state.human_requested:
        await house.routing.return_to_assistant(state)
    await refuse(house, state.id)
    after = decided(await house.ask(state, "出国刷卡要先通知银行吗")).memory
    assert not (after or {}).get("mood")


async def test_a_complaint_brings_a_person_at_once_and_the_slip_says_so(house: House) -> None:
    state = await house.heart.open()
    events = await house.ask(state, "我要投诉你们柜台")
    assert (decided(events).decision, decided(events).reason) == ("hand_off", "complaint")
    assert "投诉" in str(texts(events)[0])
    log = await house.heart.service.events_after(state.id, 0, Visibility.STAFF)
    (slip,) = (one.payload for one in log if isinstance(one.payload, SlipWritten))
    assert slip.opening is not None
    assert "投诉" in slip.opening


@pytest.mark.parametrize(
    ("feeling", "elder", "named"),
    [
        (Feeling(Emotion.ANGER, 0.7), False, {"anger"}),
        (Feeling(Emotion.ANGER, 0.2), False, set()),
        (Feeling(Emotion.CONFUSION, 0.4), False, {"confusion"}),
        (Feeling(Emotion.CONFUSION, 0.4), True, {"confusion", "hesitates"}),
        (Feeling(vulnerability=frozenset({Hint.DIGITAL})), True, {"hesitates"}),
        (Feeling(vulnerability=frozenset({Hint.DIGITAL})), False, set()),
        (Feeling(complaint=True), False, {"complaint"}),
        (Feeling(urgency=Urgency.ELDER_SCAMMED), False, {"urgent"}),
        (Feeling(Emotion.JOY, 0.9), True, set()),
    ],
)
def test_what_a_policy_is_told_of_a_feeling(feeling: Feeling, elder: bool, named: set[str]) -> None:
    assert find_felt(feeling, Trajectory().then(feeling), elder=elder) == named


def test_distress_that_stays_is_told_apart_from_a_moment_of_it() -> None:
    upset = Feeling(Emotion.ANXIETY, 0.8)
    once = Trajectory().then(upset)
    assert Sign.LASTING not in find_felt(upset, once, elder=False)
    assert Sign.LASTING in find_felt(upset, once.then(upset), elder=False)
    calm = Feeling()
    assert Sign.LASTING not in find_felt(calm, once.then(calm), elder=False)


@pytest.mark.parametrize(
    ("felt", "answered", "reason"),
    [
        ({"complaint"}, True, "complaint"),
        ({"urgent", "complaint"}, True, "urgent"),
        ({"anger"}, True, None),
        ({"anger"}, False, "distress"),
        ({"anger", "again"}, True, "distress"),
        ({"lasting", "anxiety"}, False, "likely_dissatisfied"),
        ({"worry"}, False, None),
        (set(), False, None),
    ],
)
def test_whom_a_feeling_brings(felt: set[str], answered: bool, reason: str | None) -> None:
    found = bring_for(felt, PERSONS, {}, answered=answered)
    assert (found.reason if found else None) == reason


def test_feelings_are_read_of_customers_alone() -> None:
    """Only the assistant, what reads along beside agents (of the customer's words), and the wiring read feelings."""
    root = Path(warmline.__file__).parent
    readers = set()
    for path in root.rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)}
        if names & {"FeelingSense", "find_risks", "says_again"}:
            readers.add(path.relative_to(root).parts[0])
    assert readers == {"assist", "bootstrap.py", "dialogue", "language", "people.py"}
