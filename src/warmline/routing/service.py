"""Use cases around waiting: ask for a person, callbacks, presence of agents, and what sweeps after both."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from warmline.conversation import commands as c
from warmline.conversation.errors import CallbackTimeError
from warmline.conversation.events import Author, AuthorKind, SlipWritten
from warmline.conversation.model import Conversation
from warmline.conversation.service import ConversationService, Outcome
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import Clock
from warmline.kit.errors import UnavailableError
from warmline.kit.i18n import Words, describe_moment
from warmline.kit.uow import UnitOfWork
from warmline.routing import repository
from warmline.routing.model import (
    CALLBACK_WITHIN,
    CHATS_PER_AGENT,
    OnlineAgent,
    Wait,
    count_ahead,
    mean_handle_seconds,
    plan_handoff,
    predict_wait,
)

logger = logging.getLogger(__name__)

STRANDED_AFTER = timedelta(seconds=60)
"""A queue without anyone who can take it for this long becomes a dated callback (I7)."""
CALLBACK_STEP = timedelta(minutes=30)
CALLBACK_CHOICES = 8
CALLBACK_HORIZON = timedelta(days=60)
"""No promise is made for a day further away than this."""
Via = Literal["word", "button", "key", "policy", "fault", "transfer"]


@dataclass(frozen=True, slots=True)
class Situation:
    """How the centre stands at one moment."""

    now: datetime
    is_open: bool
    next_opening: datetime | None
    agents: tuple[OnlineAgent, ...]
    handle_seconds: float

    def able(self, group: str | None) -> list[OnlineAgent]:
        """Return the agents who can take customers of this skill group."""
        return [agent for agent in self.agents if agent.takes(group)]


class RoutingService:
    """Plans handoffs, keeps presence, predicts waits and mends what vanished or came due."""

    def __init__(
        self,
        uow: UnitOfWork,
        clock: Clock,
        conversations: ConversationService,
        calendar: BusinessCalendar,
        words: Words,
        *,
        node: str,
        vanish_after: timedelta = timedelta(seconds=15),
    ) -> None:
        """`vanish_after`: an agent unseen for this long has lost the connection (I6)."""
        self._uow, self._clock, self._conversations = uow, clock, conversations
        self.calendar, self._words, self._node = calendar, words, node
        self._zone = ZoneInfo(calendar.zone)
        self._vanish_after = vanish_after
        self._reachable_since = clock.now()
        self._nobody_since: dict[str | None, datetime] = {}
        self._handled: tuple[datetime, float] | None = None

    async def get_situation(self) -> Situation:
        """Read how the centre stands now."""
        now = self._clock.now()
        async with self._uow.begin() as tx:
            agents = await repository.list_online(tx.connection, now - self._vanish_after)
            if self._handled is None or now - self._handled[0] > timedelta(minutes=1):
                observed = await repository.list_handle_seconds(tx.connection)
                self._handled = (now, mean_handle_seconds(observed))
        is_open = self.calendar.is_open(now)
        opening = None if is_open else self.calendar.next_opening(now)
        return Situation(now, is_open, opening, tuple(agents), self._handled[1])

    async def make_handoff(
        self,
        *,
        author: Author,
        by: Literal["customer", "assistant", "agent", "system"],
        via: Via,
        reason: str,
        locale: str,
        slip: SlipWritten | None = None,
        skill: str | None = None,
    ) -> c.RequestHandoff:
        """Prepare the command that brings a person, or a dated callback when nobody is there (I4, I7)."""
        situation = await self.get_situation()
        plan = self._plan(situation, skill)
        say = c.Say(self.describe_plan(plan, locale, situation.now), markdown=False)
        return c.RequestHandoff(author, by, via, reason, plan, (say,), slip)

    async def request_handoff(self, state: Conversation, *, via: Via, reason: str, slip: SlipWritten | None) -> Outcome:
        """The customer asks for a person, by button or key."""
        author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
        command = await self.make_handoff(
            author=author, by="customer", via=via, reason=reason, locale=state.locale, slip=slip
        )
        return await self._conversations.execute(state.id, command)

    def describe_plan(self, plan: c.HandoffPlan, locale: str, now: datetime) -> str:
        """Say where a plan leads."""
        if plan.due_at is None:
            return self._words.say("queued", locale)
        key = "callback_nobody" if plan.reason == "no_agent_online" else "callback_closed"
        return self._words.say(key, locale, when=self.say_moment(plan.due_at, now, locale))

    def say_moment(self, moment: datetime, now: datetime, locale: str) -> str:
        """Say a moment in the bank's zone."""
        return describe_moment(moment, now, self._zone, locale)

    def say(self, key: str, locale: str, **values: object) -> tuple[c.Say, ...]:
        """Return one of routing's sentences, ready to go along with a command."""
        return (c.Say(self._words.say(key, locale, **values), markdown=False),)

    async def return_to_assistant(self, state: Conversation) -> Outcome:
        """The customer's own yes to the assistant (I3)."""
        author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
        return await self._conversations.execute(
            state.id, c.ReturnToAssistant(author, self.say("returned", state.locale))
        )

    def list_callback_times(self) -> list[datetime]:
        """Return the times a callback can be chosen for, within the bank's hours."""
        earliest = self._clock.now() + CALLBACK_STEP / 2
        return list(self.calendar.opening_times_after(earliest, CALLBACK_CHOICES, CALLBACK_STEP))

    async def schedule_callback(
        self,
        state: Conversation,
        due_at: datetime,
        *,
        author: Author,
        chosen_by: Literal["customer", "agent"],
    ) -> Outcome:
        """Promise a callback at a chosen time within the bank's hours; it keeps the place."""
        now = self._clock.now()
        if not now < due_at <= now + CALLBACK_HORIZON:
            raise CallbackTimeError(due_at=due_at.isoformat(), reason="past_or_too_far")
        if not self.calendar.is_open(due_at):
            raise CallbackTimeError(due_at=due_at.isoformat(), reason="closed")
        say = self.say("callback_chosen", state.locale, when=self.say_moment(due_at, now, state.locale))
        command = c.ScheduleCallback(author, due_at, chosen_by, f"{chosen_by}_choice", say)
        return await self._conversations.execute(state.id, command)

    async def count_load(self, staff_ids: Collection[UUID]) -> dict[UUID, int]:
        """Return how many conversations each of these agents holds."""
        async with self._uow.begin() as tx:
            return await repository.count_load(tx.connection, staff_ids)

    async def touch(self, staff_ids: Iterable[UUID]) -> None:
        """These agents are connected to this node."""
        async with self._uow.begin() as tx:
            await repository.touch(tx.connection, set(staff_ids), self._node, self._clock.now())

    async def list_waits(self) -> dict[UUID, Wait]:
        """Return what each waiting customer is to be told, from one read."""
        situation = await self.get_situation()
        async with self._uow.begin() as tx:
            waiting = await repository.list_waiting(tx.connection)
        # In a thread: ten thousand who wait must not hold up the event loop.
        return await asyncio.to_thread(self._tell, situation, waiting)

    def _tell(self, situation: Situation, waiting: Sequence[repository.Waiting]) -> dict[UUID, Wait]:
        groups = [one.skill for one in waiting]
        loads = {group: [min(agent.load, CHATS_PER_AGENT) for agent in situation.able(group)] for group in set(groups)}
        teams = {group: (len(load), sum(load)) for group, load in loads.items()}
        return {
            one.id: self._wait(situation, one, ahead, *teams[one.skill])
            for one, ahead in zip(waiting, count_ahead(groups, situation.agents), strict=True)
        }

    def _wait(self, situation: Situation, one: repository.Waiting, ahead: int, able: int, busy: int) -> Wait:
        due_at = one.callback_due_at if one.owner == "callback" else None
        interval = None
        if due_at is None:
            interval = predict_wait(ahead, able, busy, situation.handle_seconds)
            if interval is None:
                since = self._nobody_since.get(one.skill, situation.now)
                due_at = situation.next_opening or since + CALLBACK_WITHIN
        low, high = interval or (None, None)
        return Wait(ahead + 1, low, high, able, due_at)

    def _plan(self, situation: Situation, skill: str | None = None) -> c.HandoffPlan:
        return plan_handoff(
            situation.now,
            is_open=situation.is_open,
            next_opening=situation.next_opening,
            agents_online=len(situation.able(skill)),
            skill=skill,
        )

    def give_time(self) -> None:
        """The service was away until now: agents need a moment to reconnect before they count as gone."""
        self._reachable_since = self._clock.now()
        self._nobody_since = {}

    async def sweep_vanished(self) -> int:
        """Bring back what vanished agents held (I6); return how many conversations."""
        now = self._clock.now()
        if now - self._reachable_since < self._vanish_after:
            return 0
        async with self._uow.begin() as tx:
            rows = await repository.list_vanished(tx.connection, now - self._vanish_after)
        return await self._carry_out(
            [
                (row.id, c.ReportVanished(row.agent_id, self.say("vanished", row.locale, name=row.agent_name)))
                for row in rows
            ]
        )

    async def sweep_callbacks(self) -> int:
        """Raise the callbacks whose time has come; return how many."""
        async with self._uow.begin() as tx:
            due = await repository.list_due(tx.connection, self._clock.now())
        return await self._carry_out([(conversation_id, c.RaiseCallback()) for conversation_id in due])

    async def sweep_stranded(self) -> int:
        """Nobody is there who could take them: those who wait for that group get a date (I7). Return how many."""
        situation = await self.get_situation()
        now = situation.now
        async with self._uow.begin() as tx:
            groups = await repository.list_queued_groups(tx.connection)
        unserved = [group for group in groups if not situation.able(group)]
        self._nobody_since = {group: self._nobody_since.get(group, now) for group in unserved}
        stranded = [group for group, since in self._nobody_since.items() if now - since >= STRANDED_AFTER]
        if not stranded:
            return 0
        plan = self._plan(situation, stranded[0])
        assert plan.due_at is not None
        async with self._uow.begin() as tx:
            rows = await repository.list_queued(tx.connection, stranded)
        return await self._carry_out(
            [(row.id, self._promise(plan, plan.due_at, row.locale, now, broken=row.front)) for row in rows]
        )

    def _promise(
        self, plan: c.HandoffPlan, due_at: datetime, locale: str, now: datetime, *, broken: bool
    ) -> c.ScheduleCallback:
        """A date for who waits in vain; `broken`: they had been promised somebody and are owed an apology."""
        said = self.describe_plan(plan, locale, now)
        if broken:
            said = self._words.say("callback_moved", locale, when=self.say_moment(due_at, now, locale))
        return c.ScheduleCallback(c.SYSTEM, due_at, "system", plan.reason, (c.Say(said, markdown=False),))

    async def _carry_out(self, work: Sequence[tuple[UUID, c.Command]]) -> int:
        """Carry out a sweep's commands together; return how many. One that fails is left to the next round.

        Raise `UnavailableError` when the database is away.
        """
        tries = (self._conversations.execute(identity, command) for identity, command in work)
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        failures = [(work[i][0], one) for i, one in enumerate(outcomes) if isinstance(one, BaseException)]
        for identity, failure in failures:
            if isinstance(failure, UnavailableError):
                raise failure
            logger.error("a sweep failed for conversation %s", identity, exc_info=failure)
        return len(work) - len(failures)
