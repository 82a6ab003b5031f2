"""The assistant's decision, pure: `decide_turn(state, understanding, policy, now) -> Decision`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from warmline.dialogue.feeling import STIRRED, Acknowledgement, acknowledge
from warmline.dialogue.questions import carry, leans
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import Marker, find_markers


@dataclass(frozen=True, slots=True)
class DialogueState:
    """What the conversation so far means for this turn, read from its log."""

    locale: str
    elder: bool = False
    offered: tuple[tuple[str, str], ...] = ()
    """Readings offered in the last turn: (text, article id)."""
    offered_before: tuple[tuple[str, str], ...] = ()
    """Readings offered earlier; they stand in the conversation and can still be tapped."""
    offered_human: bool = False
    topic: str | None = None
    """What was asked last, in the customer's words, with what that leant on."""
    last_article_id: str | None = None
    misses: int = 0
    """Questions since the last answer that the assistant did not know."""
    comforted: frozenset[str] = frozenset()
    """Names of the sentences of comfort said in this conversation."""


@dataclass(frozen=True, slots=True)
class Found:
    """What may be said to one of several questions."""

    kind: ReleaseKind
    article_ids: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """What this turn's words were found to be. `only` is set when they are nothing but small talk."""

    text: str
    kinds: frozenset[Marker] = frozenset()
    only: Marker | None = None
    understood_language: bool = True
    has_attachment: bool = False
    release: ReleaseKind = ReleaseKind.NOTHING
    article_ids: tuple[str, ...] = ()
    confidence: float = 0.0
    picked: str | None = None
    """Article of an offered reading that these words pick."""
    parts: tuple[Found, ...] = ()
    """One for each question where several were asked."""
    carried: bool = False
    """It was read together with what was asked before."""
    first_aid: str | None = None
    """Article whose first step helps at once with what presses."""


