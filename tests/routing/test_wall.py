"""The wall's numbers: what is counted as in time, who counts as what, whom to look at first, and how they are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.routing.conftest import Centre
from tests.support import NOW, ask_for_person, post
from warmline.conversation import commands as c
from warmline.conversation.events import Author, TurnDecided, Urgency
from warmline.conversation.model import Conversation
from warmline.conversation.noted import Acknowledged
from warmline.customer.keys import CustomerKeys
from warmline.customer.service import CustomerService
from warmline.routing.lookout import Lookout
from warmline.routing.rules import GroupRules, RoutingRules, Target
from warmline.routing.wall.figures import (
    Contact,
    Felt,
    Met,
    Seat,
    count_agents,
    count_feelings,
    find_distressed,
    in_time,
    sum_up,
)
from warmline.routing.wall.service import Wall
from warmline.staff.model import Presence


def contact(
    met: Met | None, waited: float, to_human: float | None = None, *, at: float = 0, group: str = ""
) -> Contact:
    return Contact(at, group, met, waited, to_human)


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        (contact("answered", 60), True),
        (contact("answered", 61), False),
        (contact("abandoned", 61), False),
        (contact("abandoned", 20), None),
        (contact(None, 20), None),
        (contact(None, 61), False),
        (contact("later", 900), None),
    ],
)
def test_in_time_is_decided_once_it_can_be(one: Contact, kept: bool | None) -> None:
    assert in_time(one, 60) is kept


def test_a_day_is_summed_up() -> None:
    contacts = [
        contact("answered", 10, 15, at=9),
        contact("answered", 40, 61, at=9),
        contact("answered", 40, 1000, at=10, group="elders"),
        contact("abandoned", 90, at=10),
        contact("abandoned", 5, at=11),
        contact(None, 3, at=11),
        contact("later", 100, at=11),
    ]
    day = sum_up(contacts, lambda group: 30 if group == "elders" else 60, int)
    assert (day.arrivals, day.answered, day.abandoned) == (7, 3, 2)
    assert (day.level, day.counted) == (0.5, 4)
    assert (day.p50, day.p90) == (61, 1000)
    assert day.histogram == (1, 0, 0, 1, 0, 0, 1)
    hours = {hour: (one.arrivals, one.answered, one.abandoned) for hour, one in day.hours.items()}
    assert hours == {9: (2, 2, 0), 10: (2, 1, 1), 11: (3, 0, 1)}


def test_a_day_that_begins_claims_nothing() -> None:
    day = sum_up([], lambda _: 60, int)
    assert (day.level, day.p50, day.p90, day.arrivals) == (None, None, None, 0)


def test_everyone_who_serves_counts_once() -> None:
    here = {"reason": "", "seen": True, "load": 1, "places": 3, "offered": False, "wrapping_up": False}

    def seat(presence: Presence = Presence.AVAILABLE, **other: object) -> Seat:
        return Seat(presence=presence, **{**here, **other})  # type: ignore[arg-type]

    seats = [
        seat(),
        seat(load=3),
        seat(offered=True, load=2),
        seat(wrapping_up=True),
        seat(seen=False, load=3),
        seat(Presence.AWAY),
        seat(Presence.BREAK, reason="lunch", seen=False),
        seat(Presence.BREAK, reason="lunch"),
    ]
    agents = count_agents(seats)
    assert agents.states == {"free": 1, "full": 1, "offered": 1, "wrapping_up": 1, "away": 2, "break": 2}
    assert agents.breaks == {"lunch": 2}


def felt(number: int, *feelings: str, urgency: Urgency = Urgency.NORMAL, owner: str = "queue", after: int = 0) -> Felt:
    since = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=after)
    one = UUID(int=number)
    return Felt(one, one, owner, None, "web", None, False, urgency, since, 1, feelings)


def test_whom_to_look_at_first() -> None:
    conversations = [
        felt(1),
        felt(2, "worry"),
        felt(3, "anger", after=5),
        felt(4, "anger", after=1, owner="agent"),
        felt(5, urgency=Urgency.COMPLAINT),
        felt(6, "distress"),
        felt(7, urgency=Urgency.URGENT),
        felt(8, "falling"),
        felt(9, urgency=Urgency.ELDER),
        felt(10, "anger", "falling", after=9),
    ]
    assert [one.id.int for one in find_distressed(conversations)] == [7, 6, 5, 3, 4, 2, 10]
    assert count_feelings(conversations)[:2] == [("anger", 3), ("falling", 2)]


def wall_of(centre: Centre, customers: CustomerService, rules: RoutingRules | None = None) -> Wall:
    heart = centre.heart
    if rules:
        centre.routing.rules = rules
    lookout = Lookout(heart.uow, centre.routing, timedelta(minutes=30))
    return Wall(heart.uow, heart.clock, centre.routing, customers, lookout, within=timedelta(seconds=15))


@pytest.fixture
def customers(centre: Centre) -> CustomerService:
    heart = centre.heart
    keys = CustomerKeys(heart.uow, clock=heart.clock, bus=heart.bus, master_key=b"k" * 32)
    return CustomerService(clock=heart.clock, keys=keys)


async def ask(centre: Centre, *, feeling: str = "", skill: str | None = None) -> Conversation:
    state = await centre.heart.open()
    await centre.heart.say(state, "我的钱呢")
    said = Acknowledged(say=["heard"], reason=feeling) if feeling else None
    plan = c.HandoffPlan(skill)
    decided = TurnDecided(reply_to=2, decision="hand_off", reason="asked", acknowledgement=said)
    await centre.heart.do(state, c.TakeTurn(2, decided, (c.Say("马上"),), ask_for_person(plan)))
    return state


async def test_the_house_as_it_stands(centre: Centre, customers: CustomerService) -> None:
    assert centre.heart.clock.now() == NOW
    wall = wall_of(centre, customers, RoutingRules(groups={"elders": GroupRules(target=Target(seconds=30))}))
    agent, _ = await centre.hire("chenxi", "cards"), await centre.hire("linyao", available=False)
    await centre.connect(agent)
    first = await ask(centre, feeling="anger+rising", skill="cards")
    await centre.move(seconds=45)
    await centre.connect(agent)
    taken = await ask(centre, skill="elders")
    await centre.move(seconds=40)
    await centre.connect(agent)
    await centre.heart.do(taken, c.Accept(agent))
    await centre.move(seconds=7)
    await centre.connect(agent)
    await centre.heart.do(taken, post("我在", "a1", agent))
    seen = await wall.read()
    waiting = [one for one in seen.lines if one.owner == "queue"]
    assert [(one.skill, one.channel, one.count) for one in waiting] == [("cards", "web", 1)]
    assert waiting[0].since == NOW
    assert seen.agents.states == {"free": 1, "break": 1}
    assert (seen.day.arrivals, seen.day.answered) == (2, 1)
    assert (seen.day.level, seen.day.counted) == (0.0, 2), "92 s of 60 in the line, 40 s of 30 for elders"
    assert (seen.day.p50, seen.day.p90) == (47, 47)
    assert list(seen.day.hours) == [10], "by the bank's clock"
    assert [(one.id, one.feelings) for one in seen.distressed] == [(first.id, ("anger", "rising"))]
    assert seen.feelings == [("anger", 1), ("rising", 1)]


async def test_who_takes_a_time_instead_is_not_lost_and_comes_again_when_it_is_due(
    centre: Centre, customers: CustomerService
) -> None:
    wall = wall_of(centre, customers)
    state = await ask(centre)
    await centre.move(seconds=30)
    due = centre.heart.clock.now() + timedelta(minutes=20)
    author = Author(kind="customer", id=state.customer_id)  # type: ignore[arg-type]
    await centre.heart.do(state, c.ScheduleCallback(author, due, "customer"))
    seen = await wall.read()
    assert (seen.day.arrivals, seen.day.answered, seen.day.abandoned, seen.day.counted) == (1, 0, 0, 0)
    assert (seen.owed.callbacks_soon, seen.owed.callbacks_late, seen.owed.callbacks_at_risk) == (1, 0, 0)
    await wall._lookout.look()
    await centre.move(minutes=21)
    seen = await wall.read()
    assert (seen.owed.callbacks_soon, seen.owed.callbacks_late, seen.owed.callbacks_at_risk) == (1, 1, 1)


async def test_all_who_look_share_one_read(
    centre: Centre, customers: CustomerService, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = wall_of(centre, customers)
    first = await wall.look()
    assert await wall.look() is first
    monkeypatch.setattr(wall, "_good_until", 0.0)
    assert await wall.look() is not first
