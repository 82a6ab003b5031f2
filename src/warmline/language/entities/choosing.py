"""Which of the things shown the customer's words pick."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, takewhile

from warmline.language.entities.amounts import find_amounts
from warmline.language.entities.corrections import split_correction
from warmline.language.entities.dates import find_dates
from warmline.language.entities.digits import find_digits
from warmline.language.entities.fold import any_of, clauses, fold, load_words
from warmline.language.entities.months import find_months
from warmline.language.entities.numerals import read_count
from warmline.language.entities.times import TimeFound, find_times
from warmline.language.tokens import sound, spoken

_ORDINAL_RE = re.compile(
    r"(?P<back>倒数)?第(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})|(?<![\d.])(?P<bare>\d{1,2}) ?(?:号(?!线|楼)|$)"
    r"|^(?:选|就|要|我选|我要|no\.? ?|option |number |choice )(?P<pick>\d{1,2}|[一二两三四五六七八九])$"
    r"|^(?P<word>[一二两三四五六七八九]|one|two|three|four|five|six)$"
)
_OTHER_RE = re.compile(r"另外?一?(?:个|张|笔|条)|另外那|the other(?: one| card)?\b")
_NOT_ALL_RE = re.compile(r"[不没吗]|怎么|什么|that's all|at all|\bnot\b|\bwhat\b")
_MORE_RE = re.compile(r"[两俩和跟]|另|\b(?:both|all|and|other)\b")
"""What tells that not only the one that is named is meant."""
_WHEN_RE = re.compile(r"(?<![a-z])last (?=night|week|month|year|time|mon|tue|wed|thu|fri|sat|sun)")
"""Says when something was, and not which one."""
_HAN_RUN_RE = re.compile(r"[\u3400-\u9fff]+")
_UNIT_RE = re.compile(r"[a-z]{2,}|\d+|[\u3400-\u9fff]")
_LETTER_RE = re.compile(r"(?<![a-z])[a-z][\u3400-\u9fff]")
_PARENTHESES_RE = re.compile(r"[(（][^)）]*+[)）]")
_DENIED_RE = re.compile(r"(?:没人|冇人|没有人|不是|唔系|没被|没有被)[\u3400-\u9fff]{1,2}")
_SOME_NUMBER = r" ?[\d一二两三四五六七八九十百千万几][\d,.一二两三四五六七八九十百千万]*+"
_HOUR_RE = re.compile(
    r"(?<![a-z\d-])((?:(?<=\bat )|(?<=\bit ))one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?![a-z-]| (?:or|to|past|people|of|more)\b)"
)
_SPELLED_FROM = 6
"""Letters from which a word may spell a name."""
_SHORT, _STORY, _FEW, _CLAUSE = 60, 300, 10, 10
"""Characters that are looked at, and words up to which sounds and single characters count."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things shown: its names by language, other words for it, its last figures, its sum, its moment."""

    labels: tuple[str, ...]
    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    amount: Decimal | None = None
    at: datetime | None = None


Picked = tuple[int, ...]
_Reader = Callable[[str, Sequence[Option], datetime | None], Picked | None]


def choose(text: str, options: Sequence[Option], now: datetime | None = None, *, sets: bool = True) -> Picked:
    """Indices of the options the words pick, in their order: several where they fit several, none where they fit none.

    `now` reads 昨天那笔 against the moments of the options. Whether the text answers at all is for the caller.
    """
    said = _WHEN_RE.sub(" ", _plainly(fold(text).text.strip()))[:_STORY].rstrip("。.!?吧啊呀")
    shown = said[:_SHORT] if sets else said
    if not shown or not options:
        return ()
    named = _by_figures(said, options, now) or ()
    if len(named) == 1 and not _DENIED_RE.search(said) and not _denies(said):
        return named
    corrected = split_correction(text)
    if corrected and corrected[1] and len(corrected[1]) < len(text.strip()):
        rejected = set(choose(corrected[0], options, now)) if corrected[0] else set()
        meant = choose(corrected[1], options, now)
        return tuple(i for i in meant if i not in rejected) or meant
    negated = _negation().match(shown)
    if negated:
        rejected = set(choose(negated["rest"], options, now))
        return tuple(i for i in range(len(options)) if i not in rejected) if rejected else ()
    for read in _READERS if sets else _PLAIN_READERS:
        picked = read(shown, options, now)
        if picked is not None:
            return picked
    return _by_words(shown, options)


