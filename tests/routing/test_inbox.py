"""The desk's list: who sees which line, in which order, and what is pushed when it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import pytest

from tests.routing.conftest import Centre
from tests.support import CUSTOMER, ask_for_person, post, until
from warmline.conversation import commands as c
from warmline.conversation.events import Author, Owner, TurnDecided
from warmline.conversation.follow import LogRow
from warmline.conversation.model import Conversation
from warmline.conversation.noted import Acknowledged
from warmline.customer.keys import CustomerKeys
from warmline.customer.model import Person
from warmline.customer.service import CustomerService
from warmline.kit.errors import UnavailableError
from warmline.kit.ids import new_id
from warmline.routing.inbox import PREVIEW_LIMIT, Inbox, InboxFeed, InboxItem
from warmline.routing.viewer import Place, Viewer

SUPERVISOR = Viewer(new_id(), frozenset(), sees_all=True)


@pytest.fixture
def customers(centre: Centre) -> CustomerService:
    heart = centre.heart
    keys = CustomerKeys(heart.uow, clock=heart.clock, bus=heart.bus, master_key=b"m" * 32)
    return CustomerService(clock=heart.clock, keys=keys)


@pytest.fixture
def inbox(centre: Centre, customers: CustomerService) -> Inbox:
    return centre.inbox(customers, centre.heart.ciphers)


def viewer(agent: Author, *skills: str) -> Viewer:
    assert agent.id is not None
    return Viewer(agent.id, frozenset(skills), sees_all=False)


async def waiting(centre: Centre, skill: str | None = None) -> Conversation:
    """Return a conversation that has just begun to wait."""
    await centre.move(seconds=1)
    state = await centre.heart.open()
    await centre.heart.say(state, "卡丢了怎么办")
    return (await centre.heart.do(state, ask_for_person(c.HandoffPlan(skill)))).state


async def ids(inbox: Inbox, who: Viewer) -> list[UUID]:
    return [item.conversation.id for item in await inbox.list_items(who)]


async def test_a_line_says_who_waits_since_when_and_why(centre: Centre, inbox: Inbox) -> None:
    state = await waiting(centre)
    await centre.heart.say(state, "长" * 200)
    (item,) = await inbox.list_items(SUPERVISOR)
    assert item.conversation.id == state.id
    assert item.preview == "长" * PREVIEW_LIMIT
    assert (item.preview_author, item.reason, item.unread) == ("customer", "customer_asked", 2)
    assert item.waiting_since == state.queued_at


async def test_a_line_says_what_was_last_heard_of_the_customers_feeling(centre: Centre, inbox: Inbox) -> None:
    state = await centre.heart.open()
    for words, heard in (("机器吞了我的钱！！", "money_kept+loud"), ("又来了", "again"), ("好吧", None)):
        asked = (await centre.heart.say(state, words)).seq
        comfort = Acknowledged(say=["comfort"], reason=heard) if heard else None
        decided = TurnDecided(reply_to=asked, decision="answer", reason="released", acknowledgement=comfort)
        await centre.heart.do(state, c.TakeTurn(asked, decided, (c.Say("好"),)))
    calm = await waiting(centre)
    await centre.heart.do(state, ask_for_person())
    lines = {item.conversation.id: item.feelings for item in await inbox.list_items(SUPERVISOR)}
    assert lines == {state.id: ["again"], calm.id: []}


async def test_a_customer_is_shown_by_name(centre: Centre, inbox: Inbox, customers: CustomerService) -> None:
    async with centre.heart.uow.begin() as tx:
        person = Person(external_ref="C-1", name="王秀英")
        customer = await customers.seed(tx, person, elder=True, locale="zh-Hans")
    centre.heart.ciphers.make(customer.id)
    state = await centre.heart.service.start(customer.id, channel="web", locale="zh-Hans", elder=True)
    await centre.heart.do(state, ask_for_person())
    (item,) = await inbox.list_items(SUPERVISOR)
    assert (item.conversation.customer_name, item.conversation.elder) == ("王秀英", True)


async def test_reading_makes_the_count_go_down(centre: Centre, inbox: Inbox) -> None:
    state = await waiting(centre)
    agent = await centre.hire("chenxi")
    await centre.heart.do(state, c.Accept(agent))
    await centre.heart.do(state, c.MarkRead(agent, "staff", 99))
    await centre.heart.say(state, "在吗")
    (item,) = await inbox.list_items(viewer(agent))
    assert (item.unread, item.preview) == (1, "在吗")


async def test_who_is_answered_by_the_assistant_or_done_is_not_listed(centre: Centre, inbox: Inbox) -> None:
    await centre.heart.open()
    ended = await waiting(centre)
    await centre.heart.do(ended, c.Close(CUSTOMER, "customer_left"))
    assert await inbox.list_items(SUPERVISOR) == []


async def test_the_list_stands_in_the_order_in_which_people_are_served(centre: Centre, inbox: Inbox) -> None:
    agent = await centre.hire("chenxi")
    early, late, promised = await waiting(centre), await waiting(centre), await waiting(centre)
    held = await waiting(centre)
    for state in (promised, held):
        await centre.heart.do(state, c.Accept(agent))
    assert agent.id is not None
    await centre.heart.do(promised, c.ReportVanished(agent.id))
    order = [promised.id, early.id, late.id]
    assert (await ids(inbox, SUPERVISOR)) == [*order, held.id]
    waits = await centre.waits()
    assert sorted(waits, key=lambda one: waits[one].position) == order


async def test_an_agent_sees_their_own_and_what_waits_for_their_skills(centre: Centre, inbox: Inbox) -> None:
    mine, colleague = await centre.hire("a"), await centre.hire("b")
    anyone, cards, loans = await waiting(centre), await waiting(centre, "cards"), await waiting(centre, "loans")
    theirs, own = await waiting(centre), await waiting(centre, "loans")
    await centre.heart.do(theirs, c.Accept(colleague))
    await centre.heart.do(own, c.Accept(mine))
    assert await ids(inbox, viewer(mine, "cards")) == [anyone.id, cards.id, own.id]
    assert await ids(inbox, viewer(colleague, "loans")) == [anyone.id, loans.id, theirs.id]
    assert len(await ids(inbox, SUPERVISOR)) == 5


async def test_ones_own_are_listed_however_many_wait(
    centre: Centre, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmline.routing.inbox.INBOX_LIMIT", 2)
    agent, colleague = await centre.hire("a"), await centre.hire("b")
    theirs, more, own = await waiting(centre), await waiting(centre), await waiting(centre)
    for state, who in ((theirs, colleague), (more, colleague), (own, agent)):
        await centre.heart.do(state, c.Accept(who))
    first, second, _ = [await waiting(centre) for _ in range(3)]
    assert await ids(inbox, viewer(agent)) == [first.id, second.id, own.id]
    assert agent.id is not None
    assert await ids(inbox, Viewer(agent.id, frozenset(), sees_all=True)) == [first.id, second.id, own.id, theirs.id]


async def test_the_count_of_unread_messages_ends_somewhere(
    centre: Centre, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmline.routing.inbox.UNREAD_WITHIN", 3)
    state = await waiting(centre)
    for _ in range(5):
        await centre.heart.say(state, "在吗")
    (item,) = await inbox.list_items(SUPERVISOR)
    assert item.unread == 3


async def test_who_waits_is_shown_by_their_own_words_and_the_last_word_counts_with_an_agent(
    centre: Centre, inbox: Inbox
) -> None:
    state, agent = await waiting(centre), await centre.hire("a")
    await centre.heart.do(state, c.Accept(agent))
    await centre.heart.do(state, post("我来看看", "a1", agent))
    assert (await inbox.list_items(SUPERVISOR))[0].preview == "我来看看"
    assert agent.id is not None
    await centre.heart.do(state, c.ReportVanished(agent.id))
    assert (await inbox.list_items(SUPERVISOR))[0].preview == "卡丢了怎么办"


@pytest.mark.parametrize(
    ("owner", "skill", "sees"),
    [
        (Owner.QUEUE, None, True),
        (Owner.CALLBACK, "cards", True),
        (Owner.QUEUE, "loans", False),
        (Owner.AGENT, "cards", False),
        (Owner.ASSISTANT, None, False),
        (Owner.CLOSED, None, False),
    ],
)
async def test_what_is_listed_is_what_may_be_seen(
    centre: Centre, inbox: Inbox, owner: Owner, skill: str | None, sees: bool
) -> None:
    state = await waiting(centre, skill)
    shown = (await inbox.get_items([state.id]))[0].conversation.model_copy(update={"owner": owner})
    assert Viewer(new_id(), frozenset({"cards"}), sees_all=False).sees(Place.of(shown)) is sees


async def test_erased_words_leave_an_empty_line(centre: Centre, inbox: Inbox) -> None:
    state = await waiting(centre)
    centre.heart.ciphers.destroy(state.customer_id)
    (item,) = await inbox.list_items(SUPERVISOR)
    assert (item.preview, item.unread) == (None, 1)


async def test_changes_are_pushed_to_open_desks(centre: Centre, inbox: Inbox) -> None:
    pushed: list[InboxItem] = []
    feed = InboxFeed(inbox, centre.heart.uow, centre.heart.bus)
    await feed.start()
    stop = await feed.listen(lambda: SUPERVISOR, lambda item, _: pushed.append(item))
    state = await waiting(centre)
    await until(lambda: any(item.conversation.owner is Owner.QUEUE for item in pushed))
    agent = await centre.hire("chenxi")
    await centre.heart.do(state, c.Accept(agent))
    await until(lambda: pushed[-1].conversation.owner is Owner.AGENT)
    await centre.heart.do(state, post("您好", "a1", agent))
    await until(lambda: pushed[-1].preview == "您好")
    stop()
    count = len(pushed)
    await centre.heart.do(state, c.HandBack(agent))
    await feed.stop()
    assert len(pushed) == count
    assert {item.conversation.id for item in pushed} == {state.id}


class Shown:
    """A desk that keeps what it was pushed: which conversation, and whether it left the list."""

    def __init__(self, who: Viewer) -> None:
        self.who, self.lines = who, list[tuple[UUID, bool]]()

    async def open(self, feed: InboxFeed) -> Shown:
        await feed.listen(lambda: self.who, lambda item, removed: self.lines.append((item.conversation.id, removed)))
        return self


async def test_a_change_is_pushed_only_where_it_may_be_or_was_seen(centre: Centre, inbox: Inbox) -> None:
    mine, colleague = await centre.hire("a"), await centre.hire("b")
    before = await waiting(centre, "cards")
    feed = InboxFeed(inbox, centre.heart.uow, centre.heart.bus)
    await feed.start()
    cards, loans = await Shown(viewer(mine, "cards")).open(feed), await Shown(viewer(colleague, "loans")).open(feed)
    everyone = await Shown(SUPERVISOR).open(feed)
    await centre.heart.open()
    await centre.heart.do(before, c.Accept(mine))
    await until(lambda: everyone.lines)
    assert cards.lines == [(before.id, False)]
    assert loans.lines == []

    await centre.heart.do(before, c.Transfer(mine, "loans"))
    await until(lambda: loans.lines)
    assert (cards.lines[-1], loans.lines) == ((before.id, True), [(before.id, False)])

    await centre.heart.do(before, c.Accept(colleague))
    await centre.heart.do(before, c.HandBack(colleague))
    await until(lambda: loans.lines[-1] == (before.id, True))
    assert everyone.lines[-1] == (before.id, True)
    assert len(cards.lines) == 2
    await feed.stop()


async def test_who_lost_a_skill_is_told_that_its_lines_are_gone(centre: Centre, inbox: Inbox) -> None:
    state, agent = await waiting(centre, "cards"), await centre.hire("a")
    feed = InboxFeed(inbox, centre.heart.uow, centre.heart.bus)
    await feed.start()
    desk = await Shown(viewer(agent, "cards")).open(feed)
    await centre.heart.say(state, "在吗")
    await until(lambda: desk.lines == [(state.id, False)])
    desk.who = viewer(agent)
    await centre.heart.say(state, "还在吗")
    await until(lambda: desk.lines == [(state.id, False), (state.id, True)])
    await feed.stop()


@pytest.mark.parametrize("ends_meanwhile", [False, True])
async def test_who_begins_to_wait_while_the_first_desk_connects_is_not_left_on_it(
    centre: Centre, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, ends_meanwhile: bool
) -> None:
    """Also when the end comes before anything was pushed: the desk's own reading of the list may lie in between."""
    feed, read = InboxFeed(inbox, centre.heart.uow, centre.heart.bus), inbox.list_places
    states = list[Conversation]()
    handled = asyncio.Event()
    end = c.Close(CUSTOMER, "customer_left")
    monkeypatch.setattr(feed._follower, "_handle", handle_and_set(feed._on_rows, handled, "conversation.closed"))

    async def list_places() -> dict[UUID, Place]:
        places = await read()
        states.append(await waiting(centre))
        if ends_meanwhile:
            await centre.heart.do(states[0], end)
            await handled.wait()
        return places

    monkeypatch.setattr(inbox, "list_places", list_places)
    await feed.start()
    first, second = await asyncio.gather(Shown(SUPERVISOR).open(feed), Shown(SUPERVISOR).open(feed))
    assert len(states) == 1
    if not ends_meanwhile:
        await centre.heart.do(states[0], end)
    for desk in (first, second):
        await until(lambda desk=desk: (states[0].id, True) in desk.lines)  # type: ignore[misc]
    await feed.stop()


