"""Whether a text stays inside its source. Pure; in doubt it does not: the source's own words are always there.

What is compared: numbers with unit and bounds, yes and no, promises, secrets, names, quoted words, addresses of any
kind, markup, language, length, and how much of the text is new. Reasons are codes, never words of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from warmline.language.lm.facts import any_word, clauses, find_bounds, find_day_words, find_facts, load_terms, plain
from warmline.language.lm.masking import find_names, has_placeholder
from warmline.language.normalise import MAX_QUERY_CHARS, Language, detect_language, strip_hidden, to_simplified

_LINK = re.compile(
    r"(?:https?|ftp|mailto|tel|javascript|data)\s?:|www\.|[\w.+-]+@[\w-]+|(?<![\w.])[a-z0-9-]+(?:\s?[.。]\s?[a-z0-9-]+)*\s?[.。]\s?(?:com|cn|net|org|gov|io|top|xyz|vip|cc|info|shop|app|me|co)\b"
)
_DOTTED = re.compile(r"\b[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+\b")
_MARKUP = re.compile(
    r"</?[a-z!]|&[a-z#0-9]{2,8};|\]\(|!\[|```|~~~|^\s{0,3}#{1,6}\s|^\s{0,3}>|\||<<<|>>>|\{\{|\}\}|<\|", re.MULTILINE
)
_BOLD = re.compile(r"\*\*|__")
_QUOTED = re.compile(r"[“\"「『《【]([^”\"」』》】]{1,60})[”\"」』》】]")
_LATIN = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*")
_MIXED = re.compile(r"\b(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{2,}\b")
_RUN = re.compile(r"\d{5,}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CAPITALISED = re.compile(r"(?<![.!?:\n]\s)(?<![.!?:\n])(?<!^)\b[A-Z][A-Za-z]{2,}\b")
_ORG = re.compile(
    r"[\u4e00-\u9fff]{2,10}?(?:银行|公司|集团|部门|中心|支行|分行|大厦|热线|平台|机构|协会|委员会|法院|派出所)"
)
_WORD = re.compile(r"[a-z']+")
_SENTENCE = re.compile(r"[。！!？?\n；;]|(?<!\d)\.(?!\d)")
NEW_SHARE = {"zh": 0.55, "en": 0.5}
"""So much of a sentence may be words that are not in the source, for the tone; shorter than `SHORT` it may be all."""
SHORT = {"zh": 14, "en": 8}
SHORTEST, LONGEST, SPARE = 0.5, 1.5, 40
"""How long a rewording may be, against its source; a text that says less than all may be as short as it likes."""
LEAK = {"zh": 10, "en": 32}
"""So many characters in a row of the instructions are no accident."""


def find_fault(text: str, source: str, *, keep: bool = True, secret: str = "") -> str:
    """Return why `text` leaves its source, empty where it does not.

    `keep`: everything in the source that matters must be said, in its order; else less may be said. `secret`: the
    instructions given to whoever wrote it, which must not show.
    """
    if not text.strip():
        return "empty"
    if max(len(text), len(source)) > MAX_QUERY_CHARS:
        return "too_long"
    checks: list[Iterator[str]] = [
        _check_shape(text, source, keep=keep), _check_signs(text, source), _check_tokens(text, source),
        _check_numbers(text, source, keep=keep), _check_turns(text, source, keep=keep),
        _check_words(text, source), _check_names(text, source, keep=keep), _check_new(text, source),
        _check_secret(text, source, secret),
    ]  # fmt: skip
    return next((reason for check in checks for reason in check), "")


def _check_shape(text: str, source: str, *, keep: bool) -> Iterator[str]:
    most = len(source) * LONGEST + SPARE if keep else len(source) + SPARE
    if len(text) > most or (keep and len(text) < len(source) * SHORTEST):
        yield "length"
    spoken, written = detect_language(text), detect_language(source)
    if spoken is not written and not (Language.OTHER in (spoken, written) and not keep):
        yield "language"
    if written is Language.ZH_HANS and _other_script(text) - _other_script(source):
        yield "language"
    if has_placeholder(text):
        yield "placeholder"
    if keep and _list_marks(text) != _list_marks(source):
        yield "list"


def _other_script(text: str) -> set[str]:
    return {c for c in text if _HAN.match(c) and to_simplified(c) != c}


def _list_marks(text: str) -> list[str]:
    """Return the numbers of a list's points; points without one are all the same."""
    found = re.findall(r"(?m)^[ \t]*(?:(\d{1,2})[.)、](?!\d)|[-*+•][ \t])", text)
    return found if len(found) > 1 else []


