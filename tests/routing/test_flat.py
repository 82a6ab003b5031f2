"""What is read for a push, a wait or the gaps costs the same however long the history is: told by the pages read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import TextClause, text

from tests.routing.conftest import Centre
from tests.support import ask_for_person
from warmline.conversation import commands as c
from warmline.dialogue import gaps, missed
from warmline.kit.ids import new_id
from warmline.routing import inbox, repository

EVENTS = text(
    "INSERT INTO conversation_event (conversation_id, seq, type, author, visibility, payload, at)"
    " SELECT :id, (SELECT max(seq) FROM conversation_event WHERE conversation_id = :id) + g, :type, 'assistant', 'all',"
    " CAST(:payload AS jsonb), CAST(:at AS timestamptz) + g * interval '1 ms' FROM generate_series(1, :n) g"
)
SLACK = 12
"""Pages by which a read may grow: a deeper index."""


async def pages_read(centre: Centre, statement: TextClause, parameters: dict[str, Any]) -> int:
    """Return how many pages of tables and indexes the statement looks at."""
    query = text("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement.text)
    async with centre.heart.uow.begin() as tx:
        (report,) = (await tx.connection.execute(query, parameters)).scalar_one()
    return int(report["Plan"]["Shared Hit Blocks"] + report["Plan"]["Shared Read Blocks"])


async def add_events(centre: Centre, number: int, kind: str, **parameters: object) -> None:
    async with centre.heart.uow.begin() as tx:
        known = {"n": number, "type": kind, "payload": "{}", "at": centre.heart.clock.now()}
        await tx.connection.execute(EVENTS, {**known, **parameters})
    async with centre.heart.uow.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(
            text("VACUUM ANALYZE conversation_event")
        )


async def test_a_line_of_the_desk_and_the_handling_times(centre: Centre) -> None:
    agent = await centre.hire("chenxi")
    state = await centre.heart.open()
    await centre.heart.say(state, "卡丢了怎么办")
    await centre.heart.hand_to(state, agent)
    await add_events(centre, 100, "message.posted", id=state.id)
    up_to = (await centre.get(state)).last_seq
    reads: list[tuple[TextClause, dict[str, Any]]] = [
        (inbox._LAST_MESSAGES, {"ids": [state.id], "up_to": [100_000]}),
        (inbox._LAST_MESSAGES, {"ids": [state.id], "up_to": [up_to]}),
        (inbox._REASONS, {"ids": [state.id]}),
        (inbox._UNREAD, {"ids": [state.id], "after": [up_to]}),
        (inbox.FEELINGS, {"ids": [state.id], "after": [up_to]}),
        (repository._HANDLED, {}),
    ]
    before = [await pages_read(centre, *one) for one in reads]
    await add_events(centre, 20_000, "message.posted", id=state.id)
    await centre.heart.do(await centre.heart.open(), ask_for_person())
    reads[3] = (inbox._UNREAD, {"ids": [state.id], "after": [20_000 + up_to]})
    reads[4] = (inbox.FEELINGS, {"ids": [state.id], "after": [20_000 + up_to]})
    after = [await pages_read(centre, *one) for one in reads]
    assert [late - early <= SLACK for early, late in zip(before, after, strict=True)] == [True] * len(reads)


async def test_the_handling_times_are_read_with_few_conversations_and_many_messages(centre: Centre) -> None:
    agent = await centre.hire("chenxi")
    for _ in range(3):
        state = await centre.heart.open()
        await centre.heart.hand_to(state, agent)
        await centre.heart.do(state, c.Close(agent, "agent_closed"))
    await add_events(centre, 20_000, "message.posted", id=state.id)
    assert await pages_read(centre, repository._HANDLED, {}) <= 3 * SLACK
    async with centre.heart.uow.begin() as tx:
        assert len(await repository.list_handle_seconds(tx.connection)) == 3


async def test_the_gaps_are_found_among_many_turns(centre: Centre) -> None:
    state = await centre.heart.open()
    turn = '{"decision": "offer_human", "reason": "not_known"}'
    await add_events(centre, 3, "turn.decided", id=state.id, payload=turn)
    await add_events(centre, 20_000, "turn.decided", id=state.id, payload='{"decision": "answer", "reason": "known"}')
    since = {"since": centre.heart.clock.now() - gaps.WINDOW, "limit": missed.TURNS_LIMIT}
    assert await pages_read(centre, missed._MISSED, since) <= 3 * SLACK
    async with centre.heart.uow.begin() as tx:
        assert len((await tx.connection.execute(missed._MISSED, since)).all()) == 3


async def test_what_people_said_to_a_gap_is_read_up_to_a_bound(centre: Centre) -> None:
    agent = await centre.hire("chenxi")
    state = await centre.heart.open()
    await centre.heart.say(state, "航天卡有贵宾厅吗")
    await centre.heart.hand_to(state, agent)
    places = {"ids": [state.id], "seqs": [2], "limit": missed.ENTRIES_LIMIT}
    await add_events(centre, 200, "message.posted", id=state.id)
    before = await pages_read(centre, missed._AFTER, places)
    await add_events(centre, 20_000, "message.posted", id=state.id)
    assert await pages_read(centre, missed._AFTER, places) - before <= SLACK
    async with centre.heart.uow.begin() as tx:
        assert len((await tx.connection.execute(missed._AFTER, places)).all()) == missed.ENTRIES_LIMIT


async def test_a_place_in_the_line_is_read_once_for_any_number(centre: Centre) -> None:
    states = [await centre.heart.open() for _ in range(3)]
    for state in states:
        await centre.heart.do(state, ask_for_person())
    for wanted in ([state.id for state in states], [states[-1].id], [new_id()]):
        async with centre.heart.uow.begin() as tx:
            lines: dict[str | None, frozenset[str | None]] = {None: frozenset({None})}
            pages = [page async for page in repository.list_places(tx.connection, lines, wanted)]
        found = {one.id: one.ahead for page in pages for one in page}
        assert found == {state.id: number for number, state in enumerate(states) if state.id in wanted}
