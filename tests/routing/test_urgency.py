"""What presses, and how far before others it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from warmline.conversation.events import Urgency
from warmline.kit.strict_yaml import FileMistakeError
from warmline.routing.rules import HEAD_STARTS, RoutingRules, read_rules
from warmline.routing.urgency import Need, choose_urgency


@pytest.mark.parametrize(
    ("reason", "signs", "elder", "urgency"),
    [
        ("urgent", (), False, Urgency.URGENT),
        ("customer_asked", ("fraud",), True, Urgency.URGENT),
        ("distress", ("danger", "distress"), False, Urgency.URGENT),
        ("customer_asked", ("card_stolen", "complaint"), False, Urgency.URGENT),
        ("distress", (), False, Urgency.VULNERABLE),
        ("complaint", ("bereavement",), True, Urgency.VULNERABLE),
        ("complaint", (), True, Urgency.ELDER),
        ("customer_asked", ("elder",), False, Urgency.ELDER),
        ("complaint", (), False, Urgency.COMPLAINT),
        ("customer_asked", ("anger",), False, Urgency.COMPLAINT),
        ("likely_dissatisfied", (), False, Urgency.COMPLAINT),
        ("customer_asked", ("card_lost", "worry", "vip", "none"), False, Urgency.NORMAL),
    ],
)
def test_what_presses_most_decides(reason: str, signs: tuple[str, ...], elder: bool, urgency: Urgency) -> None:
    assert choose_urgency(reason, Need(frozenset(signs), elder)) is urgency


def test_head_starts_fall_with_what_presses() -> None:
    starts = [RoutingRules().head_start(one) for one in Urgency]
    assert starts == sorted(starts, reverse=True)
    assert starts[0] == HEAD_STARTS[Urgency.URGENT] * 60
    assert starts[-1] == 0


def test_a_file_changes_what_it_names() -> None:
    rules = read_rules(Path("routing.yaml"), "head_starts: {elder: 30}")
    assert (rules.head_start(Urgency.ELDER), rules.head_start(Urgency.COMPLAINT)) == (1800, 600)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("head_starts: {complaint: 30}", "`complaint` would go before `elder`"),
        ("head_starts: {vip: 200}", "'vip' is not possible"),
        ("head_start: {elder: 5}", "did you mean 'head_starts'?"),
        ("head_starts: {elder: 9999}", "less than or equal to 1440"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(FileMistakeError) as caught:
        read_rules(Path("routing.yaml"), text)
    assert said in str(caught.value)
    assert "routing.yaml:1:" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("groups: {a: {overflow: {to: a}}}", "a → a overflows in a loop"),
        ("groups: {a: {overflow: {to: b}}, b: {overflow: {to: c}}, c: {overflow: {to: b}}}", "b → c → b overflows"),
        ("groups: {a: {hours: {weekdays: ''}}}", "never open; write `weekdays: 08:30-21:00`"),
        ("groups: {a: {hours: {weekdays: '25:00-26'}}}", "opening hours look like"),
        ("at_once: {web: 7}", "less than or equal to 6"),
    ],
)
def test_rules_that_contradict_themselves_are_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(FileMistakeError) as caught:
        read_rules(Path("routing.yaml"), text)
    assert said in str(caught.value)


def test_overflow_goes_on_from_group_to_group() -> None:
    rules = read_rules(Path("r.yaml"), "groups: {a: {overflow: {to: b, after: 60}}, b: {overflow: {to: c, after: 90}}}")
    assert [rules.reach("a", waited) for waited in (59, 60, 149, 150)] == [
        ("a",), ("a", "b"), ("a", "b"), ("a", "b", "c")
    ]  # fmt: skip
    assert rules.feeders("c") == [("c", 0), ("a", 150), ("b", 90)]
    assert rules.named_groups == ["a", "b", "c"]
