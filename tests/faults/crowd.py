"""Many conversations at once, and what must be true of them after any fault."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from tests.fakes.clients import Agent, Customer, Json
from tests.fakes.server import Server

QUESTIONS = ("国外刷卡怎么结算", "卡丢了怎么办", "境外能不能用卡", "你们几点下班", "怎么挂失", "谢谢")
REPLY_WITHIN = timedelta(seconds=5)
MESSAGES_PER_SECOND = 60
"""Of everyone together: what two cores that also run the test carry with ease."""
SHOWN = ("type", "reply_to", "decision", "reason", "milliseconds", "owner")
Outage = tuple[datetime, datetime]
"""From when until when the service was away."""


@dataclass
class Crowd:
    """A third asks the assistant, a third waits for a person, a third talks with one; all keep writing."""

    server: Server
    size: int
    asking: list[Customer] = field(default_factory=list)
    waiting: list[Customer] = field(default_factory=list)
    served: list[tuple[Customer, Agent]] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    _talk: list[asyncio.Task[None]] = field(default_factory=list)
    _stopping: bool = False
    _before: list[tuple[str, str]] = field(default_factory=list)

    @property
    def customers(self) -> list[Customer]:
        """Everyone who came."""
        return [*self.asking, *self.waiting, *(customer for customer, _ in self.served)]

    @property
    def everyone(self) -> list[Customer | Agent]:
        """Customers and agents."""
        return [*self.customers, *self.agents]

    async def gather(self) -> None:
        """Let everyone come to where they are when the fault strikes."""
        self.agents = [await Agent.sign_in(self.server, person) for person in ("chen", "lin")]
        arrived = [await Customer.arrive(self.server) for _ in range(self.size)]
        third = self.size // 3
        self.asking, with_person, self.waiting = arrived[: -2 * third], arrived[-2 * third : -third], arrived[-third:]
        for number, customer in enumerate([*with_person, *self.waiting]):
            await customer.ask_for_person()
            if number < third:
                agent = self.agents[number % len(self.agents)]
                await agent.accept(customer.conversation_id)
                self.served.append((customer, agent))
        self._before = await self.places()

    async def places(self) -> list[tuple[str, str]]:
        """Return who waits, in serving order, with since when."""
        views = [await customer.view() for customer in self.waiting]
        assert all(view["conversation"]["owner"] == "queue" for view in views)
        views.sort(key=lambda view: int(view["wait"]["position"]))
        return [(view["conversation"]["id"], view["conversation"]["queued_at"]) for view in views]

    def talk(self) -> None:
        """Everyone begins to write, each next message once the last was acknowledged."""
        for customer in self.customers:
            self._talk.append(asyncio.create_task(self._write(customer, customer.conversation_id)))
        for customer, agent in self.served:
            self._talk.append(asyncio.create_task(self._write(agent, customer.conversation_id)))

    async def _write(self, one: Customer | Agent, conversation_id: str) -> None:
        for number in count():
            if self._stopping:
                return
            text = f"{QUESTIONS[number % len(QUESTIONS)]} {number}"
            await one.line.say(conversation_id, text)
            await asyncio.sleep(self.size / MESSAGES_PER_SECOND)

    def acknowledged(self) -> int:
        """How many messages the server has confirmed so far."""
        return sum(sent.done.done() for one in self.everyone for sent in one.line.sent)

    async def until_acknowledged(self, more: int, seconds: float = 90) -> None:
        """Return once `more` further messages are confirmed."""
        goal = self.acknowledged() + more
        async with asyncio.timeout(seconds):
            while self.acknowledged() < goal:
                self._raise_failures()
                await asyncio.sleep(0.02)

    def _raise_failures(self) -> None:
        for task in self._talk:
            if task.done() and not task.cancelled():
                task.result()

    async def fall_silent(self, seconds: float = 90) -> None:
        """Everyone finishes the message they are at; all are acknowledged afterwards."""
        self._stopping = True
        async with asyncio.timeout(seconds):
            await asyncio.gather(*self._talk)

    async def check(self, outages: list[Outage]) -> None:
        """Check I1, I2, I10, the waiting order and the live feed."""
        await asyncio.gather(*(self._until_answered(customer) for customer in self.asking))
        overseer = await Agent.sign_in(self.server, "zhao", presence=None)
        try:
            for customer in self.customers:
                view = await overseer.view(customer.conversation_id)
                events = view["events"]
                assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
                assert owner_after(events) == view["conversation"]["owner"]
                check_stored(customer, events)
                check_answered(events, outages)
                await check_feed(customer)
            for customer, agent in self.served:
                view = await overseer.view(customer.conversation_id)
                assert view["conversation"]["owner"] == "agent"
                assert view["conversation"]["agent_id"] == agent.me["id"]
                check_stored(agent, view["events"], customer.conversation_id)
        finally:
            await overseer.leave()
        assert await self.places() == self._before

    async def _until_answered(self, customer: Customer) -> None:
        """Wait until the assistant owes nothing; a silence ends in the assertion that names it."""
        with contextlib.suppress(TimeoutError):
            await customer.line.until(lambda: _is_answered(customer.line.events(customer.conversation_id)), 30)

    async def leave(self) -> None:
        """Everyone goes."""
        for task in self._talk:
            task.cancel()
        for one in self.everyone:
            await one.leave()


def _is_answered(events: list[Json]) -> bool:
    messages = [event for event in events if event["payload"]["type"] == "message.posted"]
    return owner_after(events) != "assistant" or not messages or messages[-1]["author"]["kind"] != "customer"


def owner_after(events: list[Json]) -> str:
    """Fold the owner as docs/protocol.md says."""
    owner = ""
    for event in events:
        owner = event["payload"].get("owner") or owner
    return owner


def check_stored(one: Customer | Agent, events: list[Json], conversation_id: str | None = None) -> None:
    """Everything acknowledged is there once, with its words, under its seq, in the order in which it was said (I1)."""
    sent = [message for message in one.line.sent if conversation_id in (None, message.conversation_id)]
    posted = [event for event in events if event["payload"]["type"] == "message.posted"]
    by_client_id = {event["payload"]["client_id"]: event for event in posted}
    assert len(by_client_id) == len(posted)
    assert all(message.done.done() for message in sent)
    stored = [by_client_id[message.client_id] for message in sent]
    assert [event["seq"] for event in stored] == [message.done.result() for message in sent]
    assert [event["payload"]["text"] for event in stored] == [message.text for message in sent]
    assert [event["seq"] for event in stored] == sorted(event["seq"] for event in stored)


def answer_due(said_at: datetime, outages: list[Outage]) -> datetime:
    """Return when the service has been up for 5 s without a break since a message."""
    since = said_at
    for down, up in outages:
        if since < up and down < since + REPLY_WITHIN:
            since = up
    return since + REPLY_WITHIN


def check_answered(events: list[Json], outages: list[Outage]) -> None:
    """Each message the assistant owned has an answer or a handoff within 5 s of the service being up (I10)."""
    owner = ""
    for index, event in enumerate(events):
        owner = event["payload"].get("owner") or owner
        if owner != "assistant" or event["payload"]["type"] != "message.posted":
            continue
        if event["author"]["kind"] != "customer":
            continue
        answered = next((later for later in events[index + 1 :] if _answers(later, event["seq"])), None)
        assert answered is not None, f"seq {event['seq']} was never answered"
        said_at, at = _moment(event), _moment(answered)
        due = answer_due(said_at, outages)
        assert at <= due, f"seq {event['seq']} of {said_at} was answered at {at}, due {due}\n{timeline(events)}"


def timeline(events: list[Json]) -> str:
    """Return what happened when, a line for each event, for a failing test to show."""
    lines = []
    for event in events:
        payload = {name: value for name, value in event["payload"].items() if name in SHOWN and value is not None}
        lines.append(f"{event['seq']:4} {event['at'][11:23]} {event['author']['kind']:9} {payload}")
    return "\n".join(lines)


def _answers(event: Json, seq: int) -> bool:
    payload = event["payload"]
    decided = payload["type"] == "turn.decided" and payload["reply_to"] >= seq
    return decided or payload.get("owner") in ("queue", "callback", "agent", "closed")


def _moment(event: Json) -> datetime:
    return datetime.fromisoformat(event["at"])


async def check_feed(customer: Customer) -> None:
    """What the live feed delivered is what a fresh snapshot shows."""
    view = await customer.view()
    wanted = [event["seq"] for event in view["events"]]
    line, conversation_id = customer.line, customer.conversation_id
    with contextlib.suppress(TimeoutError):
        await line.until(lambda: max(line.seen[conversation_id]) >= wanted[-1], 15)
    assert [event["seq"] for event in line.events(conversation_id)] == wanted
