"""Whether every moment at which nobody is there has a callback within the bank's hours (I7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from warmline.dialogue.proof.states import NOW
from warmline.dialogue.proof.story import Said
from warmline.kit.calendar import BusinessCalendar
from warmline.routing.model import answer_at, plan_handoff

STEP = timedelta(minutes=15)
DAYS = 14
AROUND = timedelta(days=3)
"""So long before and after each public holiday moments are looked at."""


def find_hole(calendar: BusinessCalendar) -> tuple[int, tuple[str, tuple[Said, ...]] | None]:
    """Return how many moments were looked at, and the first that leads to no good time, told as a dialogue."""
    checked = 0
    for moment in _moments(calendar):
        checked += 1
        due = answer_at(calendar, moment)
        plan = plan_handoff(is_open=calendar.is_open(moment), answer_at=due, agents_online=0)
        wrong = _wrong(calendar, moment, plan.due_at)
        if wrong:
            told = plan.due_at.isoformat() if plan.due_at else "no date"
            lines = (
                ("", f"it is {moment.isoformat()}, and no colleague is there"),
                ("customer", "人工"),
                ("", f"a callback is promised by {told}"),
                ("", f"I7: {wrong}"),
            )
            return checked, (wrong, lines)
    return checked, None


def _wrong(calendar: BusinessCalendar, moment: datetime, due: datetime | None) -> str:
    if due is None:
        return "no callback has a date"
    if due < moment:
        return "the callback is promised for a time that is over"
    if not calendar.is_open(due):
        return "the callback falls outside the bank's hours: there is no opening within sixty days"
    return ""


def _moments(calendar: BusinessCalendar) -> Iterator[datetime]:
    """Yield two weeks by the quarter of an hour, and the days around each public holiday known."""
    yield from (NOW + n * STEP for n in range(int(timedelta(days=DAYS) / STEP)))
    for plan in calendar.plans.values():
        for day in sorted(plan.holidays) if plan else ():
            start = NOW.replace(year=day.year, month=day.month, day=day.day, hour=0) - AROUND
            yield from (start + n * timedelta(hours=1) for n in range(int(2 * AROUND / timedelta(hours=1))))
