"""The assistant's decision, pure: `decide_turn(state, understanding, policy, now) -> Decision`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from warmline.dialogue.decisions import (
    Act,
    Answer,
    Clarify,
    Close,
    Continue,
    Decision,
    HandOff,
    OfferHuman,
    Refuse,
    Several,
)
from warmline.dialogue.feeling import STIRRED, acknowledge
from warmline.dialogue.flows.engine import World
from warmline.dialogue.flows.hear import Heard, Listening
from warmline.dialogue.flows.opening import wants_done
from warmline.dialogue.flows.run import Filled, Memory
from warmline.dialogue.flows.turn import (
    MISSES_BEFORE_PERSON,
    Flows,
    begin,
    decide_in_flow,
    listen,
    missed,
    turned_aside,
    withhold,
)
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import Marker, read_yes_no


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
    signed_in_ref: str = ""
    """Who the bank's page says this is."""
    key: str = ""
    """Of this conversation and turn: what makes the deeds of a flow begun now one of a kind."""

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
    experienced colleague is; `skills`: the group that goes on, by the feeling for which a person is brought.
    """

    misses_before_human: int = 2
    answers_before_human: int = MISSES_BEFORE_PERSON
    unspoken: frozenset[Marker] = frozenset()
    unoffered: frozenset[Marker] = STIRRED
    senior: frozenset[Marker] = STIRRED
    skills: Mapping[Marker, str] = field(default_factory=dict)
    first_aid: Mapping[Marker, frozenset[str]] = field(default_factory=lambda: FIRST_AID)
    flows: Flows | None = None


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


def decide_turn(
    state: DialogueState, said: Understanding, policy: Policy, now: datetime, listening: Listening | None = None
) -> Decision:
    """Return the assistant's next move, with a word on the feeling first where one is owed.

    `listening`: what the flow under way listens for, where that is known already.
    """
    decision = _decide_move(state, said, policy, now, listening)
    if isinstance(decision, Refuse) or (isinstance(decision, Continue) and decision.memory is None):
        return decision
    told = {state.last_article_id, *getattr(decision, "article_ids", ())}
    aid = said.first_aid
    if aid and not isinstance(decision, Continue | Act | Close) and not said.picked and aid not in told:
        decision = replace(decision, first_aid=aid)
    if not said.kinds.isdisjoint(policy.unoffered):
        decision = withhold(decision)
    comfort = acknowledge(said.kinds - policy.unspoken, state.comforted)
    if comfort is None or isinstance(decision, Refuse):
        return decision
    return replace(decision, acknowledgement=comfort)


def _decide_move(
    state: DialogueState, said: Understanding, policy: Policy, now: datetime, listening: Listening | None
) -> Decision:
    """A wish for a person goes before everything else (I4), then distress that no answer would meet."""
    helplines = "helplines" if Marker.DANGER in said.kinds else None
    if Marker.HUMAN in said.kinds:
        return HandOff("customer_asked", "word", say=helplines)
    if helplines:
        return HandOff("distress", "policy", say=helplines, skill=_skill_for(said.kinds, policy))
    blocked = _decide_blocked(said)
    heard = bool(said.heard.values) or said.heard.yes is not None
    if _needs_a_person(said, blocked=blocked is not None, heard=heard or _can_begin(said, policy)):
        return HandOff("distress", "policy", say="senior", skill=_skill_for(said.kinds, policy))
    flow_move = _decide_flow(state, said, policy, now, blocked, listening)
    return flow_move if flow_move is not None else _decide_plain(state, said, policy, now, blocked)


def _decide_plain(
    state: DialogueState, said: Understanding, policy: Policy, now: datetime, blocked: Decision | None
) -> Decision:
    """Decide as if no flow was under way."""
    if said.picked:
        started = _begin(state, said, policy, now, (said.picked,), at_once=False)
        return started or Answer(said.picked, 1.0, "picked_reading", senior=_is_stirred(said, policy))
    if policy.flows and _accepts(state, said, policy.flows):
        return _begin_flow(state, said, policy.flows, now, state.memory.offered)
    if said.only is Marker.AFFIRM and state.offered_human:
        return HandOff("customer_accepted_offer", "word")
    if blocked is not None:
        return blocked
    if said.only in SMALL_TALK:
        return Continue(f"small_talk_{said.only.value}", SMALL_TALK[said.only])
    # What presses and what helps at once is known without asking which of two articles was meant.
    presses = (said.first_aid,) if said.first_aid and said.release is not ReleaseKind.ANSWER else ()
    asked = said.article_ids if said.release is not ReleaseKind.NOTHING else ()
    for article_ids in (presses, asked) if not said.parts else ():
        started = _begin(state, said, policy, now, article_ids, at_once=wants_done(said.text))
        if started:
            return started
    return _decide_knowledge(state, said, policy)


def _accepts(state: DialogueState, said: Understanding, flows: Flows) -> bool:
    """Tell whether the flow offered last is wanted."""
    flow = flows.find(state.memory.offered)
    return flow is not None and (said.only is Marker.AFFIRM or read_yes_no(said.text, flow.words) is True)


def _begin(
    state: DialogueState, said: Understanding, policy: Policy, now: datetime, article_ids: tuple[str, ...], *,
    at_once: bool,
) -> Decision | None:  # fmt: skip
    """Begin the flow that does what these articles tell of, or offer it.

    It begins where it asks by itself whether it should, where something is to be done, and where the words tell of
    what it would ask for: who names the sum and the day wants it done.
    """
    flows = policy.flows
    flow_id = _choose_flow(flows, article_ids) if flows else ""
    flow = flows.find(flow_id) if flows and flow_id else None
    if flows is None or flow is None:
        return None
    at_once = at_once or bool(said.told.get(flow_id))
    if state.memory.run is not None and state.memory.run.flow_id == flow_id:
        return None
    if flow.starts.at_once or at_once:
        return _begin_flow(state, said, flows, now, flow_id)
    if said.release is ReleaseKind.ANSWER or said.picked:
        memory = state.memory.model_copy(update={"offered": flow_id, "ended": None})
        offer = flow.offer.say(state.locale) if flow.offer else ""
        confidence = 1.0 if said.picked else said.confidence
        return Answer(article_ids[0], confidence, "answer_and_offer", offers=flow_id, offer=offer, memory=memory)
    return None


def _choose_flow(flows: Flows, article_ids: tuple[str, ...]) -> str:
    """Return the flow of the likeliest article, else the one that two of them lead to."""
    led_to = [flows.starters.get(one, "") for one in article_ids]
    if led_to and led_to[0]:
        return led_to[0]
    return next((one for one in led_to if one and led_to.count(one) > 1), "")


def _begin_flow(state: DialogueState, said: Understanding, flows: Flows, now: datetime, flow_id: str) -> Decision:
    """Begin with what these words tell, or what they lean on does: the question below whose answer it was offered."""
    told, words = said.told.get(flow_id, {}), said.text if said.only is None else state.topic or ""
    if state.memory.offered == flow_id:
        words = f"{state.topic or ''} {said.text}".strip()
    return begin(flows, flow_id, state.memory, told, state.world(now), state.key, words)


def _decide_flow(
    state: DialogueState, said: Understanding, policy: Policy, now: datetime, blocked: Decision | None,
    listening: Listening | None,
) -> Decision | None:  # fmt: skip
    """Decide within the flow under way; None where there is none. What is no answer to it is repaired."""
    flows, memory, world = policy.flows, state.memory, state.world(now)
    listening = listening or (listen(flows, memory, world) if flows else None)
    if flows is None or listening is None:
        return None
    asked = listening.asked
    if said.picked is None and (decision := decide_in_flow(flows, memory, said.heard, asked, world)):
        return decision
    if memory.run is None:
        return None
    aside = _decide_plain(replace(state, offered_human=False, misses=0), said, policy, now, blocked)
    match aside:
        case Answer() | Clarify() | Several():
            repeats = isinstance(aside, Answer) and aside.again
            counted = turned_aside(memory, repeats=repeats)
            if counted is None:
                return HandOff("going_in_circles", "policy", say="give_up")
            if isinstance(aside, Answer):
                return replace(aside, offers="", offer="", back=asked, memory=counted)
            asks_which = isinstance(aside, Clarify) or aside.asks_which
            return replace(aside, back=None if asks_which else asked, memory=counted)
        case Continue(memory=None) if said.only in (Marker.GREETING, Marker.THANKS, Marker.ROBOT, Marker.ABOUT):
            return replace(aside, asks=asked, memory=memory)
        case Continue(memory=None) | OfferHuman(say="not_known"):
            flow = flows.of(memory.run)
            return missed(memory, asked, flow.skill if flow else "", said.text, policy.answers_before_human)
    return aside


def _can_begin(said: Understanding, policy: Policy) -> bool:
    """Tell whether a flow does what these words are about: that helps sooner than a person who has yet to come."""
    found = said.article_ids if policy.flows and said.release is not ReleaseKind.NOTHING else ()
    flow_id = _choose_flow(policy.flows, found) if policy.flows else ""
    return bool(flow_id) and bool(said.told.get(flow_id) or wants_done(said.text))


def _is_stirred(said: Understanding, policy: Policy) -> bool:
    return not policy.senior.isdisjoint(said.kinds)


def _skill_for(kinds: frozenset[Marker], policy: Policy) -> str:
    return next((skill for kind, skill in policy.skills.items() if kind in kinds), "")


def _needs_a_person(said: Understanding, *, blocked: bool, heard: bool) -> bool:
    """Distress is handed over where no article answers it, and whatever happens to someone time and again."""
    if Marker.AGAIN in said.kinds and not said.kinds.isdisjoint({Marker.DISTRESS, Marker.LOUD}):
        return True
    answered = heard or said.picked is not None or (said.release is ReleaseKind.ANSWER and not blocked)
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
        return Answer(said.article_ids[0], said.confidence, "released", again=again, senior=_is_stirred(said, policy))
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
