"""The deeds of a turn: actions are called one after another until the flow has something to say or to ask."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace

from warmline.connectors.model import Effect
from warmline.connectors.ports import Actions
from warmline.conversation.events import ActionTaken
from warmline.dialogue.decisions import Act, Decision, HandOff
from warmline.dialogue.flows.engine import World, holds_now
from warmline.dialogue.flows.run import Memory
from warmline.dialogue.flows.turn import Flows, decide_result

logger = logging.getLogger(__name__)

MOST_ACTS = 8
"""Actions in one turn; a flow that wants more goes on with a person."""
LEAST_SECONDS = 0.2
"""With less time left an action is not begun."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was decided in the end, and what was done on the way."""

    decision: Decision
    taken: tuple[ActionTaken, ...] = ()


async def carry_out(decision: Decision, actions: Actions, flows: Flows, world: World, *, within: float) -> Carried:
    """Carry out acts until something else is decided, in `within` seconds; what was done is never lost.

    A fault of a flow fails open to a person.
    """
    taken: list[ActionTaken] = []
    ends_at = time.perf_counter() + within
    while isinstance(decision, Act):
        left = ends_at - time.perf_counter()
        if len(taken) == MOST_ACTS or left < LEAST_SECONDS:
            decision = _hand_over(decision, "assistant_busy", "busy")
            break
        call, subject = decision.call, subject_of(decision.memory, world)
        result = await actions.call(call.action, call.arguments, key=call.key, subject=subject, within=left)
        taken.append(
            ActionTaken(
                action=call.action,
                effect=flows.effects.get(call.action, Effect.CHANGE).value,
                status=result.status.value,
                code=result.code,
                key=call.key,
                arguments=None if call.way else dict(call.arguments),
                data=dict(result.data) or None,
                tries=result.tries,
                milliseconds=result.milliseconds,
            )
        )
        act = decision
        try:
            decision = decide_result(flows, act, result, world)
        except Exception:
            logger.exception("a flow cannot go on after %s; a person is brought", call.action)
            decision = _hand_over(act, "assistant_fault", "fault")
    return Carried(decision, tuple(taken))


def subject_of(memory: Memory, world: World) -> str:
    """Return whom an action is for; empty while nobody knows, or knows any more."""
    known = memory.identity
    return known.ref if known and holds_now(known, world.now) else world.signed_in_ref


def _hand_over(act: Act, reason: str, say: str) -> HandOff:
    return replace(
        HandOff(reason, "policy", say=say, lines=act.lines, memory=act.memory), acknowledgement=act.acknowledgement
    )
