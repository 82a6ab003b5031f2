"""When two moments of a conversation are the same to everything that is decided later."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.run import Deed, Memory, Run
from warmline.dialogue.model import DialogueState

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
"""A Monday, at ten in the morning in China."""

MARK = "␞"
"""Between the three languages of a text, so that a walk in one fills the places of all."""
AGAIN = "again"
"""The key of a run that was taken up after its end."""


class TouchedError(Exception):
    """The flow put aside was looked at."""


class Untouched:
    """Stands for any flow that is put aside. Whoever looks into it is found out, and is asked about each one there is.

    This is why the flows that a digression interrupts need not each be paired with each step of the digression.
    """

    def __getattr__(self, name: str) -> Any:
        raise TouchedError(name)


UNTOUCHED: Any = Untouched()


@dataclass(frozen=True)
class Scheme:
    """What may be left out. `needs`: the highest level of identity that the flow asks for, empty for none.

    `signed_in`: being signed in on the bank's page is a way to the level `basic`; `renames`: see `Values`.
    """

    renames: tuple[tuple[str, str], ...] = ()
    needs: str = ""
    signed_in: bool = False

    def is_enough(self, state: DialogueState) -> bool:
        """Tell whether all is shown that is asked for: how it was shown makes no difference then."""
        if not self.needs or (self.needs == "basic" and self.signed_in and state.signed_in_ref):
            return True
        known = state.memory.identity
        return known is not None and known.until > NOW and (known.level == "strong" or self.needs != "strong")

    def level_of(self, state: DialogueState) -> str:
        """Return the level that was shown; on top of being signed in the same level makes no difference."""
        known = state.memory.identity
        if known is None or (known.level == "basic" and self.signed_in and state.signed_in_ref):
            return ""
        return known.level


def key_of(state: DialogueState, scheme: Scheme) -> str:
    """Return what tells states apart.

    Left out: times, but for whether an identity holds; the conversation's language and words; in which order slots
    were given (going back tries each as the last); which of two choices were named, as both were; answers of ways of
    identity that are closed, which are not gone again, and how often others were tried, which only makes the keys of
    their calls; a flow that has ended once another is under way; how a value is called that nothing compares
    (`Values.renames`); wrong tries and closed ways while the identity holds that is needed (`guess_left` brings them
    back when it lapses).
    """
    memory = state.memory
    closed = set(memory.closed)
    enough = scheme.is_enough(state)
    parts = [
        state.signed_in_ref, state.elder, [one for _, one in state.offered], state.offered_human, state.misses,
        sorted((name, one.value) for name, one in memory.facts.items()),
        enough or scheme.level_of(state),
        enough or sorted((way, count) for way, count in memory.wrong.items() if way not in closed),
        enough or sorted(closed), memory.offered, _run_key(memory.run, closed),
        "?" if memory.aside is UNTOUCHED else _run_key(memory.aside, closed),
        memory.run is None and _run_key(memory.ended, closed, ended=True),
    ]  # fmt: skip
    text, ended = _renamed(repr(parts), scheme), memory.ended if memory.run is None else None
    return f"{text} {[_data_of(run, closed) for run in (memory.run, memory.aside, ended) if isinstance(run, Run)]}"


def _renamed(text: str, scheme: Scheme) -> str:
    for first, second in scheme.renames:
        if second in text and first not in text:
            text = text.replace(second, first)
    return text


def _data_of(run: Run, closed: set[str]) -> list[Any]:
    return [one.data for place, one in sorted(run.results.items()) if _is_open(place, closed)]


def _run_key(run: Run | None, closed: set[str], *, ended: bool = False) -> Any:
    if run is None:
        return None
    return (
        run.flow_id, run.key == AGAIN and not ended,
        sorted((name, one.value, one.spent, one.item) for name, one in run.slots.items()),
        sorted((place, one.asked, one.code) for place, one in run.results.items() if _is_open(place, closed)),
        sorted(run.agreed.items()), sorted(run.refused.items()), sorted(run.said),
        [(one.action, one.arguments, one.code) for one in _last_deeds(run)], run.asking, run.misses,
        run.asides,
        sorted((place, count) for place, count in run.retries.items() if "/" not in place),
    )  # fmt: skip


def _last_deeds(run: Run) -> list[Deed]:
    """Of what was done, the last of each action counts, and no key: each deed has one of its own."""
    return [one.model_copy(update={"key": ""}) for one in {one.action: one for one in run.deeds}.values()]


def _is_open(place: str, closed: set[str]) -> bool:
    return place.split("/")[0] not in closed


def canonical(state: DialogueState, scheme: Scheme) -> DialogueState:
    """Return the one state that stands for all with the same key."""
    memory = state.memory
    aside, ended = memory.aside, memory.ended if memory.run is None else None
    closed = set(memory.closed)
    enough = scheme.is_enough(state)
    slim = memory.model_copy(
        update={
            "run": _slim(memory.run, closed),
            "aside": aside if aside is UNTOUCHED else _slim(aside, closed),
            "ended": _slim(ended, closed),
            "identity": memory.identity if enough or scheme.level_of(state) else None,
            "closed": () if enough else tuple(sorted(closed)),
            "wrong": {} if enough else {way: n for way, n in memory.wrong.items() if way not in closed},
            "runs": 0,
        }
    )
    return replace(state, memory=_rename(slim, scheme))


def guess_left(policy: f.IdentityPolicy) -> Iterator[tuple[dict[str, int], tuple[str, ...]]]:
    """Yield what can be left of wrong tries and closed ways once somebody was identified: one way has neither."""
    for wrong, closed in guess_ways(policy):
        ways = (name for level in policy.levels.values() for name in level.ways)
        if any(name not in closed and name not in wrong and policy.ways[name].kind != "signed_in" for name in ways):
            yield wrong, closed


def guess_ways(policy: f.IdentityPolicy) -> Iterator[tuple[dict[str, int], tuple[str, ...]]]:
    """Yield all there can be of wrong tries and closed ways: more than there is, so nothing is missed."""
    names = [name for name, way in policy.ways.items() if way.kind != "signed_in"]
    for each in itertools.product(range(policy.tries + 1), repeat=len(names)):
        tried = dict(zip(names, each, strict=True))
        if all(not n or _is_gone(policy, name, tried) for name, n in tried.items()):
            wrong = {name: n for name, n in tried.items() if 0 < n < policy.tries}
            yield wrong, tuple(name for name, n in tried.items() if n == policy.tries)


def _is_gone(policy: f.IdentityPolicy, name: str, tried: Mapping[str, int]) -> bool:
    """Tell whether a way can have been gone: at some level all before it are closed."""
    orders = [level.ways for level in policy.levels.values() if name in level.ways]
    return any(
        all(tried.get(before, policy.tries) == policy.tries for before in order[: order.index(name)])
        for order in orders
    )


def _slim(run: Run | None, closed: set[str]) -> Run | None:
    if run is None:
        return None
    update = {
        "words": (),
        "slots": dict(sorted(run.slots.items())),
        "narrowed": (),
        "deeds": tuple(_last_deeds(run)),
        "results": {place: one for place, one in sorted(run.results.items()) if _is_open(place, closed)},
        "retries": {place: count for place, count in run.retries.items() if "/" not in place},
    }
    return run.model_copy(update=update)


def _rename(memory: Memory, scheme: Scheme) -> Memory:
    """Rename values; what the bank's systems answered stays, and lists both items of what is swapped."""
    runs = {name: run for name in ("run", "aside", "ended") if isinstance(run := getattr(memory, name), Run)}
    bare = memory.model_copy(update={"aside": None, **{name: _without_data(run) for name, run in runs.items()}})
    text = bare.model_dump_json(exclude_defaults=True)
    renamed = _renamed(text, scheme)
    if renamed == text:
        return memory
    found = Memory.model_validate_json(renamed)
    update: dict[str, Any] = {name: _with_data(getattr(found, name), run) for name, run in runs.items()}
    return found.model_copy(update={"aside": memory.aside, **update})


def _without_data(run: Run) -> Run:
    results = {place: one.model_copy(update={"data": {}}) for place, one in run.results.items()}
    return run.model_copy(update={"results": results})


def _with_data(run: Run, known: Run) -> Run:
    results = {place: one.model_copy(update={"data": known.results[place].data}) for place, one in run.results.items()}
    return run.model_copy(update={"results": results})
