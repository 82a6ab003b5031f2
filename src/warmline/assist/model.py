"""What is suggested beside a customer's message. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from warmline.assist.checklist import Check
from warmline.assist.passages import Passage
from warmline.assist.speakers import is_customer
from warmline.assist.steps import NextStep
from warmline.conversation.events import AuthorKind, Event, MessagePosted
from warmline.knowledge.service import Hit
from warmline.language.service import normalise, spelling_likeness

REPLIES = 3
SOLVED = 3
SAME = 0.85
"""Two wordings this alike in spelling say the same."""
MOST_ASKED = 3
"""So many of the customer's last messages are read together: people press enter in mid-sentence."""


class From(StrEnum):
    """Where a ready reply is from."""

    ARTICLE = "article"
    SCRIPT = "script"
    COLLEAGUE = "colleague"


@dataclass(frozen=True, slots=True)
class Reply:
    """A ready reply. `ref`: the article's or script's id; `by`, `at`: the colleague whose words worked before.

    `wanted`: false for what agents keep dismissing.
    Placeholders of scripts (`{customer_name}` …) are filled in at the desk, by whoever may see them.
    """

    text: str
    origin: From
    ref: str
    score: float
    title: str = ""
    by: str | None = None
    at: datetime | None = None
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Solved:
    """An earlier conversation in which the same was asked and solved."""

    conversation_id: UUID
    question: str
    answer: str
    by: str
    at: datetime
    score: float


@dataclass(frozen=True, slots=True)
class Felt:
    """What the customer feels: the emotion by name, how strongly (0..1), the signs it was read from, a way to open."""

    emotion: str
    intensity: float
    signs: tuple[str, ...]
    opening: str | None


@dataclass(frozen=True, slots=True)
class Heed:
    """What is heeded in this matter. `level`: as whom the customer has to be known, empty where it matters not."""

    checklist_id: str
    checks: tuple[Check, ...]
    never: tuple[str, ...]
    level: str = ""
    identified: bool = True


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All that is suggested beside the message `seq`; `asked`: the words it was found for."""

    seq: int
    asked: str
    article: Hit | None = None
    passage: Passage | None = None
    replies: tuple[Reply, ...] = ()
    felt: Felt | None = None
    solved: tuple[Solved, ...] = ()
    step: NextStep | None = None
    heed: Heed | None = None


def find_asked(events: Sequence[Event]) -> tuple[int, str]:
    """Return the customer's words that are answered now, with the last one's seq: those since the bank last spoke.

    (0, "") where they wrote nothing. What the service itself says, such as that a colleague has come, is no answer.
    """
    said: list[str] = []
    last = 0
    for event in reversed(events):
        if not isinstance(event.payload, MessagePosted) or event.author.kind is AuthorKind.SYSTEM:
            continue
        if not is_customer(event.author):
            if said:
                break
            continue
        if event.payload.text and event.payload.text.strip():
            last = last or event.seq
            said.insert(0, event.payload.text.strip())
        if len(said) == MOST_ASKED:
            break
    return last, "\n".join(said)


def list_said_before(events: Sequence[Event], count: int = 5) -> list[str]:
    """Return what the customer wrote before their last message, newest last."""
    said = [
        one.payload.text
        for one in events
        if is_customer(one.author) and isinstance(one.payload, MessagePosted) and one.payload.text
    ]
    return said[:-1][-count:]


def choose_replies(offered: Iterable[Reply], count: int = REPLIES) -> tuple[Reply, ...]:
    """Return the best replies that say different things, from as many kinds of source as there are.

    First the best of each source that is wanted, by score; then the next best of any.
    """
    ordered = sorted(offered, key=lambda one: (not one.wanted, -one.score))
    origins = dict.fromkeys(one.origin for one in ordered if one.wanted)
    firsts = [next(one for one in ordered if one.origin is origin) for origin in origins]
    chosen: list[Reply] = []
    for one in [*firsts, *ordered]:
        if len(chosen) < count and not any(_says_same(one, known) for known in chosen):
            chosen.append(one)
    return tuple(chosen)


def _says_same(one: Reply, other: Reply) -> bool:
    return one is other or spelling_likeness(normalise(one.text), normalise(other.text)) >= SAME
