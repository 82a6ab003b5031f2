"""The service on a real database: once, in order, in groups, from several nodes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy import text

from tests.support import CHENXI, LINYAO, Heart, ask_for_person, post, take_turn, texts, types
from warmline.conversation import commands as c
from warmline.conversation import repository
from warmline.conversation.errors import AlreadyTakenError, MessageEmptyError
from warmline.conversation.events import Author, AuthorKind, Event, Owner, Visibility
from warmline.conversation.feed import Follower
from warmline.conversation.model import REPLY_WITHIN, Conversation, Owed, fold
from warmline.conversation.service import Outcome
from warmline.kit.errors import NotFoundError
from warmline.kit.ids import new_id


async def log_of(heart: Heart, state: Conversation) -> list[Event]:
    return await heart.service.events_after(state.id, 0, Visibility.STAFF)


async def test_a_conversation_starts_with_the_assistant(heart: Heart) -> None:
    state = await heart.open(locale="en", elder=True)
    assert await heart.service.get(state.id) == state
    assert (state.owner, state.locale, state.elder, state.last_seq) == (Owner.ASSISTANT, "en", True, 1)
    assert types(await log_of(heart, state)) == ["conversation.started"]


async def test_the_row_is_the_fold_of_the_log(heart: Heart) -> None:
    state = await heart.open()
    await heart.say(state, "卡丢了怎么办")
    await heart.do(state, take_turn(2, handoff=ask_for_person(c.HandoffPlan("cards"), "好的")))
    await heart.do(state, c.Accept(CHENXI))
    assert CHENXI.id is not None
    await heart.do(state, c.ReportVanished(CHENXI.id))
    await heart.do(state, c.Accept(LINYAO))
    await heart.do(state, c.MarkRead(LINYAO, "staff", 5))
    done = await heart.do(state, c.Close(LINYAO, "agent_closed", "solved"))
    row = await heart.service.get(state.id)
    assert row == done.state == fold(state, (await log_of(heart, state))[1:])


async def test_only_what_the_assistant_will_answer_is_announced(heart: Heart) -> None:
    announced: list[str] = []
    heart.service.on_asked = announced.append
    state = await heart.open()
    await heart.say(state, "卡丢了怎么办")
    await heart.do(state, take_turn(2, handoff=ask_for_person(c.HandoffPlan("cards"), "好的")))
    await heart.say(state, "在吗")
    await heart.do(state, c.Accept(CHENXI))
    await heart.say(state, "我是王秀英")
    assert announced == ["卡丢了怎么办"]


async def test_the_same_message_is_stored_once(heart: Heart) -> None:
    state = await heart.open()
    first = await heart.say(state, "卡丢了", "m1")
    heart.clock.move(minutes=1)
    again = await heart.say(state, "卡丢了", "m1")
    assert (first.duplicate, again.duplicate) == (False, True)
    assert (again.seq, again.at) == (first.seq, first.at)
    assert texts(await log_of(heart, state)) == ["卡丢了"]


async def test_the_same_message_at_once_from_two_nodes_is_stored_once(heart: Heart, other: Heart) -> None:
    state = await heart.open()
    retries = [node.say(state, "卡丢了", "m1") for node in (heart, other) * 10]
    outcomes = await asyncio.gather(*retries)
    assert sorted(one.duplicate for one in outcomes) == [False] + [True] * 19
    assert {(one.seq, one.at) for one in outcomes} == {(2, heart.clock.now())}
    assert texts(await log_of(heart, state)) == ["卡丢了"]


async def test_the_same_client_id_of_two_speakers_is_two_messages(heart: Heart) -> None:
    state = await heart.open()
    await heart.hand_to(state)
    await heart.say(state, "在吗", "m1")
    outcomes = [await heart.do(state, post("在的", "m1", CHENXI)) for _ in range(2)]
    assert [one.duplicate for one in outcomes] == [False, True]
    assert texts(await log_of(heart, state)) == ["在吗", "在的"]


async def test_a_retry_is_the_same_message_though_an_identity_gave_the_customer_another_id(heart: Heart) -> None:
    state = await heart.open()
    first = await heart.say(state, "卡丢了", "m1")
    known = Author(kind=AuthorKind.CUSTOMER, id=new_id())
    again = await heart.do(state, post("卡丢了", "m1", known))
    assert (again.duplicate, again.seq) == (True, first.seq)


async def test_a_note_and_its_retry_are_one(heart: Heart) -> None:
    state = await heart.open()
    note = c.AddNote(CHENXI, "n1", "已核实")
    assert [(await heart.do(state, note)).duplicate for _ in range(2)] == [False, True]


async def test_messages_keep_the_order_in_which_they_were_sent(heart: Heart) -> None:
    state = await heart.open()
    await asyncio.gather(*(heart.say(state, str(number)) for number in range(40)))
    assert texts(await log_of(heart, state)) == [str(number) for number in range(40)]


async def test_fifty_writers_on_two_nodes_leave_no_gap(heart: Heart, other: Heart) -> None:
    shared, apart = await heart.open(), [await heart.open() for _ in range(4)]

    async def write(writer: int) -> list[int]:
        node = (heart, other)[writer % 2]
        seqs = [(await node.say(shared, f"{writer}-{number}")).seq for number in range(4)]
        await node.say(apart[writer % 4], str(writer))
        return seqs

    acknowledged = await asyncio.gather(*(write(writer) for writer in range(50)))
    log = await log_of(heart, shared)
    assert [event.seq for event in log] == list(range(1, 202))
    said = texts(log)
    for writer, seqs in enumerate(acknowledged):
        assert [said[seq - 2] for seq in seqs] == [f"{writer}-{number}" for number in range(4)]
    for state in apart:
        log = await log_of(heart, state)
        assert [event.seq for event in log] == list(range(1, len(log) + 1))


async def test_two_agents_on_two_nodes_and_one_gets_it(heart: Heart, other: Heart) -> None:
    state = await heart.open()
    await heart.do(state, ask_for_person())
    tried = await asyncio.gather(
        heart.do(state, c.Accept(CHENXI)), other.do(state, c.Accept(LINYAO)), return_exceptions=True
    )
    refused = [one for one in tried if isinstance(one, AlreadyTakenError)]
    assert len(refused) == 1
    holder = (await heart.service.get(state.id)).agent_name
    assert refused[0].fields == {"agent_name": holder}


async def test_a_refusal_concerns_its_own_command_alone(heart: Heart) -> None:
    state, second = await heart.open(), await heart.open()
    outcomes = await asyncio.gather(
        heart.say(state, "一"),
        heart.say(state, " "),
        heart.say(second, "二"),
        heart.service.execute(new_id(), post()),
        heart.do(state, c.Accept(CHENXI)),
        heart.say(state, "三"),
        return_exceptions=True,
    )
    assert [isinstance(one, Outcome) for one in outcomes] == [True, False, True, False, False, True]
    assert isinstance(outcomes[1], MessageEmptyError)
    assert isinstance(outcomes[3], NotFoundError)
    assert texts(await log_of(heart, state)) == ["一", "三"]
    assert texts(await log_of(heart, second)) == ["二"]


async def test_what_the_database_refuses_does_not_take_its_group_down(heart: Heart) -> None:
    states = [await heart.open() for _ in range(6)]
    poison = heart.say(states[0], "坏", "x" * 65)
    outcomes: list[Outcome | BaseException] = await asyncio.gather(
        *(heart.say(state, "好") for state in states), poison, return_exceptions=True
    )
    assert [isinstance(one, Outcome) for one in outcomes] == [True] * 6 + [False]
    for state in states:
        assert texts(await log_of(heart, state)) == ["好"]


async def test_a_customer_cannot_silence_the_assistant_by_guessing_its_message_ids(heart: Heart) -> None:
    state = await heart.open()
    namespace = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
    for seq in range(2, 8):
        await heart.say(state, "占位", uuid5(namespace, f"{state.id}:{seq}:say-0").hex)
    await heart.do(state, take_turn((await heart.service.get(state.id)).last_customer_seq, "先挂失。"))
    assert texts(await log_of(heart, state))[-1] == "先挂失。"


async def test_a_reader_that_fails_does_not_fail_what_was_stored(heart: Heart) -> None:
    state, seen = await heart.open(), list[int]()

    def broken(_: UUID, __: Sequence[Event]) -> None:
        raise RuntimeError

    def working(_: UUID, events: Sequence[Event]) -> None:
        seen.extend(event.seq for event in events)

    for sink in (broken, working):
        await heart.service.feed.follow(Follower(state.id, 1, Visibility.ALL, sink, lambda *_: None))
    outcomes = [await heart.do(state, c.GiveFeedback(c.SYSTEM, 1, "up")) for _ in range(2)]
    assert [one.seq for one in outcomes] == [2, 3]
    assert seen == [2, 3]


async def test_what_is_owed_is_announced_and_found_after_its_time(alone: Heart) -> None:
    announced: list[Owed] = []
    alone.service.on_owed = announced.append
    state, served = await alone.open(), await alone.open()
    await alone.hand_to(served)
    await alone.say(state, "卡丢了")
    await alone.say(served, "在吗")
    owed = Owed(state.id, alone.clock.now() + REPLY_WITHIN, is_answer=True)
    assert announced == [owed]
    assert await alone.service.list_owed(alone.clock.now()) == []
    later = alone.clock.now() + REPLY_WITHIN + timedelta(seconds=1)
    assert await alone.service.list_owed(later) == [owed]
    await alone.do(state, take_turn(2))
    assert await alone.service.list_owed(later) == []


async def test_of_what_is_owed_answers_come_first_then_what_is_due_soonest(alone: Heart) -> None:
    waits, first, second = [await alone.open() for _ in range(3)]
    await alone.do(waits, ask_for_person())
    for state in (waits, first, second):
        await alone.say(state, "卡丢了")
        alone.clock.move(seconds=1)
    owed = await alone.service.list_owed(alone.clock.now() + REPLY_WITHIN)
    assert [(one.conversation_id, one.is_answer) for one in owed] == [
        (first.id, True),
        (second.id, True),
        (waits.id, False),
    ]


async def test_a_customer_and_staff_see_different_logs_of_one_conversation(heart: Heart) -> None:
    state = await heart.open()
    await heart.hand_to(state)
    await heart.do(state, c.AddNote(CHENXI, "n1", "客户情绪激动"))
    await heart.do(state, post("我来帮您", "a1", CHENXI))
    _, shown = await heart.service.view(state.id, Visibility.ALL)
    _, all_of_it = await heart.service.view(state.id, Visibility.STAFF)
    assert "note.added" not in types(shown)
    assert [event.seq for event in all_of_it] == [1, 2, 3, 4, 5]
    assert [event.seq for event in shown] == [1, 2, 3, 5]


async def test_the_newest_events_are_viewed_and_the_oldest_after_a_cursor_are_read(heart: Heart) -> None:
    state = await heart.open()
    await asyncio.gather(*(heart.say(state, str(number)) for number in range(9)))
    _, newest = await heart.service.view(state.id, Visibility.ALL, limit=3)
    after = await heart.service.events_after(state.id, 4, Visibility.ALL, limit=3)
    assert [event.seq for event in newest] == [8, 9, 10]
    assert [event.seq for event in after] == [5, 6, 7]


async def test_reading_a_long_log_holds_nobody_up(heart: Heart, monkeypatch: pytest.MonkeyPatch) -> None:
    state = await heart.open()
    for _ in range(3):
        await asyncio.gather(*(heart.say(state, "卡丢了") for _ in range(40)))
    rounds, opened, read = 0, Counter[int](), repository.read_event

    async def go_round() -> None:
        nonlocal rounds
        while True:
            await asyncio.sleep(0)
            rounds += 1

    def open_event(*arguments: Any) -> Event:
        opened[rounds] += 1
        return read(*arguments)

    monkeypatch.setattr(repository, "read_event", open_event)
    going = asyncio.create_task(go_round())
    assert len(await log_of(heart, state)) == 121
    going.cancel()
    assert max(opened.values()) <= repository.BREATH


async def test_a_customers_conversations(heart: Heart) -> None:
    state, stranger = await heart.open(), await heart.open()
    heart.clock.move(minutes=1)
    newer = await heart.service.start(state.customer_id, channel="web", locale="en", elder=False)
    assert [one.id for one in await heart.service.list_of(state.customer_id)] == [newer.id, state.id]
    assert stranger.id not in {newer.id, state.id}


async def test_a_customer_goes_on_with_what_is_open_a_person_s_first_then_the_newest(heart: Heart) -> None:
    """I7: who signs in while they wait is the customer they were, and keeps the conversation they wait in."""

    async def go_on(*also: UUID) -> tuple[UUID, bool]:
        found, new = await heart.service.find_or_start(
            known.customer_id, also=also, channel="web", locale="en", elder=False
        )
        return found.id, new

    known, before = await heart.open(), await heart.open()
    heart.clock.move(minutes=1)
    newer = await heart.service.start(known.customer_id, channel="web", locale="en", elder=False)
    assert await go_on(before.customer_id) == (newer.id, False)
    await heart.do(before, ask_for_person())
    assert await go_on() == (newer.id, False)
    assert await go_on(before.customer_id) == (before.id, False)
    for state in (known, before, newer):
        await heart.do(state, c.Close(Author(kind=AuthorKind.CUSTOMER, id=state.customer_id), "left"))
    fresh, new = await go_on(before.customer_id)
    assert new
    assert fresh not in {known.id, before.id, newer.id}


async def test_nobody_s_conversation_is_not_found(heart: Heart) -> None:
    for call in (heart.service.get(new_id()), heart.service.view(new_id(), Visibility.ALL)):
        with pytest.raises(NotFoundError):
            await call


async def test_closing_waits_for_what_was_submitted(heart: Heart) -> None:
    state = await heart.open()
    pending = [asyncio.create_task(heart.say(state, str(number))) for number in range(5)]
    await asyncio.sleep(0)
    await heart.service.close()
    assert [task.done() for task in pending] == [True] * 5


async def test_locks_are_taken_in_one_order_so_that_two_nodes_never_deadlock(heart: Heart, other: Heart) -> None:
    states = [await heart.open() for _ in range(12)]
    writes = [
        node.say(state, "好")
        for _ in range(4)
        for node, order in ((heart, states), (other, states[::-1]))
        for state in order
    ]
    outcomes = await asyncio.gather(*writes)
    assert len(outcomes) == 96
    async with heart.uow.begin() as tx:
        locked = await repository.load_locked(tx.connection, {state.id for state in states})
        deadlocks = await tx.connection.execute(
            text("select deadlocks from pg_stat_database where datname = current_database()")
        )
        assert deadlocks.scalar_one() == 0
    assert {state.last_seq for state in locked.values()} == {9}
