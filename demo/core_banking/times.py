"""The bank's days: its zone, its working days, the hours of its branches."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

from warmline.kit.calendar import BusinessCalendar, parse_hours

ZONE = timezone(timedelta(hours=8), "CST")
DAY_ENDS = time(17, tzinfo=ZONE)
WORKING = BusinessCalendar.from_hours("09:00-17:00", "")
BRANCHES = BusinessCalendar((parse_hours("09:00-17:00"),) * 5 + (parse_hours("09:30-16:00"), ()))
SLOT_MINUTES = 30
LAST_TICKET_MINUTES = 30
"""Branches stop handing out numbers so long before they close."""


def at_end_of(day: date) -> datetime:
    """Return the moment by which something promised for that day is done."""
    return datetime.combine(day, DAY_ENDS)


def after_working_days(now: datetime, days: int) -> datetime:
    """Return the end of the `days`-th working day after today."""
    day = now.astimezone(ZONE).date()
    while days:
        day += timedelta(days=1)
        days -= bool(WORKING.spans_of(day))
    return at_end_of(day)


def visit_times(day: date) -> list[str]:
    """Return when appointments of that day start; none on a day without opening hours."""
    return [
        f"{minutes // 60:02}:{minutes % 60:02}"
        for span in BRANCHES.spans_of(day)
        for minutes in range(span.start, span.end - LAST_TICKET_MINUTES - SLOT_MINUTES + 1, SLOT_MINUTES)
    ]


def read_moment(given: str, now: datetime) -> datetime:
    """Read `2026-11-20 20:03`, or counted back from `now`: `-3d`, `-3d 14:20`, `-2h`."""
    back = re.fullmatch(r"-(\d+)([dh])(?: (\d\d):(\d\d))?", given)
    if back is None:
        return datetime.fromisoformat(given).replace(tzinfo=ZONE)
    moment = now.astimezone(ZONE) - timedelta(**{{"d": "days", "h": "hours"}[back[2]]: int(back[1])})
    return moment.replace(hour=int(back[3]), minute=int(back[4]), second=0) if back[3] else moment