def _plainly(said: str) -> str:
    """Put the usual word for one that is said for it elsewhere: 提款卡 is a 储蓄卡 in Taiwan."""
    for usual, others in load_words("choices")["same"].items():
        for other in others:
            said = said.replace(other, usual)
    return said


def _denies(shown: str) -> bool:
    """Tell whether one of the options is said not to be meant."""
    return bool(re.search(any_of([w for w in load_words("choices")["except"] if len(w) > 1 or w == "非"]), shown))


@lru_cache(maxsize=1)
def _negation() -> re.Pattern[str]:
    said = any_of(load_words("choices")["except"])
    return re.compile(
        rf"^(?:我?(?:说的|要的)?)?{said}(?: the| my)? ?(?P<rest>.{{1,30}}?)(?:以外|之外)?(?:的|那个|那张|那笔)?$"
    )


def rejects_all(text: str) -> bool:
    """Whether the words say that none of the things shown is meant."""
    return len(text) <= _SHORT and _has(fold(text).text, "none")


def names_any(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words stands in the text and is not denied right before; # stands for a number (存#)."""
    said = fold(text).text
    return any(_names(said, fold(word).text) for word in words if word)


def _names(said: str, word: str) -> bool:
    edge = (
        r"(?<![a-z0-9])(?<!not )(?<!no )(?<!n't )"
        if word[0].isascii()
        else "(?<![不没别非未无])(?<!不是)(?<!没有)(?<![没冇无]人)"
    )
    end = r"(?![a-z0-9])" if word[-1].isascii() else ""
    spelled = re.escape(word).replace(r"\#", _SOME_NUMBER)
    return bool(re.search(rf"{edge}{spelled}{end}", said))


def _has(text: str, name: str) -> bool:
    return bool(_pattern(name).search(text))


@lru_cache(maxsize=32)
def _pattern(name: str) -> re.Pattern[str]:
    words = list(load_words("choices")[name])
    english = any_of([w for w in words if w.isascii()] or ["\0"])
    chinese = any_of([w for w in words if not w.isascii()] or ["\0"])
    return re.compile(rf"{chinese}|(?<![a-z]){english}(?![a-z])")


def _by_set(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    if any(len(one) <= _CLAUSE and _has(one, "none") for one in clauses(fold(text))):
        return ()
    if _has(text, "any"):
        return tuple(range(len(options)))
    if _has(text, "all") and not _NOT_ALL_RE.search(text):
        named = _by_words(text, options, strict=True)
        return named if len(named) > 1 or (named and not _MORE_RE.search(text)) else tuple(range(len(options)))
    return None


def _by_figures(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    """Figures that an option has; figures of the same length that none has pick none."""
    known = {d.upper() for o in options for d in o.digits}
    said = {d.digits for size in {len(d) for d in known} for d in find_digits(text, size)}
    tails = {d.digits for d in find_digits(text) if len(d.digits) == 3}
    picked = _where(options, lambda o: any(d.upper() in said or d.upper()[-3:] in tails for d in o.digits))
    return picked or (() if said and not any(o.amount is not None for o in options) else None)


def _by_label(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    """All of a name (金信用卡 for 春和金信用卡), or the one figure that a name has (12 for 12期)."""
    names = [[_PARENTHESES_RE.sub("", fold(n).text).strip() for n in (*o.labels, *o.words)] for o in options]
    shared = _common_start([n[0] for n in names if n])
    whole = tuple(i for i, n in enumerate(names) if text in n or shared + text in n)
    if whole or not re.fullmatch(r"\d{1,4}", text):
        return whole or None
    return _where(options, lambda o: any(text in re.findall(r"\d+", fold(n).text) for n in o.labels)) or None


def _common_start(names: list[str]) -> str:
    return "".join(chars[0] for chars in takewhile(lambda chars: len(set(chars)) == 1, zip(*names, strict=False)))


def _by_value(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    """The same months, hour or sum said in another way: 一年 for 12期, 十点 for 10:00, 五块 for 5.00."""
    months = {m.months for m in find_months(text)}
    if months:
        picked = _where(options, lambda o: any(m.months in months for n in o.labels for m in find_months(n)))
        if picked:
            return picked
    parts = [(t.first, t.last) for t in find_times(text) if t.first < t.last]
    if parts and not any(o.at or o.amount is not None for o in options):
        first, last = parts[0]
        picked = _where(options, lambda o: any(first <= t.first < last for n in o.labels for t in find_times(n)))
        if picked and not any(t.first == t.last for t in find_times(text)):
            return picked
    hours = {hour for t in find_times(text) if t.first == t.last for hour in _halves(t)} or _bare_hours(text, options)
    if hours:
        picked = _where(options, lambda o: any(t.first in hours for n in o.labels for t in find_times(n)))
        if picked:
            return picked
    sums = {a.value for a in find_amounts(text)}
    return _where(options, lambda o: o.amount is not None and abs(o.amount) in sums) or None if sums else None


def _bare_hours(text: str, options: Sequence[Option]) -> set[time]:
    """The hours of a bare English number where all that is shown are hours: make it twelve."""
    said = _HOUR_RE.findall(text)
    if len(said) != 1 or not all(any(find_times(name) for name in o.labels) for o in options):
        return set()
    hour = read_count(said[0]) or 0
    return {time(one) for one in (hour, hour + 12) if 0 < one < 24}


def _halves(found: TimeFound) -> list[time]:
    early = found.first
    return [early, early.replace(hour=early.hour + 12)] if found.either_half and early.hour < 12 else [early]


def _by_place(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    """The second, the last, the one in the middle."""
    count = len(options)
    ordinal = _ORDINAL_RE.search(text)
    if ordinal:
        said = next(g for g in (ordinal["n"], ordinal["bare"], ordinal["pick"], ordinal["word"]) if g)
        place = read_count(said) or 0
        place = count + 1 - place if ordinal["back"] else place
        return (place - 1,) if 1 <= place <= count else ()
    named = load_words("choices")["ordinals"]
    found = re.search(rf"(?<![a-z]){any_of(list(named))}(?![a-z])", text)
    if found:
        return (named[found[0]] - 1,) if named[found[0]] <= count else ()
    return None


def _by_side(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    count = len(options)
    if _has(text, "middle"):
        return ((count - 1) // 2,) if count % 2 else None
    if _has(text, "last"):
        return (count - 1,)
    return (0,) if _has(text, "first") else None


def _by_order(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    """The latest, the largest, the longest."""
    if any(o.at for o in options):
        moments = [(o.at.timestamp() if o.at else None) for o in options]
        if _has(text, "newest"):
            return _extreme(moments, max)
        if _has(text, "oldest"):
            return _extreme(moments, min)
    hours: list[float | None] = [
        next((float(t.first.hour) for n in o.labels for t in find_times(n)), None) for o in options
    ]
    if all(hour is not None for hour in hours) and len(options) > 1:
        if _has(text, "latest_hour"):
            return _extreme(hours, max)
        if _has(text, "oldest"):
            return (0,)
    sizes: list[float | None] = [_size(o) for o in options]
    if any(s is not None for s in sizes):
        if _has(text, "largest"):
            return _extreme(sizes, max)
        if _has(text, "smallest"):
            return _extreme(sizes, min)
    return None


def _size(option: Option) -> float | None:
    if option.amount is not None:
        return float(abs(option.amount))
    return next((float(m.months) for name in option.labels for m in find_months(name)), None)


def _extreme(values: list[float | None], pick: Callable[[Iterable[float]], float]) -> Picked:
    best = pick(v for v in values if v is not None)
    return tuple(i for i, v in enumerate(values) if v == best)


def _by_other(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    """另一张 alone says which only beside what was picked before, which is not known here."""
    return () if _OTHER_RE.fullmatch(text) else None


def _by_date(text: str, options: Sequence[Option], now: datetime | None) -> Picked | None:
    """Of yesterday, of 20 November: the options of that day."""
    moments = [o.at for o in options if o.at]
    if now is None or not moments:
        return None
    for found in find_dates(text, now, future=None if max(moments) > now else False):
        first, last = found.first, found.last
        if first and last:
            return _where(options, lambda o: o.at is not None and first <= o.at.astimezone(now.tzinfo).date() <= last)  # noqa: B023
    return None


def _by_pinyin(text: str, options: Sequence[Option], _: datetime | None) -> Picked | None:
    """A Chinese name spelled in Latin letters: Lujiazui for 陆家嘴支行."""
    written = [word for word in _UNIT_RE.findall(text) if word.isascii() and len(word) >= _SPELLED_FROM]
    spelled = [f" {' '.join(syllables)} " for word in written if (syllables := spoken(word))]
    names = [
        "|".join(f" {' '.join(map(sound, run))} " for name in o.labels for run in _HAN_RUN_RE.findall(fold(name).text))
        for o in options
    ]
    picked = [tuple(i for i, name in enumerate(names) if word in name) for word in spelled]
    return next((one for one in picked if 0 < len(one) < len(options)), None)


_READERS: tuple[_Reader, ...] = (
    _by_set,
    _by_figures,
    _by_label,
    _by_value,
    _by_date,
    _by_pinyin,
    _by_order,
    _by_place,
    _by_other,
    _by_side,
)


_PLAIN_READERS: tuple[_Reader, ...] = (_by_figures, _by_label, _by_value, _by_date, _by_pinyin)
"""Those that count where nobody asked: who has lost the last card means no card's place in a list."""


def _where(options: Sequence[Option], fits: Callable[[Option], bool]) -> Picked:
    return tuple(i for i, option in enumerate(options) if fits(option))


def _by_words(text: str, options: Sequence[Option], *, strict: bool = False) -> Picked:
    """The options sharing most with the text of what not all have: pairs of characters, sounds, characters."""
    text = _DENIED_RE.sub(" ", text)
    short = len(_units(text)) <= _FEW
    for cut in (_pairs, _spoken, _singles) if short and not strict else (_pairs,):
        parts = [frozenset().union(*(cut(fold(n).text) for n in (*o.labels, *o.words))) for o in options]
        shared = frozenset.intersection(*parts) if len(parts) > 1 else frozenset()
        scores = [len((cut(text) & p) - shared) for p in parts]
        best = max(scores)
        if best:
            return tuple(i for i, score in enumerate(scores) if score == best)
    return ()


def _units(text: str) -> list[str]:
    return _UNIT_RE.findall(text)


@lru_cache(maxsize=1_024)
def _pairs(text: str) -> frozenset[str]:
    units = _units(text)
    both = {a + b for a, b in pairwise(units) if not a.isascii() and not b.isascii()}
    both |= set(_LETTER_RE.findall(text))
    return frozenset(both | {u for u in units if u.isascii()} - _empty())


@lru_cache(maxsize=1_024)
def _spoken(text: str) -> frozenset[str]:
    units = [u for u in _units(text) if not u.isascii()]
    return frozenset(f"{sound(a)} {sound(b)}" for a, b in pairwise(units))


@lru_cache(maxsize=1_024)
def _singles(text: str) -> frozenset[str]:
    return frozenset(u for u in _units(text) if not u.isascii()) - _empty()


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return frozenset(load_words("choices")["empty"])
