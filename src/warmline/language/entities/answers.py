"""Yes or no: what an answer to a question with two sides comes to."""

import re
from collections.abc import Collection
from enum import Enum, auto
from functools import lru_cache

from warmline.language.entities.fold import clauses, fold, load_words

_UNIT_RE = re.compile(r"[a-z0-9']+|[^\W_]|[?]|[\u2600-\u27bf\U0001f000-\U0001f3fa\U0001f400-\U0001faff]")
_REASON_RE = re.compile(
    "万一|免得|省得|以免|以防|(?:我|就|是|也|还|主要|因为|真)*怕(?!不)|谁知道?|"
    "(?:可|千万|一分钱?|一毛钱?|都|也)*(?:不能|不许|不准|别|甭)再?(?:让|叫|给)(?:他|她|它|人|别人|那|谁|小偷|贼|骗子)|"
    "(?:just )?in case |before (?:he|she|they|it|some)"
)
"""Begins a clause that says why: 冻！万一他再刷呢. A message of nothing else is read all the same."""
_PICTURE_RE = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]")


class _Kind(Enum):
    YES_FIRM = auto()
    YES_PLAIN = auto()
    WEAK = auto()
    NO_FIRM = auto()
    NO_PLAIN = auto()
    DOUBT = auto()
    BUT = auto()
    ASK = auto()
    FILLER = auto()
    TAG = auto()
    OR = auto()
    OBJECT = auto()
    NEITHER = auto()
    VERB = auto()
    OTHER = auto()


class _Said(Enum):
    """What one clause comes to; `DEED` is the bare word for what was asked (冻结), which may as well be a topic.

    `REFUSED`: the deed is named and refused (先别冻), which stands beside a 没错 said of something else.
    """

    YES = auto()
    DEED = auto()
    WEAK = auto()
    CONTENT = auto()
    NO = auto()
    REFUSED = auto()
    UNSURE = auto()
    ASKED = auto()
    NOTHING = auto()


_Words = dict[tuple[str, ...], _Kind]
_YES = {_Kind.YES_FIRM, _Kind.YES_PLAIN}
_NO = {_Kind.NO_FIRM, _Kind.NO_PLAIN}


def read_yes_no(text: str, verbs: Collection[str] = ()) -> bool | None:
    """Whether the text agrees (`True`) or refuses (`False`); `None` where it does neither or both.

    `verbs`: the words of what was asked, in every language (冻结, freeze): 那就冻结吧 is a yes and 先别冻 a no.
    Doubt is no consent: 好像是 is `None`, 好像不对 a no, 好的，那手续费多少 is `None` and 可以，手续费多少 a yes.
    """
    return _read(text, frozenset(verbs))


@lru_cache(maxsize=512)
def _read(text: str, verbs: frozenset[str]) -> bool | None:
    words, longest = _with_verbs(verbs)
    heard = clauses(fold(text)) or [""]
    parts = [clause for clause in heard if not _REASON_RE.match(clause)] or heard
    said = [_read_clause(_cut(clause, words, longest)) for clause in parts]
    return _weigh([s for s in said if s is not _Said.NOTHING])


def _weigh(said: list[_Said]) -> bool | None:
    if _Said.REFUSED in said:
        behind = said[len(said) - said[::-1].index(_Said.REFUSED) :]
        return None if {_Said.YES, _Said.DEED, _Said.WEAK} & set(behind) else False
    if _Said.NO in said:
        if _Said.YES in said or _Said.WEAK in said[said.index(_Said.NO) :]:
            return None
        return False
    if _Said.UNSURE in said:
        return None
    if _Said.YES in said:
        return True
    if _Said.DEED in said and not {_Said.ASKED, _Said.CONTENT} & set(said):
        return True
    return True if _Said.WEAK in said and _Said.ASKED not in said else None


def _read_clause(kinds: list[_Kind]) -> _Said:
    if _Kind.ASK in kinds:
        firm = _leading(kinds) is _Kind.YES_FIRM and kinds[-1] is not _Kind.ASK
        return _Said.UNSURE if firm else _Said.ASKED
    tagged = bool(kinds) and kinds[-1] is _Kind.TAG and _Kind.OTHER in kinds
    if tagged or {_Kind.VERB, _Kind.YES_PLAIN} & set(kinds[: kinds.index(_Kind.OR)] if _Kind.OR in kinds else ()):
        return _Said.ASKED
    kinds = _settle_things(kinds)
    if _Kind.BUT in kinds:
        before = _read_clause(kinds[: kinds.index(_Kind.BUT)])
        return _Said.NO if before is _Said.NO else _Said.UNSURE
    yes, no = bool(_YES & set(kinds)), bool(_NO & set(kinds))
    if not yes and _refuses_deed(kinds):
        return _Said.REFUSED
    if not yes and _refuses_other(kinds):
        return _Said.WEAK
    if _Kind.OTHER in kinds or _Kind.NEITHER in kinds:
        return _read_beginning(kinds)
    if no:
        return _Said.UNSURE if yes else _Said.NO
    if _Kind.DOUBT in kinds:
        return _Said.UNSURE
    if yes:
        return _Said.YES
    if _Kind.VERB in kinds:
        return _Said.DEED if set(kinds) == {_Kind.VERB} else _Said.WEAK
    return _Said.WEAK if _Kind.WEAK in kinds else _Said.NOTHING


