"""A counter-example as people read it: who says what, with the assistant's own sentences, up to what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from warmline.conversation import commands as c
from warmline.conversation.model import Conversation
from warmline.dialogue import decisions as d
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, AskSlot, Line
from warmline.dialogue.model import DialogueState
from warmline.dialogue.proof.answers import brief
from warmline.dialogue.proof.explore import Explorer, Step
from warmline.dialogue.proof.stand_ins import SIDE
from warmline.dialogue.proof.states import MARK, NOW, UNTOUCHED, key_of
from warmline.dialogue.proof.turns import Turn
from warmline.dialogue.respond import Brand, Responder
from warmline.kit.i18n import Words
from warmline.knowledge.service import Hit

Said = tuple[str, str]
"""Who, and what: a line of a dialogue."""
AS_THEY_ARE = ("label", "title", "name", "offer")
"""Texts that are filled in all languages in every walk anyway, or hold no places."""
CONVERSATION = Conversation(UUID(int=3), UUID(int=1), "web", "zh-Hans", False, NOW)


def in_all_languages(flow: f.Flow) -> f.Flow:
    """Return the flow with every text in all its languages at once: where one lacks a value, the proof finds it."""
    return f.Flow.model_validate(_join(flow.model_dump(by_alias=True)))


def ways_in_all_languages(policy: f.IdentityPolicy) -> f.IdentityPolicy:
    """Do the same with the ways of identity."""
    return f.IdentityPolicy.model_validate(_join(policy.model_dump(by_alias=True)))


def _join(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == set(f.LOCALES):
        return {**value, f.LOCALES[0]: MARK.join(value[locale] for locale in f.LOCALES)}
    if isinstance(value, dict):
        return {name: one if name in AS_THEY_ARE else _join(one) for name, one in value.items()}
    return [_join(one) for one in value] if isinstance(value, list | tuple) else value


class _Articles:
    """Stands for the articles: each answers with its own id."""

    async def answers(self, article_ids: Collection[str], **_: Any) -> dict[str, Hit]:
        return {one: Hit(one, 1, one, f"〔知识点 {one}〕", "") for one in article_ids}


@lru_cache(maxsize=1)
def _responder() -> Responder:
    words = Words.load(Path(__file__).parents[1] / "words.yaml")
    names = {"zh-Hans": "小暖", "zh-Hant": "小暖", "en": "Nuan"}
    bank = {"zh-Hans": "本行", "zh-Hant": "本行", "en": "the bank"}
    return Responder(_Articles(), words, Brand(bank, names))  # type: ignore[arg-type]


def respond(decision: d.Decision, locale: str = "zh-Hans", heard: str = "") -> tuple[c.Say, ...]:
    """Return the messages the assistant sends; raises where a sentence or a value for it is missing."""
    responder, plain = _responder(), _first_language(decision)

    async def respond() -> tuple[c.Say, ...]:
        said = await responder.respond(plain, CONVERSATION, locale)
        aid = getattr(plain, "first_aid", None)
        said = (*await responder.first_step(aid, CONVERSATION, locale), *said)
        comfort = getattr(plain, "acknowledgement", None)
        return responder.comfort(comfort, said, heard, locale) if comfort else said

    return _run(respond())


def say(decision: d.Decision, locale: str = "zh-Hans", heard: str = "") -> list[str]:
    """Return what the assistant says, with what there is to tap."""
    said = respond(decision, locale, heard)
    return [
        one.text + (f" [{' | '.join(choice.text for choice in one.choices)}]" if one.choices else "") for one in said
    ]


def _run(saying: Coroutine[Any, Any, tuple[c.Say, ...]]) -> tuple[c.Say, ...]:
    """Run what never waits for anything, wherever the proof runs."""
    try:
        saying.send(None)
    except StopIteration as done:
        found: tuple[c.Say, ...] = done.value
        return found
    raise AssertionError("nothing is waited for here")


def _first_language(decision: d.Decision) -> d.Decision:
    """Cut texts in all languages down to the first."""
    changes: dict[str, Any] = {}
    for name in ("lines", "asks", "back", "offer"):
        value = getattr(decision, name, None)
        if value:
            changes[name] = _cut(value)
    return replace(decision, **changes)


def _cut(value: Any) -> Any:
    match value:
        case str():
            return value.split(MARK)[0]
        case tuple():
            return tuple(_cut(one) for one in value)
        case Line(text=text):
            return replace(value, text="\n".join(line for line in text.split(MARK)[:1]))
        case AskAgreement(text=text):
            return replace(value, text=_cut(text))
        case AskSlot(text=text, again=again, shown=shown):
            shown = tuple(replace(one, label=_cut(one.label)) for one in shown)
            return replace(value, text=_cut(text), again=_cut(again), shown=shown)
        case _:
            return value


def tell(explorer: Explorer, number: int, turn: Turn | None) -> list[Said]:
    """Tell how a state is reached, and the turn in it."""
    lines: list[Said] = []
    for step in _path(explorer, number):
        lines += _tell_step(explorer, step)
    return lines + (tell_turn(turn) if turn else [])


def _path(explorer: Explorer, number: int) -> list[Step]:
    path: list[Step] = []
    step = explorer.found.came_by[number]
    while step is not None:
        path.append(step)
        number = step.before
        step = explorer.found.came_by[number]
    start = _tell_start(explorer.found.states[number])
    return [Step(number, None, start), *path[::-1]] if start else path[::-1]


def _tell_start(state: DialogueState) -> str:
    memory = state.memory
    known = [f"{name}={one.value}" for name, one in memory.facts.items()]
    known += ["signed in on the bank's page"] if state.signed_in_ref else []
    known += [f"shown at the level {memory.identity.level}"] if memory.identity else []
    known += [f"{n} wrong tries of {way}" for way, n in memory.wrong.items()]
    known += [f"{way} is closed" for way in memory.closed]
    return f"from before: {', '.join(known)}" if known else ""


def _tell_step(explorer: Explorer, step: Step) -> list[Said]:
    lines: list[Said] = []
    if step.through >= 0:
        inner = _within(explorer, step.since, step.through)
        for one in explorer.enter(step.before, step.since):
            lines += tell_turn(one)
        for one in inner:
            lines += tell_turn(one)
    return lines + (tell_turn(step.turn) if step.turn else [("", step.label)] if step.label else [])


def _within(explorer: Explorer, first: int, last: int) -> list[Turn]:
    """Return the turns of a digression from one of its states to another."""
    came: dict[int, tuple[int, Turn] | None] = {first: None}
    open_ones = [first]
    while open_ones and last not in came:
        number = open_ones.pop(0)
        for turn in explorer.turns_within(number):
            to = explorer.found.numbers.get(key_of(turn.after, explorer.setting.scheme))
            inside = to is not None and explorer.found.states[to].memory.aside is UNTOUCHED
            if inside and to not in came:
                came[to] = (number, turn)  # type: ignore[index]
                open_ones.append(to)  # type: ignore[arg-type]
    path: list[Turn] = []
    step = came.get(last)
    while step is not None:
        path.append(step[1])
        step = came[step[0]]
    return path[::-1]


def tell_turn(turn: Turn) -> list[Said]:
    """Tell one turn."""
    lines: list[Said] = [("customer", _plain(turn.input.label))]
    for act, answer in turn.acts:
        given = ", ".join(f"{name}={value}" for name, value in act.call.arguments.items())
        lines.append(("bank", f"{act.call.action}({given}) → {brief(answer)}"))
    try:
        lines += [("assistant", text) for text in say(turn.decision, heard=turn.input.said.text)]
    except Exception as error:
        lines.append(("assistant", f"(cannot say it: {type(error).__name__}: {error})"))
    if isinstance(turn.decision, d.HandOff):
        lines.append(("", f"a person is brought ({turn.decision.reason})"))
    return lines


def _plain(label: str) -> str:
    return label.replace(SIDE, "something else").replace(MARK, " / ")


def render(lines: Sequence[Said]) -> Iterator[str]:
    """Yield the dialogue as text."""
    for who, what in lines:
        first, *more = what.splitlines() or [""]
        yield f"  {who + ':' if who else '—':<10} {first}"
        yield from (f"  {'':<10} {one}" for one in more)
