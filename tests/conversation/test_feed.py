"""The live feed: in order, without gaps, on this node and on another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import pytest

from tests.support import CHENXI, NOW, Heart, Talk, ask_for_person, post, until
from warmline.conversation import commands as c
from warmline.conversation.events import Event, Visibility
from warmline.conversation.feed import Feed, Follower
from warmline.conversation.long_poll import LongPoll
from warmline.conversation.model import Conversation
from warmline.kit.bus import LocalBus, PostgresBus
from warmline.kit.uow import UnitOfWork, create_engine

ID = UUID(int=7)


@dataclass
class Reader:
    """A follower that remembers what it was handed."""

    seqs: list[int] = field(default_factory=list)
    signals: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def follower(self, identity: UUID = ID, known: int = 0, visibility: Visibility = Visibility.STAFF) -> Follower:
        return Follower(
            identity,
            known,
            visibility,
            lambda _, events: self.seqs.extend(event.seq for event in events),
            lambda _, kind, data: self.signals.append((kind, data)),
        )


class Log:
    """A log of eight events that a feed reads; a read can be held back, and fails when told to."""

    def __init__(self) -> None:
        talk = Talk()
        for number in range(7):
            talk.do(post(str(number), f"m{number}"))
        self.events, self.stored, self.reads = talk.events, 0, 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken = False

    async def read(self, _: UUID, after: int) -> list[Event]:
        self.reads += 1
        found = self.events[after : self.stored]
        await asyncio.sleep(0)
        await self.gate.wait()
        if self.broken:
            raise ConnectionError
        return found

    def commit(self, feed: Feed, *seqs: int) -> None:
        """Store events up to the last of these and publish them."""
        self.stored = max(self.stored, seqs[-1])
        feed.publish(ID, [self.events[seq - 1] for seq in seqs])


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def feed(log: Log) -> Feed:
    return Feed(LocalBus(), log.read)


async def test_first_the_log_then_live(log: Log, feed: Feed) -> None:
    reader, log.stored = Reader(), 3
    await feed.follow(reader.follower(known=1))
    log.commit(feed, 4, 5)
    assert reader.seqs == [2, 3, 4, 5]


async def test_what_is_known_is_dropped(log: Log, feed: Feed) -> None:
    reader, log.stored = Reader(), 2
    await feed.follow(reader.follower())
    log.commit(feed, 3)
    log.commit(feed, 2, 3)
    log.commit(feed, 3, 4)
    assert reader.seqs == [1, 2, 3, 4]


async def test_a_gap_is_filled_from_the_log(log: Log, feed: Feed) -> None:
    reader = Reader()
    await feed.follow(reader.follower())
    log.commit(feed, 4)
    await until(lambda: len(reader.seqs) == 4)
    assert reader.seqs == [1, 2, 3, 4]


async def test_two_groups_published_in_the_wrong_order_arrive_in_the_right_one(log: Log, feed: Feed) -> None:
    reader = Reader()
    await feed.follow(reader.follower())
    log.stored = 4
    feed.publish(ID, log.events[2:4])
    feed.publish(ID, log.events[0:2])
    await until(lambda: len(reader.seqs) == 4)
    assert reader.seqs == [1, 2, 3, 4]


async def test_what_commits_during_a_read_is_not_missed(log: Log, feed: Feed) -> None:
    reader, log.stored = Reader(), 2
    log.gate.clear()
    following = asyncio.create_task(feed.follow(reader.follower(known=2)))
    await until(lambda: log.reads == 1)
    log.commit(feed, 3)
    log.gate.set()
    await following
    assert reader.seqs == [3]


async def test_a_failed_read_is_made_up_for_at_the_next_look(log: Log, feed: Feed) -> None:
    reader, log.stored, log.broken = Reader(), 2, True
    await feed.follow(reader.follower())
    assert reader.seqs == []
    log.broken = False
    feed.retry_failed()
    await until(lambda: reader.seqs)
    assert reader.seqs == [1, 2]


async def test_whoever_left_hears_nothing_more(log: Log, feed: Feed) -> None:
    reader = Reader()
    follower = reader.follower()
    await feed.follow(follower)
    assert feed.is_followed(ID)
    feed.unfollow(follower)
    feed.unfollow(follower)
    log.commit(feed, 1)
    assert (reader.seqs, feed.is_followed(ID)) == ([], False)


async def test_whoever_leaves_during_a_read_hears_nothing_of_it(log: Log, feed: Feed) -> None:
    reader, log.stored = Reader(), 2
    follower = reader.follower()
    log.gate.clear()
    following = asyncio.create_task(feed.follow(follower))
    await until(lambda: log.reads == 1)
    feed.unfollow(follower)
    log.gate.set()
    await following
    assert (reader.seqs, log.reads) == ([], 1)


async def test_a_customer_is_not_handed_what_is_for_staff() -> None:
    talk = Talk()
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    talk.do(c.AddNote(CHENXI, "n1", "情绪激动"))
    talk.do(post("您好", "a1", CHENXI))

    async def read(_: UUID, after: int) -> list[Event]:
        return talk.events[after:]

    customer, staff, feed = Reader(), Reader(), Feed(LocalBus(), read)
    await feed.follow(customer.follower(visibility=Visibility.ALL))
    await feed.follow(staff.follower())
    assert (customer.seqs, staff.seqs) == ([1, 2, 3, 5], [1, 2, 3, 4, 5])


async def test_a_signal_reaches_everyone_but_its_sender(feed: Feed) -> None:
    typing, watching = Reader(), Reader()
    sender = typing.follower()
    await feed.follow(sender)
    await feed.follow(watching.follower())
    feed.send_signal(ID, "typing", {"author": "客户"}, sender=str(id(sender)))
    feed.signal_here(ID, "wait", {"position": 1})
    assert typing.signals == [("wait", {"position": 1})]
    assert watching.signals == [("typing", {"author": "客户"}), ("wait", {"position": 1})]


@pytest.fixture
async def nodes(heart: Heart, shared_url: str) -> AsyncIterator[tuple[Heart, Heart]]:
    """Two nodes that hear of each other through PostgreSQL alone."""
    engine = create_engine(shared_url)
    buses = [PostgresBus(shared_url) for _ in range(2)]
    for bus in buses:
        await bus.start()
    yield (
        Heart(heart.uow, bus=buses[0], ciphers=heart.ciphers),
        Heart(UnitOfWork(engine), bus=buses[1], ciphers=heart.ciphers),
    )
    for bus in buses:
        await bus.stop()
    await engine.dispose()


async def test_another_node_hears_of_it_in_order(nodes: tuple[Heart, Heart]) -> None:
    here, there = nodes
    state, reader = await here.open(), Reader()
    await there.service.feed.follow(reader.follower(state.id))

    async def nudged() -> None:  # the other node may not listen yet when the first message is written
        there.service.feed.look_again([(state.id, 99)])
        await asyncio.sleep(0.05)

    for number in range(20):
        await (here if number % 3 else there).say(state, str(number))
    async with asyncio.timeout(20):
        while len(reader.seqs) < 21:
            await nudged()
    assert reader.seqs == list(range(1, 22))


async def test_another_node_is_woken_by_the_bus_alone(nodes: tuple[Heart, Heart]) -> None:
    here, there = nodes
    state, reader, heard = await here.open(), Reader(), list[str]()
    there.bus.subscribe(lambda topic, _: heard.append(topic))
    async with asyncio.timeout(20):
        while not heard:  # until it listens
            here.bus.publish("hello", "")
            await asyncio.sleep(0.05)
    await there.service.feed.follow(reader.follower(state.id))
    await here.say(state, "卡丢了")
    await until(lambda: len(reader.seqs) == 2)
    here.service.feed.send_signal(state.id, "typing", {"author": "agent"})
    await until(lambda: reader.signals)
    assert (reader.seqs, reader.signals) == ([1, 2], [("typing", {"author": "agent"})])


async def test_two_services_on_one_bus_wake_each_other(heart: Heart) -> None:
    neighbour = Heart(heart.uow, clock=heart.clock, bus=heart.bus, ciphers=heart.ciphers)
    state, reader = await heart.open(), Reader()
    await neighbour.service.feed.follow(reader.follower(state.id))
    await heart.say(state, "卡丢了")
    await until(lambda: len(reader.seqs) == 2)
    assert reader.seqs == [1, 2]


async def poll(heart: Heart, state: Conversation, after: int, wait: float) -> list[Event]:
    """Ask as a customer who stays who they are."""
    recheck = partial(asyncio.sleep, 0)
    return await LongPoll(heart.service).read(state.id, after, wait, Visibility.ALL, recheck=recheck)


async def test_a_long_poll_answers_at_once_when_there_is_something(heart: Heart) -> None:
    state = await heart.open()
    events = await poll(heart, state, 0, 25)
    assert [event.seq for event in events] == [1]
    assert await poll(heart, state, 1, 0) == []


async def test_a_long_poll_is_held_until_something_comes(heart: Heart) -> None:
    state = await heart.open()
    waiting = asyncio.create_task(poll(heart, state, 1, 25))
    await until(lambda: heart.service.feed.is_followed(state.id))
    await heart.say(state, "卡丢了")
    events = await waiting
    assert [event.seq for event in events] == [2]
    assert not heart.service.feed.is_followed(state.id)


async def test_a_long_poll_ends_empty_when_nothing_comes(heart: Heart) -> None:
    state = await heart.open()
    assert await poll(heart, state, 1, 0.01) == []


async def test_a_long_poll_hears_that_the_wait_changed(heart: Heart) -> None:
    state = await heart.open()
    waiting = asyncio.create_task(poll(heart, state, 1, 25))
    await until(lambda: heart.service.feed.is_followed(state.id))
    heart.service.feed.signal_here(state.id, "typing", {})
    heart.service.feed.signal_here(state.id, "wait", {"position": 1})
    assert await waiting == []


def deliveries(seqs: Sequence[int]) -> list[int]:
    """Hand a follower single events in this order; return what it passed on."""
    events, reader = [Talk().events[0].model_copy(update={"seq": seq, "at": NOW}) for seq in seqs], Reader()
    follower = reader.follower()
    for event in events:
        follower.deliver([event])
    return reader.seqs


def test_a_follower_never_goes_back() -> None:
    assert deliveries([1, 2, 2, 1, 3, 3]) == [1, 2, 3]