def _check_signs(text: str, source: str) -> Iterator[str]:
    """Markup, hidden and foreign signs: what a source does not have, its rewording has not either."""
    known = {*source, *unicodedata.normalize("NFKC", source)}
    if any(c not in known and _is_odd(c) for c in text) or strip_hidden(text, keep_emoji=True) != text:
        yield "signs"
    if not _is_chinese(source) and any(_HAN.match(c) and c not in known for c in text):
        yield "signs"
    for pattern in (_MARKUP, _BOLD):
        marks, had = pattern.findall(text.lower()), pattern.findall(source.lower())
        if set(marks) - set(had) or len(marks) > len(had) + 2:
            yield "markup"


def _is_chinese(text: str) -> bool:
    """Tell whether a text is Chinese, with Latin words or not; some English articles name a button in Chinese."""
    return len(_HAN.findall(text)) * 3 >= len(_WORD.findall(text))


def _is_odd(sign: str) -> bool:
    """Tell whether a sign is no part of plain Chinese or English text: a look-alike of a letter, a picture."""
    if sign.isascii() or "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uff65" or sign in "“”‘’—–…·×÷°¥€£％‰":
        return False
    return not ("\u3400" <= sign <= "\u9fff")


def _check_tokens(text: str, source: str) -> Iterator[str]:
    """Links, addresses and, in Chinese, every Latin word stand in the source."""
    said, known = plain(text), plain(source)
    bare = re.sub(r"\s", "", known)
    if any(re.sub(r"\s", "", one[0]) not in bare for one in (*_LINK.finditer(said), *_DOTTED.finditer(said))):
        yield "link"
    pattern = _LATIN if _is_chinese(said) else _MIXED
    if {one[0] for one in pattern.finditer(said)} - {one[0] for one in _LATIN.finditer(known)}:
        yield "token"
    if {one for one in _RUN.findall(re.sub(r"[\s,-]", "", said)) if one not in re.sub(r"[\s,-]", "", known)} and set(
        _RUN.findall(said)
    ) - set(_RUN.findall(known)) - {fact.value for fact in find_facts(source)}:
        yield "number"


def _check_numbers(text: str, source: str, *, keep: bool) -> Iterator[str]:
    said, known = find_facts(text), find_facts(source)
    if keep and said != known:
        yield "number" if [one.bare for one in said] != [one.bare for one in known] else "bound"
    bare, full = {one.bare for one in known}, set(known)
    for one in said:
        if one.bare not in bare:
            yield "number"
        elif one.bounds and one not in full:
            yield "bound"
    days, known_days = find_day_words(text), find_day_words(source)
    if days - known_days or (keep and days != known_days):
        yield "date"
    if keep and find_bounds(text) != find_bounds(source):
        yield "bound"


def _check_turns(text: str, source: str, *, keep: bool) -> Iterator[str]:
    """Yes stays yes and no stays no: in what is said of each matter, and in their order where both are said."""
    said, known = _turns(plain(text)), _turns(plain(source))
    for matter, answers in said.items():
        if set(answers) - set(known.get(matter, ())):
            yield "turned"
    if not keep:
        return
    if _count_denials(plain(text)) != _count_denials(plain(source)):
        yield "turned"
    for matter, answers in known.items():
        kept = said.get(matter, [])
        if (False in answers and False not in kept) or (matter in ("need", "charge") and not kept):
            yield "dropped"
        if len(set(answers)) > 1 and kept != answers:
            yield "turned"


def _turns(text: str) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {}
    for clause in clauses(text):
        for matter, (yes, no) in _turn_patterns().items():
            for at, end, answer in _said_of(clause, yes, no):
                found.setdefault(matter, []).append(answer != _is_negated(clause, at, end))
    return found


def _said_of(clause: str, yes: re.Pattern[str], no: re.Pattern[str] | None) -> Iterator[tuple[int, int, bool]]:
    denied = [one.span() for one in no.finditer(clause)] if no else []
    yield from ((*span, False) for span in denied)
    for one in yes.finditer(clause):
        if not any(one.start() < end and start < one.end() for start, end in denied):
            yield (*one.span(), True)


@lru_cache(maxsize=1)
def _turn_patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    turns = load_terms()["turns"]
    return {
        name: (any_word(words["does"]), any_word(words["denies"]) if words.get("denies") else None)
        for name, words in turns.items()
    }


_BEFORE_HAN, _BEFORE_ENGLISH = 5, 5


