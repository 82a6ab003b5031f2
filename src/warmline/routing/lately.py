"""What past waits taught this node, kept current from the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from warmline.kit.clock import Clock
from warmline.kit.uow import UnitOfWork
from warmline.routing import repository
from warmline.routing.floor import Line
from warmline.routing.model import CHATS_PER_AGENT
from warmline.routing.repository import Turned
from warmline.routing.waiting import Outlook, WaitLearner

BACK = 200_000
"""Entries of the log that are read on starting."""
STALE_SECONDS = 120.0
"""Older than this, what was learnt says nothing of the line as it stands."""
NORMAL = "normal"


class WaitHistory:
    """Reads on in the log and learns from it how long waits are."""

    def __init__(self, uow: UnitOfWork, clock: Clock) -> None:
        self._uow, self._clock = uow, clock
        self._learner = WaitLearner(CHATS_PER_AGENT)
        self._cursor: tuple[int, int] | None = None
        self._outlook = Outlook()
        self._looked_at = float("-inf")

    async def learn(self) -> None:
        """Take in what the log has gained. Cost: its pages since the last time, `BACK` entries at most."""
        for _ in range(BACK // repository.LOG_PAGE + 1):
            async with self._uow.begin() as tx:
                start = self._cursor or await repository.find_log_start(tx.connection, BACK)
                turned, self._cursor = await repository.list_turned(tx.connection, start)
            if self._cursor == start:
                break
            await asyncio.to_thread(self._take_in, turned)
        now = self._clock.now().timestamp()
        self._outlook, self._looked_at = await asyncio.to_thread(self._learner.look, now), now

    def tell(self, skill: str | None, urgency: str, ahead: int) -> tuple[float, float] | None:
        """Return the 5th and 95th percentile, in seconds, of the wait while nobody has room; None if not known yet."""
        if self._clock.now().timestamp() - self._looked_at > STALE_SECONDS:
            return None
        return self._outlook.tell(Line(skill or "", urgency), ahead)

    def _take_in(self, turned: Sequence[Turned]) -> None:
        for one in turned:
            take_in(self._learner, one)


def take_in(learner: WaitLearner, one: Turned) -> None:
    """Tell the learner of a change of owner."""
    if one.owner != "agent" or learner.is_served(one.id):
        learner.leave(one.id, one.at)
    if one.owner == "queue":
        learner.enter(one.id, Line(one.skill, one.urgency), one.at)
    elif one.owner == "agent":
        learner.serve(one.id, Line(one.skill, NORMAL), one.agent_id or "", one.at)
