"""When two moments of a conversation are the same to everything that is decided later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from warmline.dialogue.flows.run import Memory, Run
from warmline.dialogue.model import DialogueState

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
"""A Monday, at ten in the morning in China."""
RUN_KEY = "proof:0"


class TouchedError(Exception):
    """The flow put aside was looked at."""


class Untouched:
    """Stands for any flow that is put aside. Whoever looks into it is found out, and is asked about each one there is.

    This is why the flows that a digression interrupts need not each be paired with each step of the digression.
    """

    def __getattr__(self, name: str) -> Any:
        raise TouchedError(name)


UNTOUCHED: Any = Untouched()


def key_of(state: DialogueState, renames: Sequence[tuple[str, str]]) -> str:
    """Return what tells states apart.

    Left out: times, but for whether an identity holds; the conversation's language and words; in which order slots
    were given (going back tries each as the last); answers and tries of ways of identity that are closed, which are
    not gone again; a flow that has ended once another is under way; how a value is called that nothing compares
    (`Values.renames`), unless something was done with it.
    """
    memory = state.memory
    closed = set(memory.closed)
    parts = [
        state.signed_in_ref, state.elder, [one for _, one in state.offered], state.offered_human, state.misses,
        sorted((name, one.value) for name, one in memory.facts.items()),
        memory.identity and (memory.identity.level, memory.identity.until > NOW),
        sorted((way, count) for way, count in memory.wrong.items() if way not in closed),
        sorted(closed), memory.offered, _run_key(memory.run, closed),
        "?" if memory.aside is UNTOUCHED else _run_key(memory.aside, closed),
        memory.run is None and _run_key(memory.ended, closed),
    ]  # fmt: skip
    text = repr(parts)
    if not _has_done(memory):
        for first, second in renames:
            if second in text and first not in text:
                text = text.replace(second, first)
    return text


def _run_key(run: Run | None, closed: set[str]) -> Any:
    if run is None:
        return None
    return (
        run.flow_id,
        sorted((name, one.value, one.spent, one.item) for name, one in run.slots.items()),
        [(place, one.asked, one.code, one.data) for place, one in run.results.items() if _is_open(place, closed)],
        sorted(run.agreed.items()), sorted(run.refused.items()), sorted(run.said),
        [(one.action, one.arguments, one.key, one.code) for one in run.deeds], run.asking, run.misses,
        sorted((place, count) for place, count in run.retries.items() if _is_open(place, closed)),
    )  # fmt: skip


def _is_open(place: str, closed: set[str]) -> bool:
    return place.split("/")[0] not in closed


def _has_done(memory: Memory) -> bool:
    """Deeds have keys made of the values they were done with."""
    runs = [memory.run, memory.ended] + ([] if memory.aside is UNTOUCHED else [memory.aside])
    return any(run is not None and run.deeds for run in runs)


def canonical(state: DialogueState, renames: Sequence[tuple[str, str]]) -> DialogueState:
    """Return the one state that stands for all with the same key."""
    memory = state.memory
    aside, ended = memory.aside, memory.ended if memory.run is None else None
    closed = set(memory.closed)
    slim = memory.model_copy(
        update={
            "run": _slim(memory.run, closed),
            "aside": aside if aside is UNTOUCHED else _slim(aside, closed),
            "ended": _slim(ended, closed),
            "closed": tuple(sorted(closed)),
            "wrong": {way: count for way, count in memory.wrong.items() if way not in closed},
            "runs": 0,
        }
    )
    return replace(state, memory=slim if _has_done(memory) else _rename(slim, renames))


def _slim(run: Run | None, closed: set[str]) -> Run | None:
    if run is None:
        return None
    update = {
        "words": (),
        "slots": dict(sorted(run.slots.items())),
        "results": {place: one for place, one in run.results.items() if _is_open(place, closed)},
        "retries": {place: count for place, count in run.retries.items() if _is_open(place, closed)},
    }
    return run.model_copy(update=update)


def _rename(memory: Memory, renames: Sequence[tuple[str, str]]) -> Memory:
    aside = memory.aside
    bare = memory.model_copy(update={"aside": None}) if aside is UNTOUCHED else memory
    text = renamed = bare.model_dump_json(exclude_defaults=True)
    for first, second in renames:
        if second in renamed and first not in renamed:
            renamed = renamed.replace(second, first)
    if renamed == text:
        return memory
    found = Memory.model_validate_json(renamed)
    return found.model_copy(update={"aside": aside}) if aside is UNTOUCHED else found
