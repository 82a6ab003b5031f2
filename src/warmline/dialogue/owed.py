"""What colleagues promised the customer and still owe, on the slip of whoever comes next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from warmline.casework.promise_model import Promise, Promiser
from warmline.conversation.events import SlipWritten
from warmline.conversation.model import Conversation
from warmline.dialogue.flows.expressions import STYLES
from warmline.kit.i18n import Words

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""What is owed is left out where it takes longer: nobody is held up for it (I4)."""
MOST = 5
ListOwed = Callable[[UUID], Awaitable[Sequence[Promise]]]
"""Returns what a customer was promised and has not got, what is due first before the others."""


async def owes_nothing(customer_id: UUID) -> Sequence[Promise]:
    """Where nobody keeps promises, none is known."""
    return ()


async def add_owed(
    slip: SlipWritten, list_owed: ListOwed, state: Conversation, *, words: Words, locale: str, now: datetime
) -> SlipWritten:
    """Put on the slip what is owed, as of `now` in the bank's zone; of dated callbacks it speaks by itself."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            owed = await list_owed(state.customer_id)
    except Exception:
        logger.exception("what is owed is left out of the slip of conversation %s", state.id)
        return slip
    said = [say_owed(one, words, locale, now) for one in owed if one.words and not one.callback]
    return slip.model_copy(update={"promised": [*(slip.promised or ()), *said[:MOST]]}) if said else slip


def say_owed(promise: Promise, words: Words, locale: str, now: datetime) -> str:
    """Name a promise, by whom and by when, and whether it was broken."""
    due, style = (promise.due_at - timedelta(seconds=1), "day") if promise.whole_day else (promise.due_at, "moment")
    when = STYLES[style](due.astimezone(now.tzinfo).isoformat(), locale)
    who = promise.owner.name if promise.promiser is Promiser.AGENT and promise.owner.name else ""
    key = "slip_owed_broken" if promise.breaks_at <= now else "slip_owed"
    said = words.say(key, locale, words=promise.words, when=when)
    return words.say("slip_owed_by", locale, name=who, promise=said) if who else said
