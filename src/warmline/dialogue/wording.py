"""Where a language model may help in a turn: a gentler tone, an answer's words found, a summary for the colleague.

Without one, or where its words do not pass, everything is as it is without these.
"""

from __future__ import annotations

from collections.abc import Sequence

from warmline.conversation.events import Event, ModelUse, SlipWritten
from warmline.dialogue import decisions as d
from warmline.dialogue.flows.engine import AskSlot
from warmline.dialogue.flows.hear import Heard, Listening
from warmline.dialogue.flows.run import Filled
from warmline.dialogue.flows.values import read_slot
from warmline.dialogue.pending import URGENT, Pending
from warmline.dialogue.slip import list_transcript
from warmline.language.service import Marker, TurnHelp, asks, find_markers

UNHELPED = frozenset({"text", "place", "yes_no"})
"""Kinds of slots that are taken as they are said, or that only the customer's own clear words may fill."""
PRESSING = frozenset({Marker.DANGER, Marker.FRAUD, Marker.CARD_STOLEN, Marker.CARD_LOST})
"""Whoever says one of these is not kept waiting for a summary."""
FEW_WORDS = 12
"""So short a conversation is its own summary, in characters."""


async def reword(help: TurnHelp | None, answer: str, decision: d.Answer, locale: str, *, elder: bool) -> str:
    """Return an article's answer, in a gentler tone for who is upset or older."""
    tone = "elder" if elder else "upset" if decision.senior or decision.acknowledgement else ""
    if help is None or not tone:
        return answer
    return await help.rephrase(answer, tone, locale) or answer


async def hear_again(help: TurnHelp | None, heard: Heard, pending: Pending, listening: Listening, locale: str) -> Heard:
    """Return what was heard; where no parser could read the answer to a flow's question, its words are looked up.

    Only a stretch of the customer's own words counts, and only as the same parser reads it.
    """
    asked, text = listening.asked, pending.text
    if help is None or not isinstance(asked, AskSlot) or not _is_unread(heard, asked, pending):
        return heard
    slot, several = asked.slot, {one.value for one in heard.several}

    def read(words: str) -> Filled | None:
        found = read_slot(words, slot, asked.shown, listening.now, asked=True)
        if len(found) != 1 or (several and found[0].value not in several):
            return None
        return Filled(value=found[0].value, item=found[0].item)

    filled = await help.quote(asked.text, text, locale, read)
    return heard if filled is None else Heard({asked.name: filled}, acts=heard.acts)


def _is_unread(heard: Heard, asked: AskSlot, pending: Pending) -> bool:
    """Tell whether these words may hold an answer that was not read: no question, no wish, nothing that presses."""
    if heard.values or heard.yes is not None or heard.acts or asked.slot.secret or asked.slot.type in UNHELPED:
        return False
    return pending.only is None and pending.kinds.isdisjoint(URGENT) and not asks(pending.text)


async def summarise(help: TurnHelp | None, slip: SlipWritten, events: Sequence[Event], locale: str) -> SlipWritten:
    """Put a summary on the slip, where nothing presses."""
    transcript = list_transcript(events) if help else []
    if help is None or sum(map(len, transcript)) < FEW_WORDS or _presses(transcript):
        return slip
    return slip.model_copy(update={"summary": await help.summarise(transcript, locale)})


def _presses(transcript: Sequence[str]) -> bool:
    return any(not find_markers(text).kinds.isdisjoint(PRESSING) for text in transcript)


def uses_of(help: TurnHelp | None) -> list[ModelUse]:
    """Return what goes into the log of a turn."""
    asked = help.asked if help else []
    return [ModelUse(prompt=a.prompt, outcome=a.outcome, reason=a.reason, milliseconds=a.milliseconds) for a in asked]
