"""What one decision is made from: the conversation so far, what was found in the words, what the operator sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from warmline.dialogue.bringing import PERSONS, Bring
from warmline.dialogue.earlier import Contacts
from warmline.dialogue.feeling import CAME_BACK_UPSET, NAMES, STIRRED
from warmline.dialogue.flows.engine import World
from warmline.dialogue.flows.hear import Heard
from warmline.dialogue.flows.run import Filled, Memory
from warmline.dialogue.flows.starts import Wished
from warmline.dialogue.flows.turn import MISSES_BEFORE_PERSON, Flows
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import Feeling, Marker, Shares


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
    memory: Memory = field(default_factory=Memory)
    feeling_refused: bool = False
    earlier: tuple[str, ...] = ()
    """The customer's last messages before this turn's, newest last."""
    signed_in_ref: str = ""
    """Who the bank's page says this is."""
    key: str = ""
    """Of this conversation and turn: what makes the deeds of a flow begun now one of a kind."""
    contacts: Contacts = field(default_factory=dict)
    """What the same customer came for lately, as far as it was shown who they are."""

    def world(self, now: datetime) -> World:
        """Return what a flow may know of the customer."""
        return World(self.locale, now, self.elder, self.signed_in_ref)


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
    heard: Heard = field(default_factory=Heard)
    """What the words say to the flow under way."""
    told: Mapping[str, Mapping[str, Filled]] = field(default_factory=dict)
    """Slots these words tell already, by the flow they could begin."""
    wished: Wished = field(default_factory=Wished)
    """The flow these words ask for."""
    also: Wished = field(default_factory=Wished)
    """Another one that a part of them asks for."""
    feeling: Feeling | None = None
    """None where it was not read, which the customer may have refused."""
    sensed: frozenset[str] = frozenset()
    """What is felt, by the names that a policy has rules for."""
    reply: Shares = field(default_factory=dict)
    """What the words do as a reply, learnt; empty where they are none."""
    repeats: bool = False
    """The customer has said nearly the same before."""
    at_stake: bool = False
    """It is about a sum or a matter of law."""

    @property
    def felt(self) -> frozenset[str]:
        """All that a policy may have a rule for."""
        return (self.kinds & NAMES) | self.sensed


FIRST_AID: Mapping[Marker, frozenset[str]] = {
    Marker.FRAUD: frozenset({"fraud"}),
    Marker.CARD_STOLEN: frozenset({"cards", "fraud"}),
    Marker.CARD_LOST: frozenset({"cards"}),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator sets (`dialogue.policy` reads it from a file).

    `misses_before_human`: questions in a row that were not known; `answers_before_human`: answers to one question of a
    flow that nobody could read; `first_aid`: the categories of articles that help at once, by what presses; `unspoken`:
    feelings that are not spoken to; `unoffered`: those to which no flow is offered; `senior`: those to which an
    experienced colleague is; `persons`: for which a person is brought, and when; `skills`: the group that goes on then;
    `contacts_before_person`: the contact on one matter in `contact_days` days that brings a person at once to who shows
    one of `contacts_felt`; `elders_first`: elders are offered a person before anything else, while somebody is there.
    """

    misses_before_human: int = 2
    answers_before_human: int = MISSES_BEFORE_PERSON
    unspoken: frozenset[str] = frozenset()
    unoffered: frozenset[str] = STIRRED
    senior: frozenset[str] = STIRRED
    persons: Mapping[str, Bring] = field(default_factory=lambda: PERSONS)
    skills: Mapping[str, str] = field(default_factory=dict)
    first_aid: Mapping[Marker, frozenset[str]] = field(default_factory=lambda: FIRST_AID)
    contact_days: int = 7
    contacts_before_person: int = 3
    contacts_felt: frozenset[str] = CAME_BACK_UPSET
    elders_first: bool = True
    flows: Flows | None = None
