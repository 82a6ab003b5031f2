"""What of a flow is kept from turn to turn, and what is not. Pure."""

from __future__ import annotations

from warmline.dialogue.flows.run import Filled, Memory, Run
from warmline.dialogue.flows.turn import Flows


def strip_secrets(flows: Flows, memory: Memory) -> Memory:
    """Take out what must not be kept from turn to turn."""

    def stripped(run: Run | None) -> Run | None:
        flow = flows.of(run) if run else None
        if run is None or flow is None:
            return run
        parts = (*flows.policy.ways.values(), flow)
        hidden = {name for name in run.slots if any(name in part.slots and part.slots[name].secret for part in parts)}
        if not hidden:
            return run
        slots = {name: Filled(value="", spent=True) if name in hidden else one for name, one in run.slots.items()}
        return run.model_copy(update={"slots": slots})

    run, ended = stripped(memory.run), stripped(memory.ended)
    if run is memory.run and ended is memory.ended:
        return memory
    return memory.model_copy(update={"run": run, "ended": ended})


def remember(flows: Flows | None, kept: Memory | None, before: Memory, locale: str) -> Memory:
    """Return what the next turn is to know; what is secret is not kept, and an offer holds for one turn.

    `kept`: the memory that was decided on, if any.
    """
    memory = before if kept is None else kept
    if kept is None and (before.offered or before.ended is not None):
        memory = before.model_copy(update={"offered": "", "ended": None})
    spoken = locale if memory.run else ""
    if memory.locale != spoken:
        memory = memory.model_copy(update={"locale": spoken})
    return strip_secrets(flows, memory) if flows else memory
