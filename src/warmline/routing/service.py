"""Use cases around waiting: ask for a person, callbacks, presence of agents, and what sweeps after both."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from warmline.conversation import commands as c
from warmline.conversation.errors import CallbackTimeError
from warmline.conversation.events import NO_GROUP, Author, AuthorKind, SlipWritten
from warmline.conversation.model import Conversation
from warmline.conversation.service import ConversationService, Outcome
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.clock import Clock
from warmline.kit.errors import UnavailableError
from warmline.kit.i18n import Words, describe_moment
from warmline.kit.uow import UnitOfWork
from warmline.routing import repository
from warmline.routing.lately import WaitHistory
from warmline.routing.model import (
    OnlineAgent,
    Wait,
    answer_at,
    mean_handle_seconds,
    plan_handoff,
    share_lines,
)
from warmline.routing.ports import SlipWriter, write_no_slip
from warmline.routing.rules import RoutingRules
from warmline.routing.situation import Situation, Team, tell
from warmline.routing.urgency import Need, choose_urgency

logger = logging.getLogger(__name__)

STRANDED_AFTER = timedelta(seconds=60)
"""A queue without anyone who can take it for this long becomes a dated callback (I7)."""
REPORTS_AT_ONCE = 8
"""Slips written at the same time for who takes over from vanished agents: each needs a database connection."""
CALLBACK_STEP = timedelta(minutes=30)
CALLBACK_CHOICES = 8
CALLBACK_HORIZON = timedelta(days=60)
"""No promise is made for a day further away than this."""
APOLOGIES = {
    "callback.due": "sorry_late",
    "agent.vanished": "sorry_vanished",
    "conversation.transferred": "sorry_transferred",
}
"""For what nobody came, who was promised somebody is told in these words: a time, or that it would be at once."""
Via = Literal["word", "button", "key", "policy", "fault", "transfer"]


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
        rules: RoutingRules | None = None,
    ) -> None:
        """`vanish_after`: an agent unseen for this long has lost the connection (I6)."""
        self._uow, self._clock, self._conversations = uow, clock, conversations
        self.write_slip: SlipWriter = write_no_slip
        self.calendar, self._words, self._node = calendar, words, node
        self.rules = rules or RoutingRules()
        hours = {group: one.hours for group, one in self.rules.groups.items() if one.hours}
        self._calendars = {group: one.calendar(calendar.zone) for group, one in hours.items()}
        self.zone = ZoneInfo(calendar.zone)
        self._vanish_after = vanish_after
        self._reachable_since = clock.now()
        self._looked_at: datetime | None = None
        self._situation: asyncio.Task[Situation] | None = None
        self._nobody_since: dict[str | None, datetime] = {}
        self._handle_seconds = mean_handle_seconds(())
        self._history = WaitHistory(uow, clock)

    async def get_situation(self) -> Situation:
        """Read how the centre stands now; calls made while one read runs share it."""
        if self._situation is None:
            self._situation = asyncio.create_task(self._read_situation())
            self._situation.add_done_callback(self._forget_situation)
        return await asyncio.shield(self._situation)

    def _forget_situation(self, read: asyncio.Task[Situation]) -> None:
        self._situation = None
        if not read.cancelled():
            read.exception()  # whoever waited has it, if anybody still did

    async def _read_situation(self) -> Situation:
        now = self._clock.now()
        async with self._uow.begin() as tx:
            agents = await repository.list_online(tx.connection, self._vanish_after)
            groups = await repository.list_groups(tx.connection)
        return Situation(now, self.calendar.is_open(now), tuple(agents), groups, self._handle_seconds)

    async def learn_handling(self) -> None:
        """Read how long conversations with agents have taken lately."""
        async with self._uow.begin() as tx:
            observed = await repository.list_handle_seconds(tx.connection)
        self._handle_seconds = mean_handle_seconds(observed)

    async def learn_waits(self) -> None:
        """Learn from the log how long waits were, of those as the line stands now."""
        await self._history.learn()

    async def make_handoff(
        self,
        *,
        author: Author,
        by: Literal["customer", "assistant", "agent", "system"],
        via: Via,
        reason: str,
        locale: str,
        slip: SlipWritten | None = None,
        skill: str | None,
        need: Need = Need(),  # noqa: B008 - frozen
        before: tuple[c.Say, ...] = (),
    ) -> c.RequestHandoff:
        """Prepare the command that brings a person, or a dated callback when nobody is there (I4, I7).

        `skill`: the group the customer was last passed on to, if any, as they will wait for it again while there is it.
        `need`: what is known of how much it presses; `before` is said before where the plan leads.
        """
        situation = await self.get_situation()
        plan = self._plan(situation, skill)
        say = c.Say(self.describe_plan(plan, locale, situation.now), markdown=False)
        urgency = choose_urgency(reason, need)
        start = self.rules.head_start(urgency)
        return c.RequestHandoff(author, by, via, reason, plan, (*before, say), slip, urgency, start)

    async def request_handoff(
        self, state: Conversation, *, via: Via, reason: str, slip: SlipWritten | None, need: Need = Need(),  # noqa: B008 - frozen
        before: tuple[c.Say, ...] = (),
    ) -> Outcome:  # fmt: skip
        """The customer asks for a person, by button or key."""
        author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
        command = await self.make_handoff(
            author=author,
            by="customer",
            via=via,
            reason=reason,
            locale=state.locale,
            slip=slip,
            skill=state.skill,
            need=need,
            before=before,
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
        return describe_moment(moment, now, self.zone, locale)

    def say(self, key: str, locale: str, **values: object) -> tuple[c.Say, ...]:
        """Return one of routing's sentences, ready to go along with a command."""
        return (c.Say(self._words.say(key, locale, **values), markdown=False),)

    async def return_to_assistant(self, state: Conversation) -> Outcome:
        """The customer's own yes to the assistant (I3)."""
        author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
        return await self._conversations.execute(
            state.id, c.ReturnToAssistant(author, self.say("returned", state.locale))
        )

    def calendar_of(self, group: str | None) -> BusinessCalendar:
        """Return when the people of this group are there: by hours of its own, else in the bank's."""
        return self._calendars.get(group or "", self.calendar)

    def list_callback_times(self, group: str | None = None) -> list[datetime]:
        """Return the times a callback of this group can be chosen for, within its hours."""
        earliest = self._clock.now() + CALLBACK_STEP / 2
        return list(self.calendar_of(group).opening_times_after(earliest, CALLBACK_CHOICES, CALLBACK_STEP))

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
        if not self.calendar_of(state.skill).is_open(due_at):
            raise CallbackTimeError(due_at=due_at.isoformat(), reason="closed")
        say = self.say("callback_chosen", state.locale, when=self.say_moment(due_at, now, state.locale))
        command = c.ScheduleCallback(author, due_at, chosen_by, f"{chosen_by}_choice", say)
        return await self._conversations.execute(state.id, command)

    async def count_load(self, staff_ids: Collection[UUID]) -> dict[UUID, int]:
        """Return how many conversations each of these agents holds."""
        async with self._uow.begin() as tx:
            return await repository.count_load(tx.connection, staff_ids)

    async def list_connected(self, staff_ids: Collection[UUID]) -> set[UUID]:
        """Return which of these agents have a desk open now."""
        async with self._uow.begin() as tx:
            return await repository.list_connected(tx.connection, staff_ids, self._vanish_after)

    async def touch(self, staff_ids: Iterable[UUID]) -> None:
        """These agents are connected to this node."""
        async with self._uow.begin() as tx:
            await repository.touch(tx.connection, set(staff_ids), self._node)

    async def sweep_connections(self) -> int:
        """Forget connections of long ago; return how many."""
        async with self._uow.begin() as tx:
            return await repository.forget_connections(tx.connection)

    async def list_waits(self, ids: Collection[UUID]) -> dict[UUID, Wait]:
        """Return what those of `ids` who wait are to be told. Cost: one pass over the index of all who wait."""
        waits: dict[UUID, Wait] = {}
        if not ids:
            return waits
        situation = await self.get_situation()
        async with self._uow.begin() as tx:
            groups = await repository.list_waiting_groups(tx.connection)
            teams = {group: self._team(situation, group) for group in groups}
            lines = share_lines(groups, situation.agents)
            async for page in repository.list_places(tx.connection, lines, ids):
                told = ((one.id, tell(one, teams[one.skill], situation.handle_seconds, self._history)) for one in page)
                waits.update(told)
        return waits

    def _team(self, situation: Situation, group: str | None) -> Team:
        able = situation.able(group)
        busy, places = sum(min(one.load, one.chats) for one in able), sum(one.chats for one in able)
        answer_at = self._answer_at(self._nobody_since.get(group, situation.now), group)
        return Team(len(able), busy, places, answer_at)

    def _answer_at(self, asked: datetime, group: str | None = None) -> datetime:
        """By when somebody answers who was asked for at a moment when nobody was there: in their hours (I7)."""
        return answer_at(self.calendar_of(group), asked)

    def _plan(self, situation: Situation, skill: str | None) -> c.HandoffPlan:
        if skill and skill not in situation.groups:
            skill = NO_GROUP
        return self._plan_with(situation, len(self._able(situation, skill)), skill)

    async def is_served(self, group: str | None = None) -> bool:
        """Tell whether anybody is there who can take customers of this group."""
        return bool(self._able(await self.get_situation(), group))

    def _able(self, situation: Situation, group: str | None) -> list[OnlineAgent]:
        """Return who can take customers of this group, at once or when it overflows."""
        reached = self.rules.reach(group, inf)
        return [agent for agent in situation.agents if any(agent.takes(one) for one in reached)]

    def _plan_with(self, situation: Situation, agents_online: int, skill: str | None = None) -> c.HandoffPlan:
        answer_at = self._answer_at(situation.now, skill)
        is_open = self.calendar_of(skill).is_open(situation.now)
        return plan_handoff(is_open=is_open, answer_at=answer_at, agents_online=agents_online, skill=skill)

    @property
    def present_seconds(self) -> float:
        """How long a call may be held without its caller seeming to have vanished."""
        return self._vanish_after.total_seconds() / 2

    def give_time(self) -> None:
        """The service was away until now: agents need a moment to reconnect before they count as gone."""
        self._reachable_since = self._clock.now()
        self._nobody_since = {}

    async def sweep_vanished(self) -> int:
        """Bring back what vanished agents held (I6); return how many conversations."""
        self._note_look()
        async with self._uow.begin() as tx:
            rows = await repository.list_vanished(tx.connection, self._vanish_after)
        self._note_look()
        if self._clock.now() - self._reachable_since < self._vanish_after:
            return 0
        count = 0
        for start in range(0, len(rows), REPORTS_AT_ONCE):
            count += await self._bring_back(rows[start : start + REPORTS_AT_ONCE])
        return count

    def _note_look(self) -> None:
        """After a look that comes late the machine, or the database, stood still: so could nobody be seen."""
        now = self._clock.now()
        if self._looked_at is not None and now - self._looked_at > self._vanish_after / 2:
            self.give_time()
        self._looked_at = now

    async def _bring_back(self, rows: Sequence[repository.Vanished]) -> int:
        """Report a few together, each with its slip, but for agents who came back while the slips were written."""
        reports = await asyncio.gather(*map(self._report, rows))
        back = await self.list_connected({row.agent_id for row in rows})
        gone = [(row.id, report) for row, report in zip(rows, reports, strict=True) if row.agent_id not in back]
        self._note_look()
        return await self._carry_out(gone)

    async def _report(self, row: repository.Vanished) -> c.ReportVanished:
        """What is said of a vanished agent, with the slip for the next one; without it if it cannot be written (I6)."""
        try:
            slip = await self.write_slip(row.id, "agent_vanished")
        except Exception:
            logger.exception("no slip for the next agent of conversation %s", row.id)
            slip = None
        return c.ReportVanished(row.agent_id, self.say("vanished", row.locale, name=row.agent_name), slip)

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
        unserved = [group for group in groups if not self._able(situation, group)]
        self._nobody_since = {group: self._nobody_since.get(group, now) for group in unserved}
        stranded = [group for group, since in self._nobody_since.items() if now - since >= STRANDED_AFTER]
        return sum([await self._promise_all(group, situation) for group in stranded])

    async def _promise_all(self, group: str | None, situation: Situation) -> int:
        """Give everybody who waits for this group a date; return how many."""
        plan, now, total = self._plan_with(situation, 0, group), situation.now, 0
        while True:
            async with self._uow.begin() as tx:
                rows = await repository.list_queued(tx.connection, [group])
            done = await self._carry_out(
                [(row.id, self._promise(plan, row.locale, now, broken=row.promised_by)) for row in rows]
            )
            total += done
            if len(rows) < repository.PAGE or not done:
                return total

    def _promise(self, plan: c.HandoffPlan, locale: str, now: datetime, *, broken: str | None) -> c.ScheduleCallback:
        """A date for who waits in vain; `broken`: what had promised them somebody, so that they are owed an apology."""
        assert plan.due_at is not None
        said = self.describe_plan(plan, locale, now)
        if broken:
            said = self._words.say(APOLOGIES[broken], locale, plan=said)
        return c.ScheduleCallback(c.SYSTEM, plan.due_at, "system", plan.reason, (c.Say(said, markdown=False),))

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
