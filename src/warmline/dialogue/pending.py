"""What of a conversation's log still wants a word, and what came before it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from warmline.conversation.events import (
    AuthorKind,
    ConversationAccepted,
    ConversationHandedBack,
    ConversationReopened,
    Event,
    MessagePosted,
    TurnDecided,
    UnknownEvent,
)
from warmline.conversation.model import Conversation
from warmline.dialogue.feeling import FELT
from warmline.dialogue.flows.run import Memory, come_back
from warmline.dialogue.records import TurnRecord
from warmline.language.service import Marker, find_markers

JOIN_BELOW = 120
"""Short messages in a row, together below this many characters, are read as one question; a long one by itself."""
URGENT = frozenset({Marker.HUMAN, Marker.DANGER})
"""Said in any one of several messages, these leave nothing to look up."""
WISH_WORDS = 12
"""A clause with a wish for a person and no more Chinese characters or English words than this holds nothing else."""
REMIND_EVERY = timedelta(minutes=10)
"""Who waits for a person and goes on writing is told where they stand again after this time."""
LATELY = 3
"""So many messages back something told still presses."""
WAITS = "waits_for_a_person"
"""The reason of a turn in which they were told."""

_CUSTOMERS = (AuthorKind.CUSTOMER, AuthorKind.HELPER)
_CLAUSE_END = re.compile(r"[，。！？；、,!?;\n]+|\.(?=\s|$)")
_WORD = re.compile(r"[\u3400-\u9fff]|[a-z0-9']+", re.IGNORECASE)


class UnreadableMessageError(Exception):
    """The customer said something that does not open; `seq` says where. Nobody knows what is owed: a person is."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"the message at {seq} cannot be read")


@dataclass(frozen=True, slots=True)
class Pending:
    """What one turn answers: the words, the kinds of things said, and the last message that is answered with them."""

    text: str
    kinds: frozenset[Marker]
    only: Marker | None
    has_attachment: bool
    reply_to: int
    each: tuple[str, ...] = ()
    """The messages one by one, where there are several."""
    lapsed: bool = False
    """Who wrote them did not want to wait for a person any longer: how they feel brings none again by itself."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A customer's message, without a wish for a person if that has `lapsed`."""

    seq: int
    text: str
    has_attachment: bool
    lapsed: bool

    @property
    def kinds(self) -> frozenset[Marker]:
        return _kinds(self.text, lapsed=self.lapsed)


def find_pending(state: Conversation, events: Sequence[Event]) -> Pending | None:
    """Return what the next turn answers, None if nothing is left to answer; raise `UnreadableMessageError`.

    Where anything urgent was said that is everything, else what can be read as one question; the rest stays owed.
    """
    said = [one for one in _said(events, state.unanswered_seq or 0) if one.text or one.has_attachment]
    if not said:
        return None
    urgent = any(not one.kinds.isdisjoint(URGENT) for one in said)
    taken = said if urgent else _first_question(said)
    text = _join([one.text for one in taken if one.text.strip()])
    each = frozenset[Marker]().union(*(one.kinds for one in taken))
    return Pending(
        text=text,
        kinds=_kinds(text, lapsed=any(one.lapsed for one in taken)) | (each & (URGENT | FELT)),
        only=find_markers(text).only,
        has_attachment=any(one.has_attachment for one in taken),
        reply_to=state.last_customer_seq if len(taken) == len(said) else taken[-1].seq,
        each=tuple(one.text for one in taken if one.text.strip()),
        lapsed=all(one.lapsed for one in taken),
    )


def is_unspoken(state: Conversation, events: Sequence[Event]) -> bool:
    """Tell whether nothing was said to the customer after their last message, or what they wrote lies too far back."""
    if events and events[0].seq > (state.unanswered_seq or 0):
        return True
    heard = (event.seq for event in events if isinstance(event.payload, MessagePosted))
    return max(heard, default=0) <= state.last_customer_seq


def list_meanwhile(events: Sequence[Event]) -> list[str]:
    """Return what a customer who waits for a person has written since they were last spoken to or began to wait."""
    moves = (event for event in events if isinstance(event.payload, TurnDecided) or _owner(event))
    since = max((event.seq for event in moves), default=0)
    return [one.text for one in _said(events, since + 1)]


def list_lately(events: Sequence[Event]) -> list[str]:
    """Return the last messages of the customer that open, `LATELY` at most."""
    said = (event.payload for event in events if event.author.kind in _CUSTOMERS)
    return [one.text for one in said if isinstance(one, MessagePosted) and one.text][-LATELY:]


