"""Weeks of people who came before people, written into the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import text

from warmline.kit.uow import UnitOfWork

_INSERT = text(
    "INSERT INTO conversation_event (conversation_id, seq, type, author, visibility, payload, at)"
    " VALUES (:id, :seq, :type, 'system', 'all', '{}', :at)"
)


def conversation_id(at: datetime, random: Random) -> UUID:
    """Return the id of a conversation begun then."""
    return UUID(int=(int(at.timestamp() * 1000) << 80) | random.getrandbits(76))


async def write(uow: UnitOfWork, events: Iterable[tuple[UUID, int, str, datetime]]) -> None:
    """Write events (conversation, seq, type, at) into the log."""
    rows = [{"id": one, "seq": seq, "type": kind, "at": at} for one, seq, kind, at in events]
    async with uow.begin() as tx:
        await tx.connection.execute(_INSERT, rows)


def weeks(until: datetime, days: int, *, an_hour: int = 12, hours: range = range(9, 17)) -> list[tuple]:  # type: ignore[type-arg]
    """Return days of so many customers an hour between these hours after `until`'s time of day, the last before it.

    Every customer waits 20 s for an agent and is served 300 s, but one in ten, who closes the page after 60 s.
    """
    random, found = Random(1), []
    for day in range(1, days + 1):
        for hour in hours:
            for n in range(an_hour):
                at = until - timedelta(days=day) + timedelta(hours=hour, minutes=60 * n / an_hour, seconds=30)
                one = conversation_id(at, random)
                found.append((one, 1, "handoff.requested", at))
                if n % 10 == 9:
                    found.append((one, 2, "conversation.closed", at + timedelta(seconds=60)))
                else:
                    found.append((one, 2, "conversation.accepted", at + timedelta(seconds=20)))
                    found.append((one, 3, "conversation.closed", at + timedelta(seconds=320)))
    return found