def _is_negated(clause: str, at: int, end: int) -> bool:
    """Tell whether an odd number of words of denial stands close before a word, or one right behind it."""
    before = clause[:at]
    if _HAN.search(before[-_BEFORE_HAN:]) or not _WORD.search(before):
        near = _asks_whether().sub("　", _not_negators().sub("　", before))[-_BEFORE_HAN:]
        return bool(sum(near.count(one) for one in load_terms()["negators"]) % 2)
    words = re.findall(r"[a-z']+", before)[-_BEFORE_ENGLISH:]
    denials: set[str] = set(load_terms()["english_negators"])
    behind = re.match(r"\s?(?:not\b|n't)", clause[end:]) is not None
    return bool((sum(one in denials or one.endswith("n't") for one in words) + behind) % 2)


def _count_denials(text: str) -> int:
    text = _not_negators().sub("　", text)
    if _is_chinese(text):
        return sum(text.count(one) for one in load_terms()["negators"])
    denials = set(load_terms()["english_negators"])
    return sum(one in denials or one.endswith("n't") for one in _WORD.findall(text))


@lru_cache(maxsize=1)
def _asks_whether() -> re.Pattern[str]:
    return any_word(load_terms()["asks_whether"])


@lru_cache(maxsize=1)
def _not_negators() -> re.Pattern[str]:
    return any_word(load_terms()["not_negators"])


def _check_words(text: str, source: str) -> Iterator[str]:
    """No promise, no secret and no way out of the house that the source does not name."""
    said, known = plain(text), plain(source)
    for words in _promise_patterns():
        if len(words.findall(said)) > len(words.findall(known)):
            yield "promise"
    touchy = _touchy()
    if set(touchy.findall(said)) - set(touchy.findall(known)):
        yield "touchy"


@lru_cache(maxsize=1)
def _promise_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(any_word(words) for words in load_terms()["promises"].values())


@lru_cache(maxsize=1)
def _touchy() -> re.Pattern[str]:
    return any_word(load_terms()["touchy"])


def _check_names(text: str, source: str, *, keep: bool) -> Iterator[str]:
    """Names of people, bodies and buttons, and whatever stands in quotes."""
    known, bare = plain(source), re.sub(r"\s", "", plain(source))
    quoted = [one[1] for one in _QUOTED.finditer(text)]
    if any(re.sub(r"\s", "", plain(one)).strip("，。,.") not in bare for one in quoted):
        yield "quote"
    if keep and [plain(one) for one in quoted] != [plain(one[1]) for one in _QUOTED.finditer(source)]:
        yield "quote"
    bodies = [one[0] for one in _ORG.finditer(plain(text))]
    capitals = [] if _is_chinese(text) else [one for one in _CAPITALISED.findall(text) if one.lower() not in _gentle()]
    if any(plain(one) not in known for one in (*find_names(text), *capitals)):
        yield "name"
    if any(not any(one[start:] in known for start in range(len(one) - 3)) for one in bodies):
        yield "name"


def _check_new(text: str, source: str) -> Iterator[str]:
    """Every sentence is about what the source is about, or a short word of kindness."""
    tongue = "zh" if _is_chinese(source) else "en"
    known = _grams(plain(source), tongue)
    for sentence in _SENTENCE.split(plain(text)):
        grams = _grams(sentence, tongue)
        size = len(_HAN.findall(sentence)) if tongue == "zh" else len(_WORD.findall(sentence))
        new = [one for one in grams if one not in known]
        if size > SHORT[tongue] and len(new) > NEW_SHARE[tongue] * len(grams):
            yield "new"


def _grams(text: str, tongue: str) -> list[str] | set[str]:
    if tongue == "en":
        return [word.rstrip("s") for word in _WORD.findall(text) if word not in _gentle()]
    return ["".join(pair) for run in re.findall(r"[\u3400-\u9fff]+", text) for pair in pairwise(run)]


@lru_cache(maxsize=1)
def _gentle() -> frozenset[str]:
    return frozenset(load_terms()["gentle"])


def _check_secret(text: str, source: str, secret: str) -> Iterator[str]:
    size = LEAK["zh" if _HAN.search(secret) else "en"]
    said, known, hidden = _bare(text), _bare(source), _bare(secret)
    parts = (said[at : at + size] for at in range(max(0, len(said) - size + 1)))
    if hidden and any(part in hidden and part not in known for part in parts):
        yield "leak"


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", plain(text))


def join_sources(texts: Iterable[str]) -> str:
    """Return several sources as one."""
    return "\n\n".join(text.strip() for text in texts if text.strip())
