"""The assistant's decision, pure: `decide_turn(state, understanding, policy, now) -> Decision`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from warmline.dialogue.beginning import (
    accepts,
    begin_again,
    begin_by_article,
    begin_flow,
    can_begin,
    chooses_anew,
    decide_wish,
    half_filled,
    turns_to,
    wants_another,
)
from warmline.dialogue.bringing import bring_for, skill_for
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
from warmline.dialogue.feeling import Sign, acknowledge
from warmline.dialogue.flows.hear import Listening
from warmline.dialogue.flows.opening import wants_done
from warmline.dialogue.flows.starts import BEGINS, SURE
from warmline.dialogue.flows.turn import (
    decide_in_flow,
    listen,
    missed,
    turned_aside,
    withhold,
)
from warmline.dialogue.look_back import look_back
from warmline.dialogue.questions import PRESSING
from warmline.dialogue.replies import (
    closes,
    gives_thanks,
    is_unread_answer,
    only_remarks,
    refuses,
    says_goodbye,
    takes_person,
)
from warmline.dialogue.state import FIRST_AID, DialogueState, Found, Policy, Understanding
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import Act as Said
from warmline.language.service import Marker, asks

__all__ = ["FIRST_AID", "DialogueState", "Found", "Policy", "Understanding", "decide_turn"]

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
    if isinstance(decision, HandOff) and decision.memory is None:
        decision = replace(decision, memory=half_filled(state, said, policy))
    if isinstance(decision, Refuse) or (isinstance(decision, Continue) and decision.memory is None):
        return decision
    told = {state.last_article_id, *getattr(decision, "article_ids", ())}
    aid = said.first_aid
    if aid and not isinstance(decision, Continue | Act | Close) and not said.picked and aid not in told:
        decision = replace(decision, first_aid=aid)
    if not said.felt.isdisjoint(policy.unoffered):
        decision = withhold(decision)
    comfort = acknowledge(said.felt - policy.unspoken, state.comforted)
    if comfort is not None and not isinstance(decision, Refuse):
        decision = replace(decision, acknowledgement=comfort)
    return look_back(decision, state, said, policy)


def _decide_move(
    state: DialogueState, said: Understanding, policy: Policy, now: datetime, listening: Listening | None
) -> Decision:
    """A wish for a person goes before everything else (I4), then distress that no answer would meet."""
    helplines = "helplines" if Marker.DANGER in said.kinds else None
    if Marker.HUMAN in said.kinds:
        return HandOff("customer_asked", "word", say=helplines)
    if helplines:
        return HandOff("distress", "policy", say=helplines, skill=skill_for(said.felt, policy.skills))
    blocked = _decide_blocked(said)
    answered = _is_answered(said, policy, blocked=blocked is not None)
    felt = said.felt - {Sign.HESITATES} if _knows_the_way(said) else said.felt
    brought = bring_for(felt, policy.persons, policy.skills, answered=answered)
    if brought is not None:
        return brought
    flow_move = _decide_flow(state, said, policy, now, blocked, listening)
    return flow_move if flow_move is not None else _decide_plain(state, said, policy, now, blocked)


def _decide_plain(
    state: DialogueState, said: Understanding, policy: Policy, now: datetime, blocked: Decision | None
) -> Decision:
    """Decide as if no flow was under way."""
    if said.picked:
        started = begin_by_article(state, said, policy, now, (said.picked,), at_once=False)
        return started or Answer(said.picked, 1.0, "picked_reading", senior=_is_stirred(said, policy))
    if policy.flows and accepts(state, said, policy.flows):
        return begin_flow(state, said, policy.flows, now, state.memory.offered)
    if state.offered_human and (said.only is Marker.AFFIRM or takes_person(said.reply, said.text)):
        return HandOff("customer_accepted_offer", "word")
    if blocked is not None:
        return blocked
    if _is_offered(state) and (said.only is Marker.DENY or refuses(said.reply, said.text)):
        return Continue("declines", "deny", memory=state.memory.model_copy(update={"offered": "", "also": None}))
    if _closes(state, said):
        return Continue("closes", "thanks" if gives_thanks(said.text) else "closing", memory=state.memory)
    if said.only in SMALL_TALK:
        return Continue(f"small_talk_{said.only.value}", SMALL_TALK[said.only])
    # What presses and what helps at once is known without asking which of two articles was meant.
    answered = said.release is ReleaseKind.ANSWER and asks(said.text) and not _is_wished(said, policy)
    presses = (said.first_aid,) if said.first_aid and not answered else ()
    asked = said.article_ids if said.release is not ReleaseKind.NOTHING else ()
    started = None
    if not said.parts and not _wants_other(said, policy, presses):
        started = begin_by_article(state, said, policy, now, presses, at_once=wants_done(said.text))
    if started is None and not _only_asks(said):
        started = decide_wish(state, said, policy, now)
    if started is None and not said.parts and state.memory.run is None:
        started = begin_by_article(state, said, policy, now, asked, at_once=wants_done(said.text))
    if started is not None:
        return started
    return _decide_knowledge(state, said, policy)


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
    if turns_to(state, said):
        wrong = Said.CORRECT in said.heard.acts
        left = replace(state, memory=memory.model_copy(update={"run": None})) if wrong else state
        if (turned := decide_wish(left, said, policy, now)) is not None:
            return turned
    heard = said.heard
    if Said.WAIT in heard.acts and said.release is not ReleaseKind.NOTHING and asks(said.text):
        heard = replace(heard, acts=heard.acts - {Said.WAIT})
    if memory.run is None and (again := begin_again(state, said, flows, now)) is not None:
        return again
    if memory.run is None and memory.ended is not None and wants_another(state, said, memory.ended.flow_id):
        return None
    anew = memory.run is None and heard.corrects and Said.CORRECT not in heard.acts
    if anew and (other := chooses_anew(state, said, flows, now)) is not None:
        return other
    if said.picked is None and (decision := decide_in_flow(flows, memory, heard, asked, world)):
        return decision
    if memory.run is None:
        return None
    if asked is not None and said.only is None and said.picked is None and blocked is None and _unread(said):
        flow = flows.of(memory.run)
        return missed(memory, asked, flow.skill if flow else "", said.text, policy.answers_before_human)
    if said.only is None and gives_thanks(said.text) and closes(said.reply, said.text):
        return Continue("small_talk_thanks", "thanks", asks=asked, memory=memory)
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


def _only_asks(said: Understanding) -> bool:
    """Tell whether a message asks several questions, each of which is answered, and nothing to be done."""
    return bool(said.parts) and all(one.kind is ReleaseKind.ANSWER for one in said.parts) and not wants_done(said.text)


def _is_wished(said: Understanding, policy: Policy) -> bool:
    """Tell whether words ask for what the first step against what presses leads to."""
    leads = policy.flows.starters.get(said.first_aid or "", "") if policy.flows else ""
    return bool(leads) and said.wished.flow_id == leads and said.wished.sure >= BEGINS


def _wants_other(said: Understanding, policy: Policy, presses: tuple[str, ...]) -> bool:
    """Tell whether words surely ask for something else than what presses leads to: a card that is found again."""
    leads = policy.flows.starters.get(presses[0], "") if policy.flows and presses else ""
    return bool(leads) and said.wished.sure >= SURE and said.wished.flow_id != leads


def _knows_the_way(said: Understanding) -> bool:
    """Tell whether words answer, ask for a moment, or say what is to be done: nobody hesitates who does."""
    return (
        bool(said.heard.values)
        or Said.WAIT in said.heard.acts
        or said.heard.yes is not None
        or said.wished.sure >= BEGINS
    )


def _unread(said: Understanding) -> bool:
    return not said.parts and is_unread_answer(said.reply, said.text)


def _is_offered(state: DialogueState) -> bool:
    """Tell whether there is anything to decline: a person, a flow, readings."""
    return state.offered_human or bool(state.memory.offered or state.offered)


def _closes(state: DialogueState, said: Understanding) -> bool:
    """Tell whether there is nothing more to say to these words than a word of goodbye."""
    if state.memory.run is not None or not said.kinds.isdisjoint(PRESSING):
        return False
    if said.wished.sure >= BEGINS and wants_done(said.text) and not says_goodbye(said.reply):
        return False
    over = said.only in (Marker.AFFIRM, Marker.DENY) or not said.heard.acts.isdisjoint({Said.CANCEL, Said.DONE})
    done = state.memory.ended is not None and over
    refused = said.only is Marker.DENY and bool(state.earlier) and not _is_offered(state)
    closed = closes(said.reply, said.text, done=state.memory.ended is not None)
    return done or refused or (said.only is None and closed)


def _remarks(state: DialogueState, said: Understanding) -> bool:
    """Tell whether words that no article is about are a remark on what has just been done: 看到了，十号就发了."""
    return state.memory.ended is not None and state.memory.run is None and only_remarks(said.reply, said.text)


def _is_stirred(said: Understanding, policy: Policy) -> bool:
    return not policy.senior.isdisjoint(said.felt)


def _is_answered(said: Understanding, policy: Policy, *, blocked: bool) -> bool:
    """Tell whether something helps at once: the flow under way or one that begins, a picked reading, an article."""
    heard = bool(said.heard.values) or said.heard.yes is not None or said.picked is not None
    return heard or can_begin(said, policy) or (said.release is ReleaseKind.ANSWER and not blocked)


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
        if again and said.repeats:
            return HandOff("asked_twice", "policy", say="asked_twice")
        return Answer(said.article_ids[0], said.confidence, "released", again=again, senior=_is_stirred(said, policy))
    if said.release is ReleaseKind.CLARIFY and not _remarks(state, said):
        if not said.carried and {article_id for _, article_id in state.offered} & set(said.article_ids):
            return HandOff("readings_did_not_fit", "policy", say="give_up")
        return Clarify(said.article_ids[:3], said.confidence, "several_readings")
    misses = state.misses + 1
    if Marker.ABUSE in said.kinds and misses < policy.misses_before_human:
        return OfferHuman("abuse", say="abuse")
    if misses >= policy.misses_before_human:
        return HandOff(f"not_known_{misses}_times", "policy", say="give_up")
    if _remarks(state, said):
        return OfferHuman("remark", say="remark")
    if said.at_stake:
        return HandOff("unsure_on_money_or_law", "policy", say="unsure_taken")
    return OfferHuman("not_known", article_ids=said.article_ids[:2], confidence=said.confidence)


def _decide_part(state: DialogueState, part: Found) -> Answer | Clarify:
    if part.kind is ReleaseKind.ANSWER:
        return Answer(
            part.article_ids[0], part.confidence, "released", again=part.article_ids[0] == state.last_article_id
        )
    return Clarify(part.article_ids[:3], part.confidence, "several_readings")
