"""The policy file: what holds on which day, in the decision and in a living conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.dialogue.conftest import NEVER, House, decided
from tests.fakes.server import ROOT
from warmline.dialogue.feeling import Sign
from warmline.dialogue.model import Policy
from warmline.dialogue.policy import Policies, read_policies
from warmline.kit.strict_yaml import FileMistakeError
from warmline.language.service import Emotion, Marker

TWO = """
versions:
  - {version: 1, valid_from: 2026-01-01}
  - version: 2
    valid_from: 2026-12-01
    misses_before_human: 1
    feelings:
      loud: {acknowledge: false, offer: true, senior: false}
      hardship: {senior: true, skill: loans}
"""


def read(text: str) -> Policies:
    return read_policies(Path("policy.yaml"), text)


def test_version_holds_from_its_day_until_the_next() -> None:
    policies = read(TWO)
    assert [policies.at(date(2026, month, 1)).misses_before_human for month in (11, 12)] == [2, 1]
    assert policies.at(date(2025, 12, 31)) == policies.at(date(2026, 11, 30)) == Policy()


def test_rule_changes_what_it_names_and_nothing_else() -> None:
    policy, plain = read(TWO).at(date(2027, 1, 1)), Policy()
    assert policy.unspoken == {Marker.LOUD}
    assert plain.unoffered - policy.unoffered == {Marker.LOUD}
    assert policy.senior == plain.senior - {Marker.LOUD} | {Marker.HARDSHIP}
    assert (policy.skills, policy.first_aid) == ({Marker.HARDSHIP: "loans"}, plain.first_aid)


def test_demo_is_owed_what_is_built_in_and_a_group_for_what_presses() -> None:
    policy = read_policies(ROOT / "demo/policy.yaml").at(date(2026, 11, 30))
    assert set(policy.skills) == {Marker.FRAUD, Marker.CARD_STOLEN, Marker.HARDSHIP, Sign.URGENT}
    assert replace(policy, skills={}) == Policy()


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("misses_before_human: 1", "mises_before_human: 1", "policy.yaml:6:5"),
        ("misses_before_human: 1", "misses_before_human: 0", "policy.yaml:6:"),
        ("loud:", "lout:", "policy.yaml:4:"),
        ("version: 2", "version: 1", "policy.yaml:1:1: version 1 does not come after version 1"),
        ("{acknowledge: false", "{acknowlege: false", "policy.yaml:8:"),
    ],
)
def test_mistake_is_told_with_its_place(right: str, wrong: str, place: str) -> None:
    with pytest.raises(FileMistakeError) as raised:
        read(TWO.replace(right, wrong))
    assert str(raised.value.fields["reason"]).startswith(place)


async def test_living_conversation_is_decided_by_the_day_it_is(house: House) -> None:
    days: list[datetime] = []

    def policy(now: datetime) -> Policy:
        days.append(now)
        return Policy(misses_before_human=1)

    house.assistant = house.make_assistant(policy=policy)
    house.policy = NEVER
    state = await house.heart.open()
    turn = decided(await house.ask(state, "量子纠缠的退相干时间怎么算"))
    assert (turn.decision, turn.reason) == ("hand_off", "not_known_1_times")
    assert days
    assert all(one == house.heart.clock.now() for one in days)


def test_whom_a_feeling_brings_is_set_by_the_file() -> None:
    rules = "{complaint: {person: never}, worry: {person: at_once}}"
    text = f"versions: [{{version: 1, valid_from: 2026-01-01, feelings: {rules}}}]"
    persons = read(text).at(date(2026, 2, 1)).persons
    assert (persons[Sign.COMPLAINT], persons[Emotion.WORRY], persons[Sign.URGENT]) == ("never", "at_once", "at_once")


def test_first_aid_is_for_what_happens_and_not_for_what_is_felt() -> None:
    with pytest.raises(FileMistakeError, match="anger"):
        read("versions: [{version: 1, valid_from: 2026-01-01, first_aid: {anger: [cards]}}]")
