"""What a day may cost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.language.lm.budget import Budget, count_tokens, tokens_for

TODAY, TOMORROW = date(2026, 11, 28), date(2026, 11, 29)


@given(st.integers(0, 500), st.lists(st.tuples(st.integers(1, 200), st.integers(0, 200), st.booleans()), max_size=40))
def test_what_is_held_never_goes_over_the_limit(limit: int, calls: list[tuple[int, int, bool]]) -> None:
    budget, open_calls, spent = Budget(limit), [], 0
    for tokens, used, ends in calls:
        if budget.hold(tokens, TODAY):
            open_calls.append(tokens)
        assert spent + sum(open_calls) <= max(limit, spent)
        if ends and open_calls:
            held = open_calls.pop(0)
            budget.settle(held, min(used, held), TODAY)
            spent += min(used, held)
        assert budget.spent(TODAY) == spent


def test_a_new_day_begins_at_nothing() -> None:
    budget = Budget(100)
    assert budget.hold(100, TODAY)
    budget.settle(100, 100, TODAY)
    assert not budget.hold(1, TODAY)
    assert budget.hold(1, TOMORROW)


def test_a_call_that_spans_midnight_is_still_held() -> None:
    budget = Budget(100)
    assert budget.hold(80, TODAY)
    assert not budget.hold(80, TOMORROW)
    budget.settle(80, 10, TOMORROW)
    assert budget.hold(80, TOMORROW)


def test_the_count_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "spent.json"
    budget = Budget(100, path)
    budget.hold(60, TODAY)
    budget.settle(60, 60, TODAY)
    again = Budget(100, path)
    assert again.spent(TODAY) == 60
    assert not again.hold(50, TODAY)
    assert Budget(100, path).spent(TOMORROW) == 0


@pytest.mark.parametrize("damaged", ["", "{}", "[1]", '{"day": "2026-11-28", "tokens": "x"}', "\x00"])
def test_a_damaged_count_begins_anew(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "spent.json"
    path.write_text(damaged)
    assert Budget(100, path).spent(TODAY) == 0


def test_a_folder_that_cannot_be_written_costs_the_file_alone(tmp_path: Path) -> None:
    budget = Budget(100, tmp_path / "nowhere" / "spent.json")
    assert budget.hold(60, TODAY)
    budget.settle(60, 60, TODAY)
    assert budget.spent(TODAY) == 60


def test_money_is_tokens_by_their_price() -> None:
    assert tokens_for(10, 4) == 2_500_000
    assert tokens_for(0, 4) is None
    assert tokens_for(10, 0) is None


def test_tokens_are_counted_rather_too_many() -> None:
    assert count_tokens("每张卡") == 3
    assert count_tokens("a card for each") == 5
    assert count_tokens("") == 0
