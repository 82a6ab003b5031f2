"""The form for a new case as it arrives: nothing that is known is asked again (I8). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warmline.casework.model import CaseCategory, guess_category
from warmline.conversation.events import AuthorKind, Event, MessagePosted, SlipWritten
from warmline.language.service import Marker, find_markers

TITLE_LIMIT = 60
SHORT = 12
"""A wish for a person in so few characters says nothing of the matter."""
HIDDEN = frozenset({"language", "elder", "flow"})
"""What a slip knows of how somebody is served, which is nothing about the matter."""


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What a case would be about, as far as the conversation tells."""

    title: str
    description: str
    category: CaseCategory
    skill: str | None


def fill_draft(events: Sequence[Event], skill: str | None) -> CaseDraft:
    """Fill the form from the newest slip, else from what the customer wrote last about the matter."""
    slip = next((event.payload for event in reversed(events) if isinstance(event.payload, SlipWritten)), None)
    said = [
        event.payload.text.strip()
        for event in events
        if isinstance(event.payload, MessagePosted) and event.author.kind is AuthorKind.CUSTOMER and event.payload.text
    ]
    told = [text for text in said if _tells(text)]
    question = "；".join(filter(_tells, (slip.question or "").split("；"))) if slip else ""
    question = question or (told or said or [""])[-1]
    title = " ".join(question.split())
    category = guess_category(question)
    if category is CaseCategory.OTHER:
        category = guess_category(" ".join(said))
    lines = [question, *(_facts(slip, question) if slip else ())]
    short = title if len(title) <= TITLE_LIMIT else title[: TITLE_LIMIT - 1] + "…"
    return CaseDraft(short, "\n".join(dict.fromkeys(filter(None, lines))), category, skill)


def _facts(slip: SlipWritten, question: str) -> list[str]:
    """Return what the slip knows beside the question, by the names that colleagues read."""
    named = {name: value for name, value in (slip.known or {}).items() if name not in HIDDEN and value not in question}
    facts = [value if name.isascii() and name.islower() else f"{name}：{value}" for name, value in named.items()]
    return [*([slip.summary] if slip.summary else []), *facts, *(slip.done or [])]


def _tells(text: str) -> bool:
    """Whether words say anything of the matter: 转人工 does not."""
    found = find_markers(text)
    return found.only is None and not (Marker.HUMAN in found.kinds and len(text.strip()) <= SHORT)
