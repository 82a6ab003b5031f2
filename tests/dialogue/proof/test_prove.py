"""The proof by itself: a sound configuration holds, and whatever is put wrong in it is found by what it does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from tests.dialogue.proof.configs import SOUND, names, read
from warmline.commands.prove import describe, to_json
from warmline.conversation import commands as c
from warmline.conversation.decide import decide
from warmline.conversation.events import AgentVanished, CallbackDue, Event, MessagePosted, Owner
from warmline.conversation.model import Conversation, evolve
from warmline.dialogue.flows.loader import load_flow
from warmline.dialogue.proof.config import MistakesError, load_config
from warmline.dialogue.proof.invariants import INVARIANTS
from warmline.dialogue.proof.owners import Fold, Owners, Rule
from warmline.dialogue.proof.prove import Certificate, CounterExample, prove, prove_flow
from warmline.kit.errors import UsageError

BROKEN = {
    "asked_of_some": {"arguments", "agreement"},
    "asked_twice": {"I8"},
    "blind_agreement": {"agreement"},
    "closed_hours": {"I7"},
    "done_again": {"once"},
    "emotion_sells": {"no_selling"},
    "face_only": {"I9"},
    "failure_as_done": {"failure"},
    "half_a_sentence": {"I10", "steps"},
    "never_reached": {"steps"},
    "no_exit": {"ends"},
    "secret_kept": {"secrets"},
    "too_patient": {"nonsense"},
}
"""Each broken configuration, with all the invariants that do not hold in it."""


@cache
def prove_once(broken: str, **texts: str) -> Certificate | CounterExample:
    return prove(read(broken, **texts), processes=1)


def refute(broken: str = "", owners: Owners | None = None, **texts: str) -> CounterExample:
    """Prove what does not hold."""
    proved = prove(read(broken, **texts), processes=1, owners=owners) if owners else prove_once(broken, **texts)
    assert isinstance(proved, CounterExample)
    return proved


def test_sound_configuration_holds() -> None:
    proved = prove(read(), processes=1)
    assert isinstance(proved, Certificate), list(describe(proved))
    assert {one.flow for one in proved.explored} == {"limit", "identity-basic"}
    assert proved.states > 200
    assert (proved.longest_path_to_human, proved.longest_without_a_word) == (1, 2)
    told = "\n".join(describe(proved))
    assert proved.digest[:16] in told
    assert all(f"  {name} " in told for name in INVARIANTS)


def test_every_broken_configuration_is_looked_at() -> None:
    assert names() == sorted(BROKEN)


@pytest.mark.parametrize("broken", BROKEN)
def test_broken_configuration_is_caught_by_what_it_does(broken: str) -> None:
    proved = refute(broken)
    assert set(proved.failed) == BROKEN[broken]
    assert proved.dialogue[-1] == ("", f"{proved.invariant}: {proved.what}")


@pytest.mark.parametrize("broken", ["no_exit", "asked_twice", "done_again"])
def test_names_make_no_difference(broken: str) -> None:
    """The same mistake under other names, of the file, the flow, its steps and slots, is the same mistake."""
    text = (SOUND.parent / "broken" / broken / "flows" / "limit.yaml").read_text("utf-8")
    for name, other in (("limit", "q7"), ("sum", "s2"), ("id: set", "id: s3"), ("{set.", "{s3."), ("agree", "s4")):
        text = text.replace(name, other)
    text = text.replace("set_q7", "set_limit").replace("kept", "s5")
    assert set(refute(limit=text).failed) == BROKEN[broken]


def test_counter_example_reads_as_a_dialogue() -> None:
    told = list(describe(refute("done_again")))
    assert told[0].startswith("does not hold: once")
    spoken = [line.split(":")[0].strip() for line in told if ":" in line]
    assert [who for who in spoken if who in ("customer", "bank")][-2:] == ["customer", "bank"]
    assert "  bank:      set_limit(amount=100.11) → unknown" in told


def test_json_names_every_invariant() -> None:
    for proved in (prove(read(), processes=1), refute("face_only")):
        found = json.loads(json.dumps(to_json(proved)))
        assert list(found["invariants"]) == list(INVARIANTS)
        assert found["holds"] is all(found["invariants"].values())
        assert (found["counterexample"] is None) is found["holds"]
        assert {one["flow"] for one in found["flows"]} == {"limit", "identity-basic"}


def test_changed_flow_is_proved_within_the_rest() -> None:
    config = read()
    proved = prove_flow(config, config.flows["limit"], processes=1)
    assert isinstance(proved, Certificate)
    assert [one.flow for one in proved.explored] == ["limit"]
    wrong, _ = load_flow((SOUND.parent / "broken/no_exit/flows/limit.yaml").read_text("utf-8"), "limit.yaml")
    proved = prove_flow(config, wrong, processes=1)
    assert isinstance(proved, CounterExample)
    assert set(proved.failed) == {"ends"}


SPEAKS = """
versions:
  - {version: 1, valid_from: 2026-01-01, misses_before_human: 1, feelings: {loud: {acknowledge: false}}}
  - {version: 2, valid_from: 2026-02-01, misses_before_human: 1, feelings: {loud: {acknowledge: false}}}
