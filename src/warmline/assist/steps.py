"""What can be done for the customer now: the flow that their words ask for, what it needs and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import holds_now
from warmline.dialogue.flows.hear import hear_opening, show_value
from warmline.dialogue.flows.run import Filled, Memory
from warmline.dialogue.flows.starts import OFFERS, Wished
from warmline.dialogue.flows.turn import Flows
from warmline.knowledge.service import Hit


@dataclass(frozen=True, slots=True)
class Need:
    """Something the flow asks for: by name, with its question and with what is known; a secret is keyed, never told."""

    name: str
    label: str
    ask: str
    value: str | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class NextStep:
    """A flow that fits. `level`: as whom the customer has to be known, empty where it needs none."""

    flow_id: str
    title: str
    under_way: bool
    needs: tuple[Need, ...]
    level: str = ""
    identified: bool = False


def list_shares(flows: Flows, hits: Iterable[Hit]) -> dict[str, float]:
    """Return how much of what was found leads to each flow."""
    shares: dict[str, float] = {}
    for hit in hits:
        if flow_id := flows.starters.get(hit.article_id):
            shares[flow_id] = shares.get(flow_id, 0.0) + hit.score
    return shares


def find_step(
    flows: Flows, memory: Memory, wished: Wished, words: str, *, now: datetime, locale: str, reader: str
) -> NextStep | None:
    """Return the flow under way, else the one the words ask for likely enough to be offered.

    `words`: the customer's, for what they tell already; `locale`: theirs, for what is said to them; `reader`: the
    agent's, for names.
    """
    run = memory.run
    flow = flows.of(run) if run else None
    if run is None or flow is None:
        flow = flows.find(wished.flow_id) if wished.sure >= OFFERS else None
        run = None
    if flow is None:
        return None
    told = hear_opening(words, flow, flows.policy, now, "", locale)
    known = {**told, **memory.facts, **(run.slots if run else {})}
    level = next((step.identify for step in flow.steps if isinstance(step, f.Identify)), None)
    return NextStep(
        flow.flow,
        flow.title.say(reader),
        run is not None,
        tuple(_list_needs(flow, known, locale, reader)),
        level or "",
        is_identified(memory, level, now),
    )


def is_identified(memory: Memory, level: f.Level | None, now: datetime) -> bool:
    """Tell whether the customer is shown to be themselves as surely as `level` wants."""
    identity = memory.identity
    if level is None:
        return True
    return identity is not None and holds_now(identity, now) and identity.level in (level, "strong")


def _list_needs(flow: f.Flow, known: Mapping[str, Filled], locale: str, reader: str) -> Iterable[Need]:
    names = dict.fromkeys(step.ask for step in flow.steps if isinstance(step, f.Ask))
    for name in names:
        slot = flow.slots[name]
        ask = slot.ask.say(locale)
        label = slot.name.say(reader) if slot.name else slot.ask.say(reader)
        filled = known.get(name)
        value = show_value(slot, filled, reader) if filled is not None and filled.value and not slot.secret else None
        yield Need(name, label, "" if "{" in ask or slot.secret else ask, value, slot.secret)
