"""The bank's lexicon of feeling: which words say what, what turns them round, and how loudly it is said."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from warmline.language.feeling.model import Emotion
from warmline.language.normalise import normalise

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'"})
_CLAUSE_RE = re.compile(r"[,.!?;:|~\n]")
_BEFORE, _BEFORE_EN = 8, 24
_NEAR = 5
_END = 400
"""How people feel they say first and last; what is read stays short enough to be read at once."""
_LOUDER, _SOFTER = 1.3, 0.7
_SARCASM = 2.0
_REPEATED_RE = re.compile(r"([^\W\d哈呵嘻嘿])\1\1|([^\W\d]{2,6})[,!]?\2")
_SHOUT_RE = re.compile(r"\b[A-Z]{2,}\b")
_ORDER = tuple(Emotion)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words alone say: weight by feeling (0 where nothing does), loudness 0..1, names of the rules."""

    weights: tuple[float, ...]
    loudness: float
    manner: tuple[float, ...]
    signs: tuple[str, ...]

    @property
    def features(self) -> tuple[float, ...]:
        """One number for each feeling and each manner of saying; `FEATURES` of them."""
        return (*(min(w, 4.0) / 2 for w in self.weights), *self.manner)


FEATURES = len(_ORDER) + 5


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    emotion: Emotion
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: _Rule
    start: int
    end: int


@dataclass(frozen=True)
class _Lexicon:
    rules: tuple[_Rule, ...]
    sarcasm: Mapping[str, re.Pattern[str]]
    idioms: re.Pattern[str]
    negated: re.Pattern[str]
    rhetorical: re.Pattern[str]
    negated_en: re.Pattern[str]
    louder: re.Pattern[str]
    softer: re.Pattern[str]


@lru_cache(maxsize=2_048)
def read_words(text: str) -> Evidence:
    """Weigh a text as typed. Pure rules: below 1 ms for a usual turn."""
    folded = fold(text)
    lexicon = _lexicon()
    plain = lexicon.idioms.sub("|", folded)
    weights = dict.fromkeys(_ORDER, 0.0)
    signs: list[str] = []
    for hit in _outermost(_hits(plain, lexicon.rules)):
        emotion, weight, name = _weighed(plain, hit, lexicon)
        weights[emotion] += weight
        signs.append(name)
    ironic = [f"sarcasm.{name}" for name, pattern in lexicon.sarcasm.items() if pattern.search(folded)]
    if ironic:
        weights[Emotion.ANGER] += _SARCASM
        weights[Emotion.JOY] = 0.0
    manner, how = _manner(text, folded)
    loudness = min(1.0, 0.4 * manner[0] + 0.2 * (manner[1] + manner[3] + manner[4]))
    told = tuple(dict.fromkeys((*signs, *ironic, *how)))
    return Evidence(tuple(weights[e] for e in _ORDER), loudness, manner, told)


def fold(text: str) -> str:
    """The normalised text with straight apostrophes, which the patterns are written for; of a long one both ends."""
    folded = normalise(text).translate(_APOSTROPHES)
    return folded if len(folded) <= 2 * _END else folded[:_END] + "|" + folded[-_END:]


def join(parts: str) -> re.Pattern[str]:
    """Compile alternatives written over several lines."""
    return re.compile("|".join(parts.splitlines()))


def both(rule: Mapping[str, str]) -> re.Pattern[str]:
    """Compile a rule's `zh` and `en` into one; `en` only at word borders."""
    zh = ["|".join(rule["zh"].splitlines())] if "zh" in rule else []
    en = [rf"(?<![a-z])(?:{'|'.join(rule['en'].splitlines())})(?![a-z])"] if "en" in rule else []
    return re.compile("|".join(zh + en))


@lru_cache(maxsize=1)
def load() -> dict[str, Any]:
    """The lexicon file as data."""
    source = files("warmline.language.feeling").joinpath("data/lexicon.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(source)
    return loaded


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data = load()
    rules = tuple(
        _Rule(f"{emotion}.{name}", Emotion(emotion), float(rule["weight"]), both(rule))
        for emotion, named in data["emotions"].items()
        for name, rule in named.items()
    )
    fillers = "(?:太|很|那么|这么|怎么|特别|再|有|想|是|觉得|感到|会|用|要|让我|可能|什么|啥)*"
    negation = data["negation"]
    return _Lexicon(
        rules,
        {name: both(rule) for name, rule in data["sarcasm"].items()},
        join(data["idioms"]["zh"]),
        re.compile(f"{negation['zh']}{fillers}$"),
        re.compile(negation["rhetorical"]),
        re.compile(rf"(?:\b|(?<=n)){negation['en']}\s*$"),
        both(data["intensify"]),
        both(data["soften"]),
    )


def _hits(text: str, rules: tuple[_Rule, ...]) -> Iterator[_Hit]:
    for rule in rules:
        for found in rule.pattern.finditer(text):
            if found.end() > found.start():
                yield _Hit(rule, *found.span())


def _outermost(hits: Iterator[_Hit]) -> list[_Hit]:
    """Drop what a longer match covers: 不放心 is not 放心."""
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        if not any(k.start <= hit.start and hit.end <= k.end and k.end - k.start > hit.end - hit.start for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


def _weighed(text: str, hit: _Hit, lexicon: _Lexicon) -> tuple[Emotion, float, str]:
    rule, before = hit.rule, _CLAUSE_RE.split(text[max(0, hit.start - _BEFORE_EN) : hit.start])[-1]
    if rule.emotion is not Emotion.CALM and _negations(before, lexicon) % 2:
        turned = Emotion.DISAPPOINTMENT if rule.emotion is Emotion.JOY else Emotion.CALM
        return turned, 1.0, f"negated.{rule.name}"
    around = before[-_NEAR * 2 :] + "|" + text[hit.end : hit.end + _NEAR]
    factor = (_LOUDER if lexicon.louder.search(around) else 1.0) * (_SOFTER if lexicon.softer.search(before) else 1.0)
    return rule.emotion, rule.weight * factor, rule.name


def _negations(before: str, lexicon: _Lexicon) -> int:
    """How many negations stand right before a word: 不是不担心 has two."""
    if lexicon.negated_en.search(before):
        return 1
    found, rest = 0, before[-_BEFORE:]
    while rest and not lexicon.rhetorical.search(rest):
        match = lexicon.negated.search(rest)
        if not match or match.start() == match.end():
            break
        found, rest = found + 1, rest[: match.start()]
    return found


def _manner(text: str, folded: str) -> tuple[tuple[float, ...], list[str]]:
    """How it is said: exclamation, doubled question marks, trailing off, repeating oneself, capitals; each 0..1."""
    repeated = bool(_REPEATED_RE.search(folded))
    shouted = sum(len(w) > 3 for w in _SHOUT_RE.findall(text)) > 0 or len(_SHOUT_RE.findall(text)) > 2
    found = {
        "punctuation.exclaim": min(3, folded.count("!")) / 3,
        "punctuation.question": min(1.0, max(0, folded.count("?") - 1) / 2),
        "punctuation.trailing": float("..." in folded or "。。" in folded or folded.endswith("~")),
        "repeated.words": float(repeated),
        "capitals": float(shouted),
    }
    return tuple(found.values()), [name for name, value in found.items() if value]