async def test_who_waits_for_a_moment_only_is_taken_off_the_desks_that_may_have_read_it(
    centre: Centre, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, colleague = await centre.hire("a"), await centre.hire("b")
    feed = InboxFeed(inbox, centre.heart.uow, centre.heart.bus)
    cards, loans = await Shown(viewer(mine, "cards")).open(feed), await Shown(viewer(colleague, "loans")).open(feed)
    handled = asyncio.Event()
    monkeypatch.setattr(feed._follower, "_handle", handle_and_set(feed._on_rows, handled, "conversation.handed_back"))
    await feed.start()
    async with feed._placing:  # nothing is pushed meanwhile
        state = await waiting(centre, "cards")
        assert await ids(inbox, cards.who) == [state.id]
        await centre.heart.do(state, c.ReturnToAssistant(CUSTOMER))
        await handled.wait()
    await until(lambda: cards.lines)
    assert (cards.lines, loans.lines) == ([(state.id, True)], [])
    await feed.stop()


async def test_the_next_in_line_moves_up_on_desks_that_list_the_first_only(
    centre: Centre, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmline.routing.inbox.INBOX_LIMIT", 2)
    mine, colleague = await centre.hire("a"), await centre.hire("b")
    _, *those = [await waiting(centre, skill) for skill in ("loans", "cards", "loans", None, "cards")]
    first, other, second, third = those
    feed = InboxFeed(inbox, centre.heart.uow, centre.heart.bus)
    cards, loans = await Shown(viewer(mine, "cards")).open(feed), await Shown(viewer(colleague, "loans")).open(feed)
    assert await ids(inbox, cards.who) == [first.id, second.id]
    await feed.start()
    await centre.heart.do(first, c.Accept(mine))
    await until(lambda: (third.id, False) in cards.lines)
    assert loans.lines == []
    await centre.heart.do(second, c.Close(CUSTOMER, "customer_left"))
    await until(lambda: (second.id, True) in cards.lines and (second.id, True) in loans.lines)
    await until(lambda: (other.id, False) in loans.lines)
    assert cards.lines == [(first.id, False), (third.id, False), (second.id, True)]
    await feed.stop()


async def test_a_desk_whose_connecting_fails_is_forgotten(
    centre: Centre, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed, read = InboxFeed(inbox, centre.heart.uow, centre.heart.bus), inbox.list_places
    state = await waiting(centre)

    async def fail() -> dict[UUID, Place]:
        raise UnavailableError(part="database")

    monkeypatch.setattr(inbox, "list_places", fail)
    with pytest.raises(UnavailableError):
        await Shown(SUPERVISOR).open(feed)
    monkeypatch.setattr(inbox, "list_places", read)
    await feed.start()
    desk = await Shown(SUPERVISOR).open(feed)
    await centre.heart.do(state, c.Close(CUSTOMER, "customer_left"))
    await until(lambda: desk.lines == [(state.id, True)])
    await feed.stop()


def handle_and_set(handle: Callable[[Sequence[LogRow]], Awaitable[None]], passed: asyncio.Event, kind: str) -> Any:
    """Return a handler of log rows that tells when one of this kind was handled."""

    async def handle_rows(rows: Sequence[LogRow]) -> None:
        await handle(rows)
        if any(row.type == kind for row in rows):
            passed.set()

    return handle_rows


async def test_more_changes_than_one_push_carries_all_arrive(
    centre: Centre, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmline.routing.inbox.INBOX_LIMIT", 2)
    monkeypatch.setattr("warmline.routing.inbox.PUSH_SECONDS", 0)
    feed = InboxFeed(inbox, centre.heart.uow, centre.heart.bus)
    desk = await Shown(SUPERVISOR).open(feed)
    await feed.start()
    states = [await waiting(centre) for _ in range(5)]
    await until(lambda: {one for one, _ in desk.lines} == {state.id for state in states})
    await feed.stop()
