"""The assistant's next move: a closed union, each with a machine-readable reason."""

from __future__ import annotations

from dataclasses import dataclass

from warmline.dialogue.feeling import Acknowledgement
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, DoCall, Line
from warmline.dialogue.flows.run import Memory


@dataclass(frozen=True, slots=True)
class Answer:
    """`again`: the same as last time; `senior`: an experienced colleague is offered along with it.

    `first_aid`, here and below: the article whose first step is told before anything else; `offers`: the flow that
    would do what is answered, in the words of `offer`; `back`: the question of the flow that this answer interrupted.
    """

    article_id: str
    confidence: float
    reason: str
    again: bool = False
    senior: bool = False
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None
    offers: str = ""
    offer: str = ""
    back: AskSlot | AskAgreement | None = None
    memory: Memory | None = None
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
    back: AskSlot | AskAgreement | None = None
    memory: Memory | None = None
    name = "clarify"


@dataclass(frozen=True, slots=True)
class Several:
    """An answer or a choice of readings to each of several questions, in their order."""

    moves: tuple[Answer | Clarify, ...]
    confidence: float
    reason: str
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None
    back: AskSlot | AskAgreement | None = None
    memory: Memory | None = None

    @property
    def article_ids(self) -> tuple[str, ...]:
        return tuple(article_id for move in self.moves for article_id in move.article_ids)

    @property
    def asks_which(self) -> bool:
        """Whether one of them asks which reading is meant."""
        return any(isinstance(move, Clarify) for move in self.moves)

    @property
    def name(self) -> str:
        return "answer" if any(isinstance(move, Answer) for move in self.moves) else "clarify"


@dataclass(frozen=True, slots=True)
class Continue:
    """The conversation goes on: small talk, named by `say`, or a flow's next question.

    `lines` are said first, then what `asks` asks; `tried` counts how often nobody could read the answer to it;
    `offers` is a flow that may be meant, asked after in the words of `offer`.
    """

    reason: str
    say: str = ""
    offer_human: bool = False
    lines: tuple[Line, ...] = ()
    asks: AskSlot | AskAgreement | None = None
    tried: int = 0
    offers: str = ""
    offer: str = ""
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None
    memory: Memory | None = None
    name = "continue"


@dataclass(frozen=True, slots=True)
class Act:
    """An action of a flow is carried out; what is decided then follows in the same turn.

    `withholds`: what follows offers nothing, as it is said to somebody who is upset.
    """

    reason: str
    call: DoCall
    memory: Memory
    lines: tuple[Line, ...] = ()
    acknowledgement: Acknowledgement | None = None
    withholds: bool = False
    name = "act"


@dataclass(frozen=True, slots=True)
class Close:
    """A flow is over, with its recap in `lines`; `asks` is what a flow that was put aside goes on with.

    `step`: the step it ended at, empty where the customer broke it off; `offers`: the flow that could follow, in the
    words of `offer`, or named by `also` where the customer has asked for it already.
    """

    reason: str
    outcome: str
    lines: tuple[Line, ...]
    memory: Memory
    offer_human: bool = False
    say: str = ""
    asks: AskSlot | AskAgreement | None = None
    acknowledgement: Acknowledgement | None = None
    step: str = ""
    offers: str = ""
    offer: str = ""
    also: str = ""
    name = "close"


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
    """A person is brought; `say` names what the assistant says before it steps back; `outcome`: a flow's own end in it.

    The first step is told along, so that help comes at once and not with the person.
    """

    reason: str
    via: str
    say: str | None = None
    first_aid: str | None = None
    acknowledgement: Acknowledgement | None = None
    lines: tuple[Line, ...] = ()
    skill: str = ""
    memory: Memory | None = None
    outcome: str = ""
    name = "hand_off"

    @property
    def article_ids(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Refuse:
    reason: str
    say: str
    name = "refuse"


Decision = Answer | Clarify | Several | Continue | Act | OfferHuman | HandOff | Refuse | Close
