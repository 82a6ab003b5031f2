"""What the floor says of the next wait: counted from what happened, and only from that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.routing.floor import BETWEEN_SECONDS, FIRST_GUESS_SECONDS, PRESENT_SECONDS, Floor, Line

CARDS, LOANS, URGENT = Line("cards"), Line("loans"), Line("cards", "urgent")


def test_who_waits_counts_from_coming_to_being_served_or_going() -> None:
    floor = Floor()
    floor.enter("a", CARDS, 0)
    floor.enter("b", CARDS, 10)
    assert floor.look(CARDS, 30).waiting == 2
    assert floor.look(CARDS, 30).head_seconds == 30
    ended = floor.serve("a", CARDS, "tova", 40)
    assert ended is not None
    assert (ended.line, ended.seconds, ended.served) == (CARDS, 40, True)
    assert floor.look(CARDS, 50).head_seconds == 40
    assert floor.look(CARDS, 50).last_seconds == 40
    gone = floor.give_up("b", 60)
    assert gone is not None
    assert (gone.seconds, gone.served) == (50, False)
    assert floor.look(CARDS, 60).waiting == 0
    assert floor.look(CARDS, 60).last_seconds == 40, "who gave up was not served after fifty seconds"


def test_conversations_end_at_each_servers_own_pace() -> None:
    floor = Floor()
    for number in range(60):
        floor.serve(number, CARDS, "quick", number * 1_000)
        floor.serve(-number - 1, CARDS, "slow", number * 1_000)
        floor.finish(number, number * 1_000 + 100)
        floor.finish(-number - 1, number * 1_000 + 900)
    floor.serve("x", CARDS, "quick", 70_000)
    quick = floor.look(CARDS, 70_000).rate
    floor.finish("x", 70_100)
    floor.serve("y", CARDS, "slow", 70_200)
    slow = floor.look(CARDS, 70_200).rate
    mean = (100 + 900) / 2
    assert 100 + BETWEEN_SECONDS < 1 / quick < 100 + 0.15 * mean, "drawn a little to all servers' mean"
    assert 900 - 0.15 * mean < 1 / slow < 900 + BETWEEN_SECONDS


def test_only_who_takes_a_group_counts_for_it() -> None:
    floor = Floor()
    floor.serve("a", CARDS, "tova", 0)
    floor.serve("b", LOANS, "yitz", 0)
    both = Floor()
    both.serve("c", CARDS, "tova", 0)
    both.finish("c", 10)
    both.serve("a", LOANS, "tova", 10)
    both.serve("b", LOANS, "yitz", 10)
    assert floor.look(LOANS, 20).able_rate == pytest.approx(1 / (FIRST_GUESS_SECONDS + BETWEEN_SECONDS))
    assert both.look(LOANS, 20).able_rate > 1.5 * floor.look(LOANS, 20).able_rate


def test_who_has_just_ended_rests_and_who_ended_long_ago_is_not_there() -> None:
    floor = Floor()
    floor.serve("a", CARDS, "tova", 0)
    floor.finish("a", 100)
    seen = [floor.look(CARDS, 100 + later) for later in (5, 60, PRESENT_SECONDS + 1)]
    assert [(scene.resting, scene.away) for scene in seen] == [(1, 1), (0, 1), (0, 0)]


def test_an_order_that_is_not_first_come_first_served_is_learnt() -> None:
    """The urgent go before those who came earlier, of whom there is always one."""
    floor, now = Floor(), 0.0
    for number in range(200):
        floor.enter(("slow", number), CARDS, now)
        floor.enter(("urgent", number), URGENT, now + 1)
        floor.serve(("urgent", number), URGENT, "tova", now + 50)
        floor.finish(("urgent", number), now + 60)
        floor.serve(("slow", number), CARDS, "tova", now + 61)
        floor.finish(("slow", number), now + 99)
        now += 100
    floor.enter("first", CARDS, now)
    assert floor.count_before(URGENT) < 0.1
    assert floor.count_before(CARDS) == pytest.approx(1)
    floor.enter("second", URGENT, now)
    assert floor.count_before(URGENT) > 0.9
    assert floor.look(CARDS, now).passing > 100 * floor.look(URGENT, now).passing / 20


def test_only_who_works_can_have_room() -> None:
    floor = Floor()
    assert not floor.has_room(3)
    for key in "abc":
        floor.serve(key, CARDS, "tova", 0)
        assert floor.has_room(3) == (key != "c")
    assert not floor.has_room(1)


steps = st.lists(st.tuples(st.sampled_from("esgf"), st.integers(0, 8), st.sampled_from([CARDS, LOANS, URGENT])))


@given(steps)
def test_whatever_happens_the_counts_stay_sound(happened: list[tuple[str, int, Line]]) -> None:
    floor, waiting, served = Floor(), set[int](), set[int]()
    for now, (what, key, line) in enumerate(happened):
        if what == "e" and key not in waiting | served:
            floor.enter(key, line, now)
            waiting.add(key)
        elif what == "s" and key not in served:
            assert (floor.serve(key, line, str(key % 3), now) is None) == (key not in waiting)
            waiting.discard(key)
            served.add(key)
        elif what == "g":
            assert (floor.give_up(key, now) is None) == (key not in waiting)
            waiting.discard(key)
        elif what == "f" and key in served:
            floor.finish(key, now)
            served.discard(key)
        scene = floor.look(line, now)
        assert scene.waiting == len(waiting)
        assert 0 <= floor.count_before(line) <= len(waiting) + 1e-9
        assert min(scene.rate, scene.able_rate) > 0
        assert scene.passing >= 0
