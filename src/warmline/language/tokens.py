"""Tokens of a normalised text: words, characters, character n-grams and sounds."""

import os
import re
from functools import lru_cache
from itertools import pairwise

_HAN_RUN_RE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")
_WORD_RE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+|[^\W_]+")
_TONES = str.maketrans(
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ",
    "aaaaeeeeiiiioooouuuuvvvvvnnnm",
)
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@lru_cache(maxsize=1)
def _jieba() -> object:
    import rjieba

    return rjieba


@lru_cache(maxsize=1)
def _sounds() -> dict[int, str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return dict(pinyin_dict)


@lru_cache(maxsize=8_192)
def sound(char: str) -> str:
    """The folded Mandarin sound of a character (zh=z, n=l, -ng=-n), or the character itself."""
    reading = _sounds().get(ord(char), "")
    if not reading:
        return char
    return _folded(reading.split(",", 1)[0].translate(_TONES))


def _folded(plain: str) -> str:
    for long, short in _FUZZY:
        if plain.startswith(long):
            plain = short + plain[len(long) :]
    if plain.startswith("l"):
        plain = "n" + plain[1:]
    return plain[:-1] if plain.endswith("ng") else plain


@lru_cache(maxsize=8_192)
def spoken(letters: str) -> tuple[str, ...]:
    """The folded sounds that Latin letters or bopomofo spell (zhuanren: zuan ren); none where they spell no Chinese."""
    syllables = _bopomofo() if letters[:1] > "z" else _pinyin()
    ways: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            before, syllable = ways[start], syllables.get(letters[start:end])
            if before is not None and syllable and (ways[end] is None or len(before) < len(ways[end] or ())):
                ways[end] = (*before, syllable)
    return ways[-1] or ()


@lru_cache(maxsize=1)
def _pinyin() -> dict[str, str]:
    plain = {reading.split(",", 1)[0].translate(_TONES) for reading in _sounds().values()}
    found = {one: _folded(one) for one in plain if one.isascii() and (len(one) > 1 or one in "aoe")}
    return {folded: folded for folded in found.values()} | found


@lru_cache(maxsize=1)
def _bopomofo() -> dict[str, str]:
    _sounds()
    from pypinyin.constants import Style
    from pypinyin.style import convert

    found: dict[str, str] = {}
    for reading in {reading.split(",", 1)[0] for reading in _sounds().values()}:
        letters = convert(reading, Style.BOPOMOFO, strict=True)
        sounded = _folded(reading.translate(_TONES))
        found |= {letters: sounded, letters.strip("ˇˊˋ˙"): sounded}
    return found


def words(text: str) -> list[str]:
    """Words of a normalised text: dictionary words (long words also in parts) for Chinese, runs elsewhere."""
    cut: list[str] = _jieba().cut_for_search(text)  # type: ignore[attr-defined]
    return [w for w in cut if _WORD_RE.match(w)]


def char_ngrams(text: str) -> list[str]:
    """Bigrams of Chinese runs and 3- to 5-grams of other words, ``_`` marking a word's edge."""
    found: list[str] = []
    for run in _WORD_RE.findall(text):
        if _HAN_RUN_RE.match(run):
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        else:
            edged = f"_{run}_"
            found += [edged[i : i + n] for n in (3, 4, 5) for i in range(len(edged) - n + 1)]
    return found


def sounds(text: str) -> list[str]:
    """Bigrams of folded sounds of Chinese runs, so that homophones and dialect spellings meet."""
    found: list[str] = []
    for run in _HAN_RUN_RE.findall(text):
        spoken = [sound(c) for c in run]
        found += [f"{a} {b}" for a, b in pairwise(spoken)] or spoken
    return found


def characters(text: str) -> list[str]:
    """Single Chinese characters: in short questions one character often carries the point."""
    return [c for run in _HAN_RUN_RE.findall(text) for c in run]
