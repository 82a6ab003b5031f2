"""What a customer does with the conversation itself: stops, goes back, corrects, waits, resumes."""

import re
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from warmline.language.entities.fold import clauses, fold, load_words
from warmline.language.entities.learnt import guess_act


class Act(StrEnum):
    """Things done with words; a text may do several."""

    CANCEL = "cancel"
    BACK = "back"
    CORRECT = "correct"
    DONT_KNOW = "dont_know"
    UNAVAILABLE = "unavailable"
    REPEAT = "repeat"
    WAIT = "wait"
    DONE = "done"
    RESUME = "resume"


_STATED = frozenset({Act.CORRECT, Act.DONT_KNOW, Act.UNAVAILABLE, Act.DONE})
"""Acts that a question never is: 好了吗 ends nothing."""
_LONGEST = 80
"""Characters of a clause beyond which it is never an act alone."""
_SHORT, _SHORT_ENGLISH = 18, 60
_ASKED = ("?", "吗", "么", "嘛", "没")
_NAMING_RE = re.compile(
    r"(?:我?(?:是|系|要|说的是|应该是|而是)|it'?s|the|i (?:meant?|want|said)|my)(?!不|的$|$|吗).{1,24}$"
)
_ASKING_RE = re.compile(
    "[吗?]|(?<![这那多要怎])么|多少|怎(?!么还没|么一直)|咋(?!还没|一直)|什么|为啥|哪|能不能|可不可以|是不是|会不会|要不要|有没有"
    "|what|how|why|when|where|can (?:i|you)|is (?:there|it)|do (?:you|i)"
)


_Clause = tuple[bool, tuple[str, ...]]
"""Whether it asks, and the clause in its forms."""


class _Rules(NamedTuple):
    only: re.Pattern[str] | None
    whole: re.Pattern[str] | None
    start: re.Pattern[str] | None
    refusal: re.Pattern[str] | None
    asked: re.Pattern[str] | None
    within: re.Pattern[str] | None
    skip: re.Pattern[str] | None
    told: re.Pattern[str] | None


@lru_cache(maxsize=512)
def read_acts(text: str) -> frozenset[Act]:
    """What the text does: each clause must be nothing but the act, so that 怎么取消自动还款 cancels nothing.

    Where no rule speaks, what was learnt from examples does (the first call learns, in about half a second).

    没有 alone is `DONT_KNOW`, 没有了 `DONE`; which is meant is for the question that was asked to say.
    """
    folded = fold(text)
    said = [(clause.endswith(_ASKED), _forms(clause)) for clause in clauses(folded)]
    found = set()
    for act, rules in _rules().items():
        if not _is_silenced(rules, folded.text) and (
            any(_does(act, rules, *clause) for clause in said) or _is_only(act, rules, said)
        ):
            found.add(act)
    refusal = _rules()[Act.CORRECT].refusal
    if refusal and any(refusal.fullmatch(a[-1]) and _names_something(b[-1]) for (_, a), (_, b) in pairwise(said)):
        found.add(Act.CORRECT)
    guessed = guess_act(text) if not found and not _ASKING_RE.search(folded.text) else None
    if guessed and not _is_silenced(_rules()[Act(guessed)], folded.text):
        found.add(Act(guessed))
    return frozenset(found - {Act.DONE} if Act.RESUME in found else found)


def _is_silenced(rules: _Rules, folded: str) -> bool:
    return bool(rules.skip and rules.skip.search(folded))


def _is_only(act: Act, rules: _Rules, said: list[_Clause]) -> bool:
    """Whether the text is one clause and that is the act: 取消 beside 定时转账 names a thing to ask about."""
    if not rules.only or len(said) != 1:
        return False
    asked, forms = said[0]
    return not (asked and act in _STATED) and any(rules.only.fullmatch(form) for form in forms)


def _does(act: Act, rules: _Rules, asked: bool, forms: tuple[str, ...]) -> bool:
    if asked and rules.asked and rules.asked.fullmatch(forms[0]):
        return True
    if asked and act in _STATED:
        return False
    if rules.whole and any(rules.whole.fullmatch(form) for form in forms if len(form) <= _LONGEST):
        return True
    if rules.told and not asked and any(rules.told.fullmatch(form) for form in forms):
        return True
    if rules.start and rules.start.match(forms[-1]):
        return True
    return bool(rules.within and not asked and _is_short(act, forms[0]) and rules.within.search(forms[0]))


def _is_short(act: Act, clause: str) -> bool:
    """Whether a clause is short enough to be about the act, and asks nothing (which 什么意思 may)."""
    if len(clause) > (_SHORT_ENGLISH if clause.isascii() else _SHORT):
        return False
    return act is Act.REPEAT or not _ASKING_RE.search(clause)


def _names_something(clause: str) -> bool:
    """Whether a clause behind a refusal says what is meant instead: 是储蓄卡, the debit one."""
    return bool(_NAMING_RE.match(clause)) and not _ASKING_RE.search(clause)


def _forms(clause: str) -> tuple[str, ...]:
    """The clause as it is, without what trails off, and without what leads in as well."""
    lead, trail = _edges()
    rest = clause.rstrip("? ")
    forms = [rest]
    for _ in range(4):
        end = trail.search(rest)
        if not end or end.start() == 0:
            break
        rest = rest[: end.start()].rstrip()
    found = lead.match(rest)
    forms += [rest, rest[found.end() :] if found and found.end() < len(rest) else rest]
    return tuple(dict.fromkeys(f for f in forms if f)) or ("",)


@lru_cache(maxsize=1)
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lists = load_words("acts")
    longest = {name: sorted(lists[name], key=lambda word: -len(word)) for name in ("lead", "trail")}
    lead = "|".join(re.escape(w) + (r"(?![a-z'])" if w.isascii() else "") for w in longest["lead"])
    trail = "|".join((r"(?<![a-z'])" if w.isascii() else "") + re.escape(w) for w in longest["trail"])
    return re.compile(rf"(?:(?:{lead}) ?)++"), re.compile(rf" ?(?:{trail})$")


@lru_cache(maxsize=1)
def _rules() -> dict[Act, _Rules]:
    lists = load_words("acts")

    def joined(act: Act, name: str) -> re.Pattern[str] | None:
        patterns = lists[act].get(name, ())
        return re.compile("|".join(f"(?:{p})" for p in patterns)) if patterns else None

    names = ("only", "whole", "start", "refusal", "asked", "within", "not", "told")
    return {act: _Rules(*(joined(act, name) for name in names)) for act in Act}
