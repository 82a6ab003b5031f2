"""What a conversation can be before the flow that is explored begins."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.run import Identity, Memory
from warmline.dialogue.model import DialogueState
from warmline.dialogue.proof.alphabet import SIDE_ARTICLES
from warmline.dialogue.proof.states import NOW, guess_ways
from warmline.dialogue.proof.turns import Setting
from warmline.dialogue.proof.values import NUMBER


def identified(level: str) -> Identity:
    """Return an identity shown just now."""
    return Identity.model_validate({"ref": str(NUMBER), "level": level, "until": NOW + timedelta(minutes=15)})


def start_state(signed_in_ref: str = "", *, elder: bool = False, memory: Memory | None = None) -> DialogueState:
    """Return a conversation that has just begun."""
    return DialogueState(
        "zh-Hans", elder, signed_in_ref=signed_in_ref, key="proof", last_article_id=SIDE_ARTICLES[0],
        memory=memory or Memory(),
    )  # fmt: skip


def list_starts(setting: Setting, slots: Mapping[str, f.Slot], *, elder: bool) -> Iterator[DialogueState]:
    """Yield what a conversation can be before the flow: new, or with whatever other flows left known in it.

    Wrong tries made before count as those made in the flow, which its questions are gone back from.
    """
    kept = [(name, slot) for name, slot in slots.items() if slot.keep and slot.type != "option"]
    known = [[None, *setting.values.of(name, slot, ())] for name, slot in kept]
    levels = [None, *(identified(level) for level in setting.flows.policy.levels)]
    asks = setting.values.customer or any(way.kind == "signed_in" for way in setting.flows.policy.ways.values())
    for signed_in in ("", "CH") if asks else ("",):
        for old in (False, True) if elder else (False,):
            for filled in itertools.product(*known):
                facts = {name: one for (name, _), one in zip(kept, filled, strict=True) if one is not None}
                closed_ways = [closed for wrong, closed in guess_ways(setting.flows.policy) if not wrong]
                for identity, closed in itertools.product(levels, closed_ways):
                    if identity is not None and closed:
                        continue  # a way is closed while another holds only in a flow that asks for more
                    memory = Memory(facts=facts, identity=identity, closed=closed)
                    yield start_state(signed_in, elder=old, memory=memory)
