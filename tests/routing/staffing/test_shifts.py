"""The plan beside trying everything."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from warmline.routing.staffing.shifts import Pattern, make_patterns, plan_shifts


def _cheapest(need: list[int], patterns: list[Pattern]) -> int:
    """Try every plan."""
    return min(
        sum(pattern.worked * n for pattern, n in zip(patterns, numbers, strict=True))
        for numbers in product(range(max(need) + 1), repeat=len(patterns))
        if all(
            sum(n for pattern, n in zip(patterns, numbers, strict=True) if pattern.covers(at)) >= wanted
            for at, wanted in enumerate(need)
        )
    )


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_is_cheaper(seed: int) -> None:
    random = Random(seed)
    need = [random.randint(0, 3) for _ in range(8)]
    patterns = [Pattern(0, 4), Pattern(4, 8), Pattern(2, 7), Pattern(0, 8, 3, 4), Pattern(0, 8, 4, 5), Pattern(1, 3)]
    plan = plan_shifts(need, patterns)
    assert plan.cost == _cheapest(need, patterns)
    assert not any(plan.short)
    assert all(there >= wanted for there, wanted in zip(plan.covered, need, strict=True))


def test_what_cannot_be_covered_is_said() -> None:
    plan = plan_shifts([2, 3, 1], [Pattern(0, 3)], at_most=2)
    assert (plan.agents, plan.covered, plan.short) == (2, (2, 2, 2), (0, 1, 0))
    assert plan_shifts([1, 1], [Pattern(0, 1)]).short == (0, 1)


def test_nobody_is_planned_for_nothing() -> None:
    assert plan_shifts([0, 0], [Pattern(0, 2)]).staffed == ()


def test_long_shifts_have_a_pause_and_stay_within_the_day() -> None:
    patterns = make_patterns(30, 84, [32, 16])
    long = [one for one in patterns if one.end - one.start == 32]
    assert {one.worked for one in long} == {30}
    assert all(30 <= one.start < one.end <= 84 for one in patterns)
    assert all(one.start + 8 <= one.pause_from < one.pause_to <= one.end - 8 for one in long)
    assert {one.worked for one in patterns if one.end - one.start == 16} == {16}


def test_a_bank_day_is_planned_in_seconds() -> None:
    need = [0] * 30 + [4, 6, 9, 12, 14, 14, 13, 12, 11, 10, 10, 11, 12, 13, 13, 12, 11, 9, 8, 7, 6, 5, 4, 3] + [2] * 30
    need += [0] * (96 - len(need))
    plan = plan_shifts(need, make_patterns(30, 84, [32, 24, 16]))
    assert not any(plan.short)
    assert plan.cost < 1.35 * sum(need)
