"""What tests share: people, a conversation in memory, the heart on a real database, waiting for the background."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from operator import attrgetter
from uuid import UUID

import psycopg

from tests.fakes.ciphers import FakeCiphers
from tests.fakes.clock import FakeClock
from warmline.conversation import commands as c
from warmline.conversation.decide import decide
from warmline.conversation.events import (
    Author,
    AuthorKind,
    ConversationStarted,
    Event,
    MessagePosted,
    TurnDecided,
)
from warmline.conversation.model import SERVING_ORDER, Conversation
from warmline.conversation.service import ConversationService, Outcome, append
from warmline.kit.bus import Bus, LocalBus
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.ids import new_id
from warmline.kit.uow import UnitOfWork

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
CUSTOMER = Author(kind=AuthorKind.CUSTOMER, id=UUID(int=1))
CHENXI = Author(kind=AuthorKind.AGENT, id=UUID(int=1001), name="陈曦")
LINYAO = Author(kind=AuthorKind.AGENT, id=UUID(int=1002), name="林瑶")
QUICKLY = "strategy file_copy"
"""Copied through the log, as is usual, a small database takes five times as long."""
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of the processes this is that run the tests; each has databases of its own, also on a server they share."""
TEMPLATE = f"template_warmline{WORKER}"
_names = count()


def blank(**fields: object) -> Conversation:
    """Return the state of a conversation before its first event."""
    known: dict[str, object] = {
        "id": UUID(int=7),
        "customer_id": CUSTOMER.id,
        "channel": "web",
        "locale": "zh-Hans",
        "elder": False,
        "opened_at": NOW,
    }
    return Conversation(**{**known, **fields})  # type: ignore[arg-type]


def post(text: str = "卡丢了怎么办", client_id: str = "m1", author: Author = CUSTOMER) -> c.PostMessage:
    """Return the command that posts a message, by default the customer's."""
    return c.PostMessage(author, client_id, text)


def ask_for_person(plan: c.HandoffPlan | None = None, say: str = "") -> c.RequestHandoff:
    """Return the customer's wish for a person."""
    said = (c.Say(say),) if say else ()
    return c.RequestHandoff(CUSTOMER, "customer", "button", "customer_asked", plan or c.HandoffPlan(), said)


def take_turn(reply_to: int, text: str = "先挂失。", handoff: c.RequestHandoff | None = None) -> c.TakeTurn:
    """Return the assistant's answer to everything up to `reply_to`."""
    decided = TurnDecided(reply_to=reply_to, decision="answer", reason="released", question="卡丢了怎么办")
    return c.TakeTurn(reply_to, decided, (c.Say(text),), handoff)


@dataclass
class Talk:
    """A conversation in memory, by the real decision and the real fold; `now` is moved by the test."""

    now: datetime = NOW
    state: Conversation = field(default_factory=blank)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        started = ConversationStarted(channel=self.state.channel, locale=self.state.locale, elder=self.state.elder)
        self._append((c.Entry(CUSTOMER, started),))

    def do(self, command: c.Command) -> list[str]:
        """Carry out a command; return the types of what it appended."""
        return [event.type for event in self._append(decide(command, self.state, self.now))]

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    def _append(self, entries: tuple[c.Entry, ...]) -> tuple[Event, ...]:
        self.state, events = append(self.state, entries, self.now)
        self.events += events
        return events


def in_serving_order(states: Iterable[Conversation]) -> list[Conversation]:
    """Return those who wait in the order in which they are served."""
    order = list(states)
    for name, descending in reversed(SERVING_ORDER):
        order.sort(key=attrgetter(name), reverse=descending)
    return order


class Heart:
    """The conversation service on a real database, with keys in memory."""

    def __init__(
        self,
        uow: UnitOfWork,
        *,
        clock: FakeClock | None = None,
        bus: Bus | None = None,
        ciphers: FakeCiphers | None = None,
    ) -> None:
        self.uow, self.clock, self.bus = uow, clock or FakeClock(), bus or LocalBus()
        self.ciphers = ciphers or FakeCiphers()
        self.service = ConversationService(uow, self.clock, self.bus, self.ciphers)

    async def open(self, *, locale: str = "zh-Hans", elder: bool = False) -> Conversation:
        """Start a conversation of a new customer."""
        customer_id = new_id()
        self.ciphers.make(customer_id)
        return await self.service.start(customer_id, channel="web", locale=locale, elder=elder)

    async def say(self, state: Conversation, text: str, client_id: str | None = None) -> Outcome:
        """Let the customer write something."""
        author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
        return await self.do(state, c.PostMessage(author, client_id or new_id().hex, text))

    async def do(self, state: Conversation, command: c.Command) -> Outcome:
        """Carry out a command on this conversation."""
        return await self.service.execute(state.id, command)

    async def hand_to(self, state: Conversation, agent: Author = CHENXI) -> Outcome:
        """Bring the conversation to an agent."""
        await self.do(state, ask_for_person())
        return await self.do(state, c.Accept(agent))


def texts(events: list[Event]) -> list[str | None]:
    """Return the words of the messages among the events."""
    return [event.payload.text for event in events if isinstance(event.payload, MessagePosted)]


def types(events: list[Event]) -> list[str]:
    """Return the events' types."""
    return [event.type for event in events]


async def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Return once the background has brought `condition` about."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - conditions of several parts have no event in common
            await asyncio.sleep(0.01)


@contextmanager
def fresh_database(server: EmbeddedPostgres, template: str = TEMPLATE) -> Iterator[str]:
    """Yield the URL of a fresh, migrated database, or of a copy of another; for fixtures that outlive one test."""
    name = f"shared{WORKER}_{next(_names)}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name} template {template} {QUICKLY}".encode())
    yield server.url(name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())
