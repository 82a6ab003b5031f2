"""What a customer does with the conversation itself: stops, goes back, corrects, waits, resumes."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from warmline.language.entities.fold import clauses, fold, load_words


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


@dataclass(frozen=True)
class _Rules:
    whole: re.Pattern[str]
    start: re.Pattern[str] | None
    pair: re.Pattern[str] | None
    skip: re.Pattern[str] | None
    asked: re.Pattern[str] | None


@lru_cache(maxsize=512)
def read_acts(text: str) -> frozenset[Act]:
    """What the text does: each clause must be nothing but the act, so that 怎么取消自动还款 cancels nothing.

    没有 alone is `DONT_KNOW`, 没有了 `DONE`; which is meant is for the question that was asked to say.
    """
    folded = fold(text).text
    said = [(clause, _forms(clause)) for clause in clauses(folded)]
    rules = {act: r for act, r in _rules().items() if not (r.skip and r.skip.search(folded))}
    found = {act for act, r in rules.items() for clause, forms in said if _does(act, r, clause, forms)}
    bare = [forms[-1] for _, forms in said]
    pair = _rules()[Act.CORRECT].pair
    if pair and any(pair.fullmatch(b) and _names_something(n) for b, n in zip(bare, bare[1:], strict=False)):
        found.add(Act.CORRECT)
    return frozenset(found)


def _does(act: Act, rules: _Rules, clause: str, forms: tuple[str, ...]) -> bool:
    asked = clause.endswith(("?", "吗", "么", "嘛", "没"))
    if act in _STATED and asked:
        return False
    if rules.asked and asked and rules.asked.fullmatch(forms[0]):
        return True
    if any(rules.whole.fullmatch(form) for form in forms if len(form) <= _LONGEST):
        return True
    return bool(rules.start and rules.start.match(forms[-1]))


def _names_something(clause: str) -> bool:
    """Whether a clause behind a refusal says what is meant instead: 是储蓄卡, the debit one."""
    return bool(_NAMING_RE.match(clause)) and not _ASKING_RE.search(clause)


_NAMING_RE = re.compile(
    r"(?:我?(?:是|系|要|说的是|应该是|而是)|it'?s|the|i (?:meant?|want|said)|my)(?!不|的$|$|吗).{1,24}$"
)
_ASKING_RE = re.compile("[吗么?]|多少|怎么|什么|为什么|哪|(?:what|how|why|when|where)")


@lru_cache(maxsize=1)
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lists = load_words("acts")
    lead = "|".join(re.escape(w) + (r"(?![a-z'])" if w.isascii() else "") for w in _longest(lists["lead"]))
    trail = "|".join(
        (r"(?<![a-z'])" if w.isascii() and w != "?" else "") + re.escape(w) for w in _longest(lists["trail"])
    )
    return re.compile(rf"(?:(?:{lead}) ?)++"), re.compile(rf" ?(?:{trail})$")


def _longest(words: list[str]) -> list[str]:
    return sorted(words, key=lambda w: (-len(w), w))


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
def _rules() -> dict[Act, _Rules]:
    lists = load_words("acts")

    def joined(act: Act, name: str) -> re.Pattern[str] | None:
        patterns = lists[act].get(name, ())
        return re.compile("|".join(f"(?:{p})" for p in patterns)) if patterns else None

    return {
        a: _Rules(
            joined(a, "whole") or re.compile("(?!)"),
            joined(a, "start"),
            joined(a, "pairs"),
            joined(a, "not"),
            joined(a, "asked"),
        )
        for a in Act
    }