def _refuses_deed(kinds: list[_Kind]) -> bool:
    """Tell whether the first refusal, and no second that would turn it round, stands before what was asked for."""
    rest = [k for k in kinds if k not in (_Kind.FILLER, _Kind.TAG)]
    refusals = [place for place, k in enumerate(rest) if k in _NO]
    return len(refusals) == 1 and rest[refusals[0] + 1 : refusals[0] + 2] == [_Kind.VERB]


def _refuses_other(kinds: list[_Kind]) -> bool:
    """Tell whether the deed is asked for, and something else of something else refused: 卡先停掉，折子不要动."""
    deed = kinds.index(_Kind.VERB) if _Kind.VERB in kinds else len(kinds)
    no = next((place for place, k in enumerate(kinds) if k in _NO), 0)
    return deed < no and _Kind.OTHER in kinds[deed:no] and kinds[no + 1 : no + 2] == [_Kind.OTHER]


def _settle_things(kinds: list[_Kind]) -> list[_Kind]:
    """A thing (储蓄卡) belongs to the answer only where what is done with it was named or refused."""
    named = _Kind.VERB in kinds or _leading(kinds) in _NO or kinds[-1:] == [_Kind.YES_FIRM]
    return [k if k is not _Kind.OBJECT else _Kind.FILLER if named else _Kind.OTHER for k in kinds]


def _leading(kinds: list[_Kind]) -> _Kind | None:
    """The first word that says something; a mere 嗯 before a refusal says nothing."""
    rest = [k for k in kinds if k not in (_Kind.FILLER, _Kind.TAG, _Kind.OR)]
    while len(rest) > 1 and rest[0] is _Kind.WEAK and rest[1] in _NO | {_Kind.WEAK}:
        rest = rest[1:]
    return rest[0] if rest else None


def _read_beginning(kinds: list[_Kind]) -> _Said:
    """Of a clause that says more, only a beginning that cannot be anything else counts."""
    first = _leading(kinds)
    no = bool(_NO & set(kinds))
    if first is _Kind.YES_FIRM:
        return _Said.UNSURE if no else _Said.YES
    if first is _Kind.NO_FIRM:
        return _Said.UNSURE if _Kind.YES_FIRM in kinds else _Said.NO
    return _Said.UNSURE if first is _Kind.DOUBT else _Said.CONTENT


def _cut(clause: str, words: _Words, longest: int) -> list[_Kind]:
    """The clause as kinds of words, the longest known word first; pictures that say nothing are left out.

    唔 alone is a yes of sorts, before anything else the Cantonese not: 唔确认.
    """
    units = _UNIT_RE.findall(clause)
    kinds: list[_Kind] = []
    i = 0
    while i < len(units):
        for size in range(min(longest, len(units) - i), 0, -1):
            kind = words.get(tuple(units[i : i + size]))
            if kind:
                refuses = size == 1 and units[i] == "唔" and units[i + 1 : i + 2] not in ([], ["唔"])
                kinds.append(_Kind.NO_FIRM if refuses else kind)
                break
        else:
            size = 1
            if not _PICTURE_RE.match(units[i]):
                kinds.append(_Kind.OTHER)
        i += size
    return kinds


@lru_cache(maxsize=1)
def _lexicon() -> _Words:
    lists = load_words("answers")
    named = {
        _Kind.FILLER: lists["filler"],
        _Kind.TAG: lists["tag"],
        _Kind.OR: lists["either"],
        _Kind.OBJECT: lists["object"],
        _Kind.DOUBT: lists["doubt"],
        _Kind.BUT: lists["but"],
        _Kind.ASK: lists["ask"],
        _Kind.WEAK: lists["weak"],
        _Kind.YES_PLAIN: lists["yes"]["plain"],
        _Kind.YES_FIRM: lists["yes"]["firm"],
        _Kind.NO_PLAIN: lists["no"]["plain"],
        _Kind.NO_FIRM: lists["no"]["firm"],
        _Kind.NEITHER: lists["neither"],
    }
    known = {tuple(_UNIT_RE.findall(word)): kind for kind, words in named.items() for word in words}
    denied = {("唔", *word): _Kind.NO_FIRM for word, kind in known.items() if kind in _YES and not word[0].isascii()}
    return {**denied, **known}


@lru_cache(maxsize=64)
def _with_verbs(verbs: frozenset[str]) -> tuple[_Words, int]:
    """The lexicon with what was asked about; a Chinese word's first character stands for it (冻吧)."""
    words = dict(_lexicon())
    for verb in verbs:
        units = tuple(_UNIT_RE.findall(fold(verb).text))
        if units and not units[0].isascii():
            words.setdefault(units[:1], _Kind.VERB)
        if units:
            words[units] = _Kind.VERB
    return words, max(len(key) for key in words)
