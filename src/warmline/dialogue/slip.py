"""交接单: what an agent needs on arriving, read from the log. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from warmline.conversation.events import AuthorKind, Event, MessagePosted, SlipWritten, Source
from warmline.kit.i18n import Words
from warmline.language.service import find_markers

QUESTION_LIMIT = 200
LAST_QUESTIONS = 2


def write_slip(events: Sequence[Event], *, reason: str, locale: str, elder: bool, words: Words) -> SlipWritten:
    """Gather the customer's question, what was tried and what is known; `{agent}` in the opening is filled later."""
    asked = [text for text in _customer_texts(events) if find_markers(text).only is None]
    question = "；".join(dict.fromkeys(asked[-LAST_QUESTIONS:]))[:QUESTION_LIMIT] or None
    key = "slip_opening" if question and len(question) <= 40 else "slip_opening_plain"
    opening = words.say(key, locale, agent="{agent_name}", question=question)
    known = {"language": locale, "elder": "yes" if elder else "no"}
    return SlipWritten(reason=reason, question=question, tried=_tried(events), known=known, opening=opening)


def _customer_texts(events: Sequence[Event]) -> list[str]:
    return [
        event.payload.text.strip()
        for event in events
        if isinstance(event.payload, MessagePosted) and event.author.kind is AuthorKind.CUSTOMER and event.payload.text
    ]


def _tried(events: Sequence[Event]) -> list[Source]:
    found: dict[str, Source] = {}
    for event in events:
        if isinstance(event.payload, MessagePosted) and event.payload.sources:
            found.update({source.article_id: source for source in event.payload.sources})
    return list(found.values())
