"""The conversation so far as the next decision needs it: its messages folded into the dialogue's state."""

from __future__ import annotations

from dataclasses import dataclass, field

from warmline.dialogue.model import DialogueState
from warmline.dialogue.questions import carry, leans
from warmline.language.service import find_markers

TOPIC_LIMIT = 100
"""So much of a question is kept as what was asked last, in characters."""
EARLIER = 5
"""So many of the customer's messages are looked back at."""
HELPED = frozenset({"answer", "several", "close"})
"""Decisions after which the questions that were not known count anew: an answer, some, or a flow that has ended."""


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One earlier message, as much of it as the next decision needs."""

    author: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    article_ids: tuple[str, ...] = ()
    offer_human: bool = False
    decision: str | None = field(default=None)


@dataclass(slots=True)
class _Fold:
    """What the messages so far leave for the next turn."""

    offered: tuple[tuple[str, str], ...] = ()
    offered_before: tuple[tuple[str, str], ...] = ()
    offered_human: bool = False
    topic: str | None = None
    last_article_id: str | None = None
    misses: int = 0
    earlier: tuple[str, ...] = ()
    spoken: bool = False
    """The assistant has said something since the customer's last message."""

    def take(self, record: TurnRecord) -> None:
        if record.author == "assistant" and record.text:
            self._hear_assistant(record)
        elif record.author in ("agent", "agent_for_assistant"):
            self.offered, self.offered_human, self.topic = (), False, None
            self.last_article_id, self.misses, self.earlier = None, 0, ()
        elif record.author in ("customer", "helper"):
            self.spoken = False
            self.earlier = (*self.earlier, record.text)[-EARLIER:] if record.text else self.earlier
            if record.text and find_markers(record.text).only is None:
                self.topic = carry(self.topic, record.text) if leans(record.text) else record.text[:TOPIC_LIMIT]
        if record.decision == "offer_human":
            self.misses += 1
        elif record.decision in HELPED:
            self.misses = 0
        if record.decision == "close":
            self.offered_human = False

    def _hear_assistant(self, record: TurnRecord) -> None:
        if not self.spoken:
            self.offered_before, self.offered = (*self.offered_before, *self.offered), ()
        self.offered, self.spoken = (*self.offered, *record.choices), True
        self.offered_human = record.offer_human
        if record.article_ids and not record.choices:
            self.last_article_id = record.article_ids[0]


def derive_state(
    records: list[TurnRecord], *, locale: str, elder: bool, comforted: frozenset[str] = frozenset(),
    feeling_refused: bool = False,
) -> DialogueState:  # fmt: skip
    """Fold the earlier messages of a conversation into the dialogue's state; `comforted` is kept as it is."""
    fold = _Fold()
    for record in records:
        fold.take(record)
    return DialogueState(
        locale=locale,
        elder=elder,
        comforted=comforted,
        feeling_refused=feeling_refused,
        offered=fold.offered,
        offered_before=fold.offered_before,
        offered_human=fold.offered_human,
        topic=fold.topic,
        last_article_id=fold.last_article_id,
        misses=fold.misses,
        earlier=fold.earlier,
    )