def was_told(events: Sequence[Event], now: datetime) -> bool:
    """Tell whether a customer who waits was told where they stand a short while ago."""
    told = (one.at for one in events if isinstance(one.payload, TurnDecided) and one.payload.reason == WAITS)
    return any(now - at < REMIND_EVERY for at in told)


def was_told_of(events: Sequence[Event], article_id: str) -> bool:
    """Tell whether the customer has already been told what this article says."""
    said = (event.payload.sources or () for event in events if isinstance(event.payload, MessagePosted))
    return any(source.article_id == article_id for sources in said for source in sources)


def list_records(state: Conversation, events: Sequence[Event]) -> list[TurnRecord]:
    """Turn the log before the pending messages into what `derive_state` reads; a return starts it anew."""
    first = state.unanswered_seq
    if first is not None and first < _returned(events)[0]:
        return []
    records: list[TurnRecord] = []
    for event in events:
        if first is not None and event.seq >= first:
            break
        payload = event.payload
        if isinstance(payload, MessagePosted):
            choices = tuple((x.text, x.article_id or "") for x in payload.choices or ())
            articles = tuple(x.article_id for x in payload.sources or ())
            records.append(
                TurnRecord(event.author.kind.value, payload.text or "", choices, articles, payload.offer_human)
            )
        elif isinstance(payload, TurnDecided):
            records.append(TurnRecord("assistant", "", decision=payload.decision))
    return records


def find_memory(events: Sequence[Event]) -> Memory:
    """Return what the last turn left for the next.

    A flow does not outlive its customer's return from a person, nor the end of the conversation.
    """
    returned, _ = _returned(events)
    reopened = (event.seq for event in reversed(events) if isinstance(event.payload, ConversationReopened))
    anew = max(returned, next(reopened, 0))
    for event in reversed(events):
        payload = event.payload
        if isinstance(payload, TurnDecided) and payload.memory is not None:
            memory = Memory.model_validate(payload.memory)
            return memory if event.seq > anew else come_back(memory)
    return Memory()


def _said(events: Sequence[Event], first: int) -> Iterator[_Said]:
    """Yield the customer's messages from seq `first` on."""
    _, lapsed_at = _returned(events)
    for event in events:
        payload = event.payload
        if event.author.kind not in _CUSTOMERS or event.seq < first:
            continue
        if isinstance(payload, UnknownEvent) and payload.kind == "message.posted":
            raise UnreadableMessageError(event.seq)
        if isinstance(payload, MessagePosted):
            if payload.erased:
                raise UnreadableMessageError(event.seq)
            lapsed = event.seq <= lapsed_at
            text = _without_wish(payload.text or "") if lapsed else payload.text or ""
            yield _Said(event.seq, text, bool(payload.attachments), lapsed)


def _returned(events: Sequence[Event]) -> tuple[int, int]:
    """Return the seq of the last return to the assistant, 0 if there was none, and up to where a wish has lapsed.

    With the customer's own yes a wish for a person is withdrawn (I3); with a handback it was fulfilled when the agent
    came, and what was wished of that agent and left unanswered stands (I4).
    """
    returned, lapsed, came = 0, 0, 0
    for event in events:
        if isinstance(event.payload, ConversationAccepted):
            came = event.seq
        elif isinstance(event.payload, ConversationHandedBack):
            returned = event.seq
            lapsed = came if event.payload.reason == "agent_handback" else event.seq
    return returned, lapsed


def _first_question(said: Sequence[_Said]) -> list[_Said]:
    taken, length = [said[0]], len(said[0].text)
    for one in said[1:]:
        length += len(one.text)
        if length > JOIN_BELOW:
            break
        taken.append(one)
    return taken


def _join(texts: Sequence[str]) -> str:
    """Join short messages; of many words, which are a person's to read, take the last."""
    return "，".join(texts) if sum(map(len, texts)) <= JOIN_BELOW else texts[-1]


def _kinds(text: str, *, lapsed: bool) -> frozenset[Marker]:
    kinds = find_markers(text).kinds
    return kinds - {Marker.HUMAN} if lapsed else kinds


def _without_wish(text: str) -> str:
    """Leave out the clauses that wish for a person and say nothing else."""
    if not find_markers(text).has(Marker.HUMAN):
        return text
    return "，".join(one.strip() for one in _CLAUSE_END.split(text) if one.strip() and not _is_wish(one))


def _is_wish(clause: str) -> bool:
    return find_markers(clause).has(Marker.HUMAN) and len(_WORD.findall(clause)) <= WISH_WORDS


def _owner(event: Event) -> object:
    return getattr(event.payload, "owner", None)
