"""Staffing by this house's own log, on a real database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.routing.conftest import Centre
from tests.routing.staffing.past import weeks, write
from tests.support import NOW, ask_for_person
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind
from warmline.routing.staffing import repository
from warmline.routing.staffing.erlang import Target
from warmline.routing.staffing.errors import DayOutOfReachError, TooLittleHistoryError
from warmline.routing.staffing.planning import Spans
from warmline.routing.staffing.service import StaffingService

TARGET = Target(0.8, 20)
TODAY = date(2026, 11, 23)
MIDNIGHT = NOW - timedelta(hours=10)
"""In Shanghai, where it is ten."""
QUARTER = 4


_TALK = text(
    "INSERT INTO conversation_event (conversation_id, seq, type, author, visibility, payload, at)"
    " SELECT CAST(lpad(to_hex(n / 20), 32, '0') AS uuid), n, 'message.posted', 'system', 'all', '{}', :at"
    " FROM generate_series(1, 100000) n"
)


@pytest.fixture
def staffing(centre: Centre) -> StaffingService:
    return StaffingService(centre.heart.uow, centre.heart.clock, centre.routing)


async def test_what_came_at_ten_is_expected_at_ten(centre: Centre, staffing: StaffingService) -> None:
    await write(centre.heart.uow, weeks(MIDNIGHT, 21))
    outlook = await staffing.look(TODAY, TARGET, None)
    assert len(outlook.past.days) == 21
    at_ten, at_eight, at_night = (outlook.expected[hour * QUARTER + 1] for hour in (10, 8, 3))
    assert at_ten.mean == pytest.approx(3, rel=0.05)
    assert at_ten.low < 3 < at_ten.high
    assert at_eight.mean < 1
    assert at_night.mean == 0
    assert outlook.needed[10 * QUARTER] >= 1
    assert outlook.needed[3 * QUARTER] == 0, "nobody comes and the bank is closed"
    assert outlook.basis.taken_up == pytest.approx(300 + 20, abs=5)
    assert outlook.basis.patience == pytest.approx(11 * 20 + 60, rel=0.01), "all waiting over those who left"


async def test_what_a_real_handoff_leaves_is_counted(centre: Centre, staffing: StaffingService) -> None:
    """The events that the house itself writes are those that staffing reads."""
    heart = centre.heart
    agent = await centre.hire("anna")
    state = await heart.open()
    await heart.do(state, ask_for_person())
    heart.clock.move(seconds=30)
    await heart.do(state, c.Accept(agent))
    heart.clock.move(seconds=120)
    await heart.do(state, c.Close(agent, "agent_closed", "solved"))
    gone = await heart.open()
    await heart.do(gone, ask_for_person())
    heart.clock.move(seconds=45)
    await heart.do(gone, c.Close(Author(kind=AuthorKind.CUSTOMER, id=gone.customer_id), "customer_closed"))
    later = await heart.open()
    await heart.do(later, ask_for_person(c.HandoffPlan(None, NOW + timedelta(hours=5), "no_agent_online")))
    async with heart.uow.begin() as tx:
        counts = await repository.count_arrivals(tx.connection, NOW - timedelta(days=1), NOW + timedelta(days=1))
        found = await repository.list_contacts(tx.connection, NOW - timedelta(days=1))
    assert sum(counts.values()) == 2, "who is called back later comes before people later"
    ends = sorted((one.waited, one.served, one.service) for one in found)
    expected = [(30, True, 120), (45, False, 0)]
    assert [tuple(map(round, one)) for one in ends] == expected


async def test_who_is_online_is_the_plan_of_the_rest_of_today(centre: Centre, staffing: StaffingService) -> None:
    await write(centre.heart.uow, weeks(MIDNIGHT, 21, an_hour=40))
    await centre.connect(await centre.hire("anna"))
    outlook = await staffing.look(TODAY, TARGET, None)
    assert outlook.planned_from == "online"
    assert outlook.planned[9 * QUARTER] is None, "that is over"
    assert outlook.planned[10 * QUARTER] == 1
    assert outlook.planned[21 * QUARTER] is None, "the bank is closed then"
    assert outlook.needed[10 * QUARTER] > 1
    tomorrow = await staffing.look(TODAY + timedelta(days=1), TARGET, None)
    assert tomorrow.planned_from is None


async def test_more_agents_shorter_waits(centre: Centre, staffing: StaffingService) -> None:
    await write(centre.heart.uow, weeks(MIDNIGHT, 21, an_hour=60))
    waits = []
    for agents in (2, 3, 6):
        spans = Spans.parse([f"09:00-17:00={agents}"])
        _, runs, quarters, whole = await staffing.play(TODAY, spans, 20)
        assert whole is not None
        assert runs > 1
        assert all(9 * 3600 - 900 <= one.start < 17 * 3600 + 900 for one in quarters)
        assert max(one.agents for one in quarters) == agents
        waits.append(whole.mean_wait)
    assert waits[0] > waits[1] > waits[2]


async def test_a_house_that_begins_is_told_so(centre: Centre, staffing: StaffingService) -> None:
    await write(centre.heart.uow, weeks(MIDNIGHT, 6))
    with pytest.raises(TooLittleHistoryError) as refused:
        await staffing.look(TODAY, TARGET, None)
    assert refused.value.fields == {"days": 6, "needed": 7}


@pytest.mark.parametrize("days", [-1, 61])
async def test_days_out_of_reach(staffing: StaffingService, days: int) -> None:
    with pytest.raises(DayOutOfReachError):
        await staffing.look(TODAY + timedelta(days=days), TARGET, None)


async def test_the_log_is_read_by_the_index_of_rare_events(centre: Centre) -> None:
    """Neither read may go through all that was ever said."""
    since = NOW - timedelta(weeks=13)
    async with centre.heart.uow.begin() as tx:
        await tx.connection.execute(_TALK, {"at": NOW - timedelta(days=30)})
    await write(centre.heart.uow, weeks(MIDNIGHT, 7))
    values = {"since": since, "until": NOW, "first": repository._first_id(since)}
    async with centre.heart.uow.begin() as tx:
        await tx.connection.execute(text("ANALYZE conversation_event"))
        for query in (repository._ARRIVALS, repository._CONTACTS):
            plan = (await tx.connection.execute(text(f"EXPLAIN {query.text}"), values)).scalars().all()
            assert any("ix_conversation_event_turning" in line for line in plan), plan
            assert not any("Seq Scan" in line for line in plan), plan
