"""What colleagues promised stands on the slip of whoever comes next; where it cannot be read, the slip goes without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.casework.test_model import promise
from tests.dialogue.test_slip import WORDS, ZONE
from tests.support import NOW, blank
from warmline.casework.model import Owner
from warmline.casework.promise_model import Promise, Promiser, PromiseStatus
from warmline.conversation.events import SlipWritten
from warmline.dialogue.owed import add_owed
from warmline.kit.i18n import LOCALES

SLIP = SlipWritten(reason="x", promised=["11月23日 15:00 给客户回电"])
OWED = promise(status=PromiseStatus.CONFIRMED, words="明天上午十点给您回电")


async def told(*owed: Promise, locale: str = "zh-Hans") -> list[str]:
    async def list_owed(_: UUID) -> Sequence[Promise]:
        return owed

    slip = await add_owed(SLIP, list_owed, blank(), words=WORDS, locale=locale, now=NOW.astimezone(ZONE))
    return (slip.promised or [])[1:]


async def test_who_what_by_when_and_whether_it_was_broken() -> None:
    broken = replace(OWED, due_at=NOW - timedelta(hours=1), status=PromiseStatus.BROKEN)
    open_, late = await told(OWED, broken)
    assert open_.startswith("陈曦答应的：“明天上午十点给您回电”，应在 ")
    assert "没有兑现" not in open_
    assert late.endswith("到现在没有兑现")


async def test_a_day_is_named_as_a_day_and_the_bank_by_no_name() -> None:
    day = replace(OWED, due_at=NOW.replace(hour=16), whole_day=True, promiser=Promiser.BANK, owner=Owner())
    (said,) = await told(day)
    assert "11月23日" in said
    assert ":" not in said
    assert "答应" not in said


@pytest.mark.parametrize("locale", LOCALES)
async def test_it_is_said_in_the_colleagues_language(locale: str) -> None:
    (said,) = await told(OWED, locale=locale)
    assert "陈曦" in said
    assert "明天上午十点给您回电" in said


async def test_callbacks_and_erased_words_are_left_to_others() -> None:
    assert await told(replace(OWED, callback=True), replace(OWED, words=None)) == []


async def test_what_cannot_be_read_is_left_out_and_nobody_is_held_up() -> None:
    async def fails(_: UUID) -> Sequence[Promise]:
        raise ConnectionError

    slip = await add_owed(SLIP, fails, blank(), words=WORDS, locale="en", now=NOW)
    assert slip == SLIP
