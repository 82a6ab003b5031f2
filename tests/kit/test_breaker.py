"""The circuit breaker."""

from __future__ import annotations

from warmline.kit.breaker import Breaker


def fail(breaker: Breaker, times: int, now: float = 0) -> None:
    for _ in range(times):
        assert breaker.may_try(now)
        breaker.note(alive=False, now=now)


def test_it_opens_after_five_failures_in_a_row() -> None:
    breaker = Breaker()
    fail(breaker, 4)
    breaker.note(alive=True, now=0)
    fail(breaker, 5)
    assert not breaker.may_try(9.9)


def test_one_try_shows_whether_the_system_is_back() -> None:
    breaker = Breaker()
    fail(breaker, 5)
    assert breaker.may_try(10)
    assert not breaker.may_try(10), "one at a time"
    breaker.note(alive=False, now=10)
    assert not breaker.may_try(19)
    assert breaker.may_try(20)
    breaker.note(alive=True, now=20)
    assert breaker.may_try(20)
    assert breaker.may_try(20)


def test_a_broken_off_try_does_not_block_the_next() -> None:
    breaker = Breaker()
    fail(breaker, 5)
    assert breaker.may_try(10)
    breaker.give_up_probe()
    assert breaker.may_try(10)