"""


def test_versions_of_the_policy_that_decide_the_same_are_explored_once() -> None:
    proved = prove(read(policy=SPEAKS), processes=1)
    assert isinstance(proved, Certificate)
    assert {one.policy for one in proved.explored} == {1}


LIMIT = (SOUND / "flows/limit.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (LIMIT.replace("steps:", "stpes:"), "limit.yaml:9:1: the key `stpes` is unknown; did you mean `steps`?"),
        (LIMIT.replace(", en: Change the limit", ""), "limit.yaml:2:1: the translation `en` is missing; add `en: …`"),
        (LIMIT.replace("  - id: kept", "  - {go: agree}\n  - id: kept"), "a circle with no exit"),
        (LIMIT.replace("  - ask: amount\n", ""), "nobody ever asks for `amount`"),
        (LIMIT.replace('en: "Done, reference {set.reference}."}', 'en: "Done."}\n    then: other'), "no flow `other`"),
    ],
)
def test_mistakes_of_a_file_are_told_by_line_and_column(text: str, line: str) -> None:
    with pytest.raises(MistakesError) as raised:
        read(limit=text)
    told = [one for one in raised.value.mistakes if line in one]
    assert told, raised.value.mistakes
    assert told[0].split(":")[0] == "limit.yaml"
    assert all(part.isdigit() for part in told[0].split(":")[1:3])


def loses_its_place(state: Conversation, event: Event) -> Conversation:
    after = evolve(state, event)
    return replace(after, front=False) if isinstance(event.payload, CallbackDue) else after


def waits_anew(state: Conversation, event: Event) -> Conversation:
    after = evolve(state, event)
    return replace(after, queued_at=event.at) if isinstance(event.payload, AgentVanished) else after


def comes_back_unasked(state: Conversation, event: Event) -> Conversation:
    after = evolve(state, event)
    return replace(after, owner=Owner.ASSISTANT) if isinstance(event.payload, AgentVanished) else after


def changes_hands_in_silence(state: Conversation, event: Event) -> Conversation:
    after = evolve(state, event)
    written_to = isinstance(event.payload, MessagePosted) and after.owner is Owner.QUEUE
    return replace(after, owner=Owner.CLOSED) if written_to else after


def shrugs_at_the_key(command: c.Command, state: Conversation, now: datetime) -> tuple[c.Entry, ...]:
    if isinstance(command, c.RequestHandoff) and command.via == "key":
        return ()
    return decide(command, state, now)


def talks_into_it(command: c.Command, state: Conversation, now: datetime) -> tuple[c.Entry, ...]:
    if isinstance(command, c.TakeTurn) and state.owner is Owner.AGENT:
        return decide(command, replace(state, owner=Owner.ASSISTANT), now)
    return decide(command, state, now)


@pytest.mark.parametrize(
    ("rule", "fold", "invariant"),
    [
        (decide, loses_its_place, "I7"),
        (decide, waits_anew, "I6"),
        (decide, comes_back_unasked, "I3"),
        (decide, changes_hands_in_silence, "I2"),
        (shrugs_at_the_key, evolve, "I4"),
        (talks_into_it, evolve, "I5"),
    ],
)
def test_broken_rule_of_ownership_is_caught(rule: Rule, fold: Fold, invariant: str) -> None:
    proved = refute(owners=Owners(rule, fold))
    assert invariant in proved.failed
    assert proved.dialogue


def test_folder_without_flows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no"):
        load_config(tmp_path)
