"""What colleagues answered before where it helped: pairs of the customer's words and a person's reply. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from warmline.assist.wrapup import tells_deed
from warmline.conversation.events import AuthorKind
from warmline.dialogue.drafting import keep_telling
from warmline.kit.masking import STARS, mask_pii
from warmline.language.lm.facts import find_facts
from warmline.language.ports import Vectors
from warmline.language.service import char_ngrams, find_markers, normalise

PAST_NEAR = 0.3
"""Likeness of two questions from which one's reply is offered for the other, on directions; by hand on the demo."""
OWN = 0.1
"""So much nearer an agent's own wording counts."""
WORDING = 0.3
"""Weight of shared letters beside meaning, by hand: they tell 补办 from 补缴, which lie close in meaning."""
LOOKED_AT, READ = 60, 12
"""So many are compared by direction, and of so many the words are read."""
LEAST_LETTERS = 5
LONGEST = 300
_CALLED = re.compile(
    r"[\u4e00-\u9fff](?:女士|先生|小姐|太太|阿姨|叔叔|大爷|大爺|大妈|大媽|奶奶|爷爷|爺爺)"
    r"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z]"
)
_SPOKEN_OF = re.compile(rf"(?:{_CALLED.pattern})(?![\w]*[，,、：:！!])")
_SENTENCE = re.compile(r"(?<=[。！？!?\n])|(?<=[.;；]\s)")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a log without its words; `about` and `value`: of a thumb."""

    seq: int
    type: str
    author: str
    author_id: UUID | None
    author_name: str
    at: datetime
    about: int | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Where a customer asked and a colleague answered: the places of their words, never the words."""

    conversation_id: UUID
    customer_id: UUID
    asked: tuple[int, ...]
    said: tuple[int, ...]
    by: str
    by_id: UUID | None
    at: datetime

    @property
    def ref(self) -> str:
        """Its name for as long as the log lasts."""
        return f"{self.conversation_id}:{self.said[0]}"


@dataclass(frozen=True, slots=True)
class Told:
    """A pair with its words as they may be shown; `near`: how near its question is to the one asked now."""

    answered: Answered
    question: str
    reply: str
    near: float


def pair_up(conversation_id: UUID, customer_id: UUID, log: Sequence[Entry]) -> list[Answered]:
    """Return each run of a colleague's messages with the customer's last run before it; thumbs down leave one out."""
    asked: list[int] = []
    found: list[Answered] = []
    said: list[Entry] = []
    open_run = False
    for one in (entry for entry in log if entry.type == "message.posted"):
        if one.author in (AuthorKind.CUSTOMER, AuthorKind.HELPER):
            if not open_run:
                found += _pair(conversation_id, customer_id, asked, said)
                asked, said, open_run = [], [], True
            asked.append(one.seq)
        elif one.author != AuthorKind.SYSTEM:
            open_run = False
            if one.author == AuthorKind.AGENT:
                said.append(one)
    found += _pair(conversation_id, customer_id, asked, said)
    disliked = _disliked(log)
    return [one for one in found if not disliked & set(one.said)]


def _pair(conversation_id: UUID, customer_id: UUID, asked: list[int], said: list[Entry]) -> list[Answered]:
    if not asked or not said:
        return []
    first = said[0]
    own = tuple(one.seq for one in said if one.author_id == first.author_id)
    return [Answered(conversation_id, customer_id, tuple(asked), own, first.author_name, first.author_id, first.at)]


def _disliked(log: Sequence[Entry]) -> set[int]:
    thumbs = {one.about: one.value for one in log if one.type == "feedback.given" and one.about is not None}
    return {seq for seq, value in thumbs.items() if value == "down"}


def tell_question(texts: Iterable[str]) -> str:
    """Return what was asked, masked; nothing where it was only thanks, a yes or a greeting."""
    text = "\n".join(mask_pii(one).strip() for one in texts)
    letters = len(re.findall(r"\w", text))
    return "" if letters < 2 or find_markers(text).only is not None else text


def tell_reply(texts: Iterable[str], name: str = "") -> str:
    """Return of a colleague's words what can be said to somebody else; nothing where too little is left.

    Greetings and questions back go, and every sentence that names the customer or a number of theirs, or that reports
    what was done for them.
    """
    kept = [_for_anybody(keep_telling(_without_named(mask_pii(one))), name) for one in texts]
    told = "\n".join(one for one in kept if one)
    return told if len(re.findall(r"\w", told)) >= LEAST_LETTERS and len(told) <= LONGEST else ""


def _without_named(text: str) -> str:
    """Leave out the sentences about somebody by name; whom it is said to, at their beginning, is trimmed later."""
    return "".join(one for one in _SENTENCE.split(text) if not _SPOKEN_OF.search(one))


def _for_anybody(text: str, name: str) -> str:
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    kept = [one for one in sentences if not (_names_somebody(one, name) or tells_deed(one))]
    return "".join(one if one[-1] > "\u2000" else one.rstrip() + " " for one in kept).strip()


def _names_somebody(sentence: str, name: str) -> bool:
    return STARS in sentence or bool(_CALLED.search(sentence)) or bool(name and name in sentence)


def likeness(asked: str, near: Sequence[float] | Vectors, questions: Sequence[str]) -> list[float]:
    """Return how like the question asked each of these is, 0..1, of `near` in meaning and of its letters."""
    own = set(char_ngrams(normalise(asked)))
    return [
        (1 - WORDING) * float(meant) + WORDING * _share(own, set(char_ngrams(normalise(one))))
        for meant, one in zip(near, questions, strict=True)
    ]


def closest(vector: Vectors, known: Vectors, directions: Callable[[Vectors], Vectors]) -> list[tuple[int, float]]:
    """Return the rows of `known` [n, d] that mean most nearly what a vector [d] means, with how nearly, nearest first.

    The `LOOKED_AT` nearest are compared by where they lead, whatever their wording (`directions`).
    """
    rows = nearest(vector, known, LOOKED_AT)
    if not rows:
        return []
    led = directions(np.stack([vector, *known[rows]]))
    meant = led[1:] @ led[0]
    order = (int(one) for one in np.argsort(-meant, kind="stable"))
    return [(rows[one], float(meant[one])) for one in order if meant[one] >= PAST_NEAR / 2]


def nearest(vector: Vectors, known: Vectors, count: int) -> list[int]:
    """Return the rows of `known` [n, d] nearest to a vector [d], the nearest first."""
    scores = known @ vector
    rows = np.argpartition(-scores, count - 1)[:count] if len(scores) > count else np.arange(len(scores))
    return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")]]


def _share(own: set[str], other: set[str]) -> float:
    """Dice's coefficient: what two texts have in common, however long either is."""
    return 2 * len(own & other) / (len(own) + len(other)) if own and other else 0.0


def keep_to(articles: Sequence[str], before: Sequence[Told]) -> list[Told]:
    """Return the earlier replies that name no figure against today's `articles`: another sum, another number of days.

    What a colleague told last year may have cost another sum then. Where the articles count nothing in that unit, they
    say nothing against it.
    """
    now: dict[str, set[str]] = {}
    for fact in (fact for text in articles for fact in find_facts(text)):
        now.setdefault(fact.unit, set()).add(fact.value)
    return [
        one for one in before if all(fact.value in now.get(fact.unit, {fact.value}) for fact in find_facts(one.reply))
    ]
