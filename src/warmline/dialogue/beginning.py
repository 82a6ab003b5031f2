"""When a flow begins, and which: by what is asked for, by an article whose matter it carries out, by an offer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from warmline.connectors.model import Effect
from warmline.dialogue.decisions import Answer, Continue, Decision, HandOff
from warmline.dialogue.flows.engine import Shown, list_shown, list_values
from warmline.dialogue.flows.hear import known_as
from warmline.dialogue.flows.opening import asks_only, wants_done
from warmline.dialogue.flows.run import Filled, Memory
from warmline.dialogue.flows.schema import Call, Flow, Slot
from warmline.dialogue.flows.starts import BEGINS, OFFERS, SURE
from warmline.dialogue.flows.turn import Flows, begin, decide_in_flow, set_out
from warmline.dialogue.flows.values import read_slot
from warmline.dialogue.replies import agrees, only_replies, says_goodbye, wants_more
from warmline.dialogue.state import DialogueState, Policy, Understanding
from warmline.knowledge.calibration import ReleaseKind
from warmline.language.service import Act, Marker, normalise, read_yes_no

_SAME = re.compile(r"同一[笔张]|一样的那[笔张]|\b(?:the )?same (?:one|payment|transfer|card)\b")


def decide_wish(state: DialogueState, said: Understanding, policy: Policy, now: datetime) -> Decision | None:
    """Begin the flow that is asked for, or ask whether it is.

    An article that answers for sure goes before a guess, and before any flow where the words only ask; a flow under
    way is left for another only where that is sure.
    """
    flows, wished, run = policy.flows, said.wished, state.memory.run
    flow = flows.find(wished.flow_id) if flows else None
    sought = run is None and wished.sure >= SURE and _seeks(said)
    if only_replies(said.reply, said.text) and Act.CORRECT not in said.heard.acts and not sought:
        return None
    if flows is None or flow is None or (run is not None and run.flow_id == wished.flow_id):
        return None
    if (reopened := _reopen(state, said, flows, now)) is not None:
        return reopened
    answered, asks = said.release is ReleaseKind.ANSWER, asks_only(said.text)
    elsewhere = answered and any(flows.starters.get(one) != wished.flow_id for one in said.article_ids)
    if elsewhere and asks:
        return _answer_and_offer(state, said, flow) if wished.sure >= BEGINS and run is None else None
    if _begins_at_once(said, flow) and not (answered or run):
        return begin_flow(state, said, flows, now, wished.flow_id)
    unsure = elsewhere or run is not None or (asks and not _tells_enough(said, wished.flow_id))
    if wished.sure >= (SURE if unsure else BEGINS):
        return begin_flow(state, said, flows, now, wished.flow_id)
    least = BEGINS if asks else OFFERS
    if wished.sure < least or answered or run is not None or flow.offer is None:
        return None
    memory = state.memory.model_copy(update={"offered": wished.flow_id, "ended": None})
    offer = flow.offer.say(state.locale)
    return Continue("asks_whether", offers=wished.flow_id, offer=offer, offer_human=True, memory=memory)


def _seeks(said: Understanding) -> bool:
    """Tell whether words that sound like a reply ask for something: 那给我约星期四, or 那还是激活吧 after a no."""
    return (wants_done(said.text) or agrees(said.reply, said.text)) and not says_goodbye(said.reply)


def _reopen(state: DialogueState, said: Understanding, flows: Flows, now: datetime) -> Decision | None:
    """Go through a flow that has just ended and did nothing again, with another value: 那分24期的话每月多少."""
    ended, told = state.memory.ended, said.told.get(said.wished.flow_id)
    if ended is None or not told or ended.deeds or ended.flow_id != said.wished.flow_id:
        return None
    heard = replace(said.heard, values=told, corrects=True)
    return decide_in_flow(flows, state.memory, heard, None, state.world(now))


def _answer_and_offer(state: DialogueState, said: Understanding, flow: Flow) -> Answer | None:
    """Answer what was asked, and offer the flow that may be meant by it."""
    if flow.offer is None or len(said.article_ids) != 1 or said.article_ids[0] == state.last_article_id:
        return None
    memory = state.memory.model_copy(update={"offered": flow.flow, "ended": None})
    offer = flow.offer.say(state.locale)
    return Answer(
        said.article_ids[0], said.confidence, "answer_and_offer", offers=flow.flow, offer=offer, memory=memory
    )


def begin_again(state: DialogueState, said: Understanding, flows: Flows, now: datetime) -> Decision | None:
    """Begin the flow that has just ended anew, for another card or payment: 信用卡那张也要.

    What was said of the first holds for it as well, but for what was chosen from a list.
    """
    ended = state.memory.ended
    flow = flows.find(ended.flow_id) if ended is not None else None
    if ended is None or flow is None or state.memory.also or not wants_more(said.reply):
        return None
    if wants_another(state, said, ended.flow_id, SURE):
        return None
    kept = {
        name: one for name, one in ended.slots.items()
        if name in flow.slots and not flow.slots[name].items and flow.slots[name].type in ("option", "yes_no")
    }  # fmt: skip
    same = _SAME.search(normalise(said.text))
    told = {**(ended.slots if same else kept), **({} if same else _other_choice(flow, state, now))}
    told |= said.told.get(ended.flow_id, {})
    return begin(flows, ended.flow_id, state.memory, told, state.world(now), state.key, said.text)


def _other_choice(flow: Flow, state: DialogueState, now: datetime) -> dict[str, Filled]:
    """Return the other one of two that fitted what was said, where the first has been seen to: 还有第二笔呢."""
    ended = state.memory.ended
    if ended is None:
        return {}
    for name, slot, shown in _choices(flow, state, now):
        for words in ended.words:
            fits = read_slot(words, slot, shown, now)
            left = [one for one in fits if one.value != ended.slots[name].value]
            if len(fits) - 1 == len(left) == 1:
                return {name: Filled(value=left[0].value, item=left[0].item)}
    return {}


def _choices(flow: Flow, state: DialogueState, now: datetime) -> Iterator[tuple[str, Slot, tuple[Shown, ...]]]:
    """Yield the slots of the flow that has just ended whose values were chosen from a list, with what there was."""
    ended, world = state.memory.ended, state.world(now)
    if ended is not None:
        values = list_values(state.memory, ended, world)
        for name, slot in flow.slots.items():
            if slot.items and name in ended.slots:
                yield name, slot, list_shown(slot, values, state.locale)


def chooses_anew(state: DialogueState, said: Understanding, flows: Flows, now: datetime) -> Decision | None:
    """Begin the flow that has just ended anew where words name another of what it was about: 那1288那笔帮我报."""
    ended = state.memory.ended
    flow = flows.find(ended.flow_id) if ended is not None else None
    if ended is None or flow is None or (not ended.deeds and not ended.refused):
        return None
    for name, slot, shown in _choices(flow, state, now):
        fits = read_slot(said.text, slot, shown, now)
        if fits and len(fits) < len(shown) and not known_as(fits, ended.slots[name]):
            told = {key: one for key, one in said.told.get(flow.flow, {}).items() if key != name}
            return begin(flows, flow.flow, state.memory, told, state.world(now), state.key, said.text)
    return None


def wants_another(state: DialogueState, said: Understanding, ended: str, least: float = BEGINS) -> bool:
    """Tell whether words ask for another flow than the one that has ended; one asked for before, likely."""
    if said.wished.flow_id == ended:
        return False
    also = state.memory.also
    return said.wished.sure >= (OFFERS if also and also[0] == said.wished.flow_id else least)


def turns_to(state: DialogueState, said: Understanding) -> bool:
    """Tell whether words in the middle of a flow ask for another one, and say nothing to this."""
    heard, run = said.heard, state.memory.run
    if only_replies(said.reply, said.text) and Act.CORRECT not in heard.acts:
        return False
    silent = not heard.values and heard.yes is None and not heard.several and heard.acts <= {Act.WAIT, Act.CORRECT}
    return run is not None and silent and said.wished.sure >= SURE and said.wished.flow_id != run.flow_id


def accepts(state: DialogueState, said: Understanding, flows: Flows) -> bool:
    """Tell whether the flow offered last is wanted."""
    flow = flows.find(state.memory.offered)
    return flow is not None and (
        said.only is Marker.AFFIRM
        or read_yes_no(said.text, flow.words) is True
        or agrees(said.reply, said.text)
        or _comes_back(state, said)
    )


def _comes_back(state: DialogueState, said: Understanding) -> bool:
    """Tell whether words come back to the other matter that was asked for and is offered: 仲有约人民路嗰件事呢."""
    also, wished = state.memory.also, said.wished
    return also is not None and (wants_more(said.reply) or (wished.flow_id == also[0] and wished.sure >= OFFERS))


def begin_by_article(
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
    at_once = at_once or _tells_enough(said, flow_id)
    if state.memory.run is not None and state.memory.run.flow_id == flow_id:
        return None
    other = asks_only(said.text) and said.release is ReleaseKind.CLARIFY and not said.first_aid
    if (flow.starts.at_once and not other) or at_once:
        return begin_flow(state, said, flows, now, flow_id)
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


def flow_meant(said: Understanding, flows: Flows | None) -> str:
    """Return the flow that these words are about, whether or not it begins; empty where there is none."""
    if said.wished.sure >= BEGINS:
        return said.wished.flow_id
    return _choose_flow(flows, said.article_ids) if flows else ""


def half_filled(state: DialogueState, said: Understanding, policy: Policy) -> Memory | None:
    """Return what a person finds filled in of the flow that these words would have begun."""
    flow_id = flow_meant(said, policy.flows) if state.memory.run is None else ""
    told = said.told.get(flow_id)
    if not policy.flows or not told:
        return None
    return set_out(policy.flows, flow_id, state.memory, told, state.key, said.text)


def begin_flow(state: DialogueState, said: Understanding, flows: Flows, now: datetime, flow_id: str) -> Decision:
    """Begin with what these words tell, or what they lean on does: the question below whose answer it was offered.

    What else they ask for is kept for later; what was kept begins with the words that asked for it.
    """
    also = state.memory.also
    if also and also[0] == flow_id:
        told, words = said.told.get(flow_id, {}), also[1]
        memory = state.memory.model_copy(update={"also": None})
        return begin(flows, flow_id, memory, told, state.world(now), state.key, words)
    two = {one.flow_id: one.words or said.text for one in (said.also, said.wished)} if said.also.flow_id else {}
    if other := next((one for one in two if one != flow_id), ""):
        state = replace(state, memory=state.memory.model_copy(update={"also": (other, two[other])}))
    told, words = said.told.get(flow_id, {}), two.get(flow_id, said.text) if said.only is None else state.topic or ""
    if state.memory.offered == flow_id or state.offered or state.misses:
        words = f"{state.topic or ''} {said.text}".strip()
    return begin(flows, flow_id, state.memory, told, state.world(now), state.key, words)


def can_begin(said: Understanding, policy: Policy) -> bool:
    """Tell whether a flow does what these words are about: that helps sooner than a person who has yet to come."""
    flow = policy.flows.find(said.wished.flow_id) if policy.flows else None
    if said.wished.sure >= BEGINS or _presses(said, policy.flows) or (flow and _begins_at_once(said, flow)):
        return True
    found = said.article_ids if policy.flows and said.release is not ReleaseKind.NOTHING else ()
    flow_id = _choose_flow(policy.flows, found) if policy.flows else ""
    return bool(flow_id) and (_tells_enough(said, flow_id) or wants_done(said.text))


def _begins_at_once(said: Understanding, flow: Flow) -> bool:
    """Tell whether the flow that is likely asked for asks by itself whether it should."""
    return flow.starts.at_once and said.wished.sure >= OFFERS and (bool(said.first_aid) or not asks_only(said.text))


def _presses(said: Understanding, flows: Flows | None) -> bool:
    """Tell whether a flow begins by itself for what cannot wait, such as a card that is lost."""
    flow = flows.find(flows.starters.get(said.first_aid, "")) if flows and said.first_aid else None
    return flow is not None and flow.starts.at_once


def _tells_enough(said: Understanding, flow_id: str) -> bool:
    """Tell whether words tell so much of what would be asked that they want it done: one thing, of a question two."""
    return len(said.told.get(flow_id) or ()) >= (2 if asks_only(said.text) else 1)


def tells_what_to_do(decision: HandOff, flows: Flows | None) -> bool:
    """Tell whether the flow that hands over is the help against what presses, and says itself what to do meanwhile."""
    run = decision.memory.run or decision.memory.ended if decision.memory else None
    flow = flows.find(run.flow_id) if flows and run else None
    if flows is None or flow is None or not (decision.lines and flow.starts.at_once):
        return False
    return any(isinstance(step, Call) and flows.effects.get(step.call) is Effect.PROTECT for step in flow.steps)