FIRST_AID: Mapping[Marker, frozenset[str]] = {
    Marker.FRAUD: frozenset({"fraud"}),
    Marker.CARD_STOLEN: frozenset({"cards", "fraud"}),
    Marker.CARD_LOST: frozenset({"cards"}),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator sets. `first_aid`: the categories of articles that help at once, by what presses."""

    misses_before_human: int = 2
    first_aid: Mapping[Marker, frozenset[str]] = field(default_factory=lambda: FIRST_AID)


@dataclass(frozen=True, slots=True)
class Answer:
    """`again`: the same as last time; `senior`: an experienced colleague is offered along with it.

    `first_aid`, here and below: the article whose first step is told before anything else.
    """

    article_id: str
    confidence: float
    reason: str
    again: bool = False
    senior: bool = False
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None
    name = "answer"

    @property
    def article_ids(self) -> tuple[str, ...]:
        return (self.article_id,)


@dataclass(frozen=True, slots=True)
class Clarify:
    """A choice between readings one of which is likely the right one."""

    article_ids: tuple[str, ...]
    confidence: float
    reason: str
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None
    name = "clarify"


@dataclass(frozen=True, slots=True)
class Several:
    """An answer or a choice of readings to each of several questions, in their order."""

    moves: tuple[Answer | Clarify, ...]
    confidence: float
    reason: str
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None

    @property
    def article_ids(self) -> tuple[str, ...]:
        return tuple(article_id for move in self.moves for article_id in move.article_ids)

    @property
    def name(self) -> str:
        return "answer" if any(isinstance(move, Answer) for move in self.moves) else "clarify"


@dataclass(frozen=True, slots=True)
class Continue:
    """Small talk, or a word on what the assistant can read; `say` names the sentence."""

    say: str
    reason: str
    offer_human: bool = False
    name = "continue"


@dataclass(frozen=True, slots=True)
class OfferHuman:
    """It is not known, or no article may answer it; `article_ids` come nearest."""

    reason: str
    say: str = "not_known"
    article_ids: tuple[str, ...] = ()
    confidence: float = 0.0
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None
    name = "offer_human"


@dataclass(frozen=True, slots=True)
class HandOff:
    """A person is brought; `say` names what the assistant says before it steps back.

    The first step is told along, so that help comes at once and not with the person.
    """

    reason: str
    via: str
    say: str | None = None
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None
    name = "hand_off"

    @property
    def article_ids(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Refuse:
    reason: str
    say: str
    name = "refuse"


Decision = Answer | Clarify | Several | Continue | OfferHuman | HandOff | Refuse

TOPIC_LIMIT = 100
"""So much of a question is kept as what was asked last, in characters."""

SMALL_TALK = {
    Marker.GREETING: "greeting",
    Marker.THANKS: "thanks",
    Marker.GOODBYE: "goodbye",
    Marker.ROBOT: "robot",
    Marker.ABOUT: "about",
    Marker.EMPTY: "empty",
    Marker.EMOJI: "emoji",
    Marker.DIGITS: "digits",
    Marker.AFFIRM: "affirm",
    Marker.DENY: "deny",
}


def decide_turn(state: DialogueState, said: Understanding, policy: Policy, now: datetime) -> Decision:
    """Return the assistant's next move, with a word on the feeling first where one is owed."""
    decision = _decide_move(state, said, policy)
    if isinstance(decision, Continue | Refuse):
        return decision
    if said.first_aid not in {state.last_article_id, *decision.article_ids} and not said.picked:
        decision = replace(decision, first_aid=said.first_aid)
    return replace(decision, acknowledgement=acknowledge(said.kinds, state.comforted))


def _decide_move(state: DialogueState, said: Understanding, policy: Policy) -> Decision:
    """A wish for a person goes before everything else (I4), then distress that no answer would meet."""
    helplines = "helplines" if Marker.DANGER in said.kinds else None
    if Marker.HUMAN in said.kinds:
        return HandOff("customer_asked", "word", say=helplines)
    if helplines:
        return HandOff("distress", "policy", say=helplines)
    blocked = _decide_blocked(said)
    if _needs_a_person(said, blocked=blocked is not None):
        return HandOff("distress", "policy", say="senior")
    if said.picked:
        return Answer(said.picked, 1.0, "picked_reading", senior=_is_stirred(said))
    if said.only is Marker.AFFIRM and state.offered_human:
        return HandOff("customer_accepted_offer", "word")
    if blocked is not None:
        return blocked
    if said.only in SMALL_TALK:
        return Continue(SMALL_TALK[said.only], f"small_talk_{said.only.value}")
    return _decide_knowledge(state, said, policy)


def _is_stirred(said: Understanding) -> bool:
    return not STIRRED.isdisjoint(said.kinds)


def _needs_a_person(said: Understanding, *, blocked: bool) -> bool:
    """Distress is handed over where no article answers it, and whatever happens to someone time and again."""
    if Marker.AGAIN in said.kinds and not said.kinds.isdisjoint({Marker.DISTRESS, Marker.LOUD}):
        return True
    answered = said.picked is not None or (said.release is ReleaseKind.ANSWER and not blocked)
    return Marker.DISTRESS in said.kinds and not answered


def _decide_blocked(said: Understanding) -> Decision | None:
    """What no article may answer."""
    if Marker.TOO_LONG in said.kinds:
        return Continue("too_long", "too_long", offer_human=True)
    if Marker.INJECTION in said.kinds:
        return Refuse("instructions_in_message", "injection")
    if said.has_attachment and not said.text.strip():
        return OfferHuman("attachment_only", say="attachment")
    if said.only is Marker.ABUSE:
        return OfferHuman("abuse", say="abuse")
    if said.only is None and not said.understood_language:
        return OfferHuman("language_not_spoken", say="language")
    return None


def _decide_knowledge(state: DialogueState, said: Understanding, policy: Policy) -> Decision:
    if said.parts:
        moves = tuple(_decide_part(state, part) for part in said.parts)
        return Several(moves, said.confidence, "several_questions")
    if said.release is ReleaseKind.ANSWER:
        again = said.article_ids[0] == state.last_article_id
        return Answer(said.article_ids[0], said.confidence, "released", again=again, senior=_is_stirred(said))
    if said.release is ReleaseKind.CLARIFY:
        if not said.carried and {article_id for _, article_id in state.offered} & set(said.article_ids):
            return HandOff("readings_did_not_fit", "policy", say="give_up")
        return Clarify(said.article_ids[:3], said.confidence, "several_readings")
    misses = state.misses + 1
    if Marker.ABUSE in said.kinds and misses < policy.misses_before_human:
        return OfferHuman("abuse", say="abuse")
    if misses >= policy.misses_before_human:
        return HandOff(f"not_known_{misses}_times", "policy", say="give_up")
    return OfferHuman("not_known", article_ids=said.article_ids[:2], confidence=said.confidence)


def _decide_part(state: DialogueState, part: Found) -> Answer | Clarify:
    if part.kind is ReleaseKind.ANSWER:
        return Answer(
            part.article_ids[0], part.confidence, "released", again=part.article_ids[0] == state.last_article_id
        )
    return Clarify(part.article_ids[:3], part.confidence, "several_readings")


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
    spoken: bool = False
    """The assistant has said something since the customer's last message."""

    def take(self, record: TurnRecord) -> None:
        if record.author == "assistant" and record.text:
            self._hear_assistant(record)
        elif record.author in ("agent", "agent_for_assistant"):
            self.offered, self.offered_human, self.topic = (), False, None
            self.last_article_id, self.misses = None, 0
        elif record.author in ("customer", "helper"):
            self.spoken = False
            if record.text and find_markers(record.text).only is None:
                self.topic = carry(self.topic, record.text) if leans(record.text) else record.text[:TOPIC_LIMIT]
        if record.decision == "offer_human":
            self.misses += 1
        elif record.decision == "answer":
            self.misses = 0

    def _hear_assistant(self, record: TurnRecord) -> None:
        if not self.spoken:
            self.offered_before, self.offered = (*self.offered_before, *self.offered), ()
        self.offered, self.spoken = (*self.offered, *record.choices), True
        self.offered_human = record.offer_human
        if record.article_ids and not record.choices:
            self.last_article_id = record.article_ids[0]


def derive_state(
    records: list[TurnRecord], *, locale: str, elder: bool, comforted: frozenset[str] = frozenset()
) -> DialogueState:
    """Fold the earlier messages of a conversation into the dialogue's state; `comforted` is kept as it is."""
    fold = _Fold()
    for record in records:
        fold.take(record)
    return DialogueState(
        locale=locale,
        elder=elder,
        comforted=comforted,
        offered=fold.offered,
        offered_before=fold.offered_before,
        offered_human=fold.offered_human,
        topic=fold.topic,
        last_article_id=fold.last_article_id,
        misses=fold.misses,
    )
