"""The circuit breaker."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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


@given(
    st.integers(1, 4), st.floats(0.5, 60),
    st.lists(st.tuples(st.sampled_from(["ok", "bad", "broken off"]), st.floats(0, 40)), max_size=60),
)  # fmt: skip
def test_whatever_happens_it_is_closed_after_a_success_and_shut_for_its_rest_after_failures(
    limit: int, rest: float, story: list[tuple[str, float]]
) -> None:
    breaker, now, failed, shut_until = Breaker(limit, rest), 0.0, 0, 0.0
    for outcome, passes in story:
        now += passes
        if not breaker.may_try(now):
            assert failed >= limit, "it is only ever shut after so many failures in a row"
            assert now < shut_until, "and for no longer than its rest"
            continue
        assert failed < limit or now >= shut_until, "nothing is tried while it rests"
        if failed >= limit:
            assert not breaker.may_try(now), "one probe at a time"
        if outcome == "broken off":
            breaker.give_up_probe()
            continue
        breaker.note(alive=outcome == "ok", now=now)
        failed = 0 if outcome == "ok" else failed + 1
        shut_until = now + rest if failed >= limit else 0.0
