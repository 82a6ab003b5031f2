"""Numbers as people write them: 两万五, 2万5千, 壹仟贰佰, twenty-five thousand, 1.2 million."""

import re
from decimal import Decimal

HAN_DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
    "俩": 2,
    "幺": 1,
}
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
_LARGE_UNITS = {"万": 10_000, "亿": 100_000_000}
_TENS = {"廿": 20, "卅": 30}
DIGIT = "[" + "".join(HAN_DIGITS) + "]"
UNIT = "[十拾百佰千仟万亿]"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})++(?!\d)|\d++)(?:\.\d++)?+"
NUMBER = rf"(?:{DIGIT}点{DIGIT}++(?=[万亿千百])|{_ARABIC}|{DIGIT}|[十拾百佰千仟万亿廿卅])++"
"""A run of numerals of any kind; `read_number` says whether it makes a number."""
_TOKEN_RE = re.compile(rf"({DIGIT})点({DIGIT}++)(?=[万亿千百])|({_ARABIC})|(.)")

ENGLISH_DIGITS = {
    w: i for i, w in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
}
_ENGLISH = {
    **ENGLISH_DIGITS,
    **{w: i + 10 for i, w in enumerate(["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"])},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19},
    **{
        w: 10 * i
        for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
    },
}
_ENGLISH_UNITS = {
    "hundred": 100,
    "thousand": 1_000,
    "grand": 1_000,
    "million": 1_000_000,
    "mil": 1_000_000,
    "mn": 1_000_000,
}
_WORD = "(?:" + "|".join(sorted(_ENGLISH, key=len, reverse=True)) + ")"
_MAGNITUDE = "(?:" + "|".join(_ENGLISH_UNITS) + ")"
ENGLISH_SMALL = rf"(?:{_WORD}(?:[ -]{_WORD})?)"
# An atomic group and no `*+`: Python 3.11.2 (Debian 12) matches that wrongly around optional parts.
ENGLISH_NUMBER = (
    rf"(?<![a-z\d.,])(?:(?:half )?an? (?:hundred|thousand|grand|million)|{_WORD}"
    rf"|{_ARABIC}(?= and a half {_MAGNITUDE}(?![a-z\d])| ?{_MAGNITUDE}(?![a-z\d])))"
    rf"(?>(?: and a half(?= {_MAGNITUDE}(?![a-z\d]))|(?:(?<=thousand)|(?<=million)|(?<=grand)) and a half|"
    rf"(?:[ -]|, )?(?:and )?(?:{_WORD}|{_MAGNITUDE})(?![a-z\d]))*)"
    r"(?![a-z])"
)
"""A number in English words, or with a magnitude in words behind digits."""
_ENGLISH_TOKEN_RE = re.compile(rf"{_ARABIC}|{_WORD}|{_MAGNITUDE}|half")
_ONE = Decimal(1)


def read_number(words: str) -> Decimal | None:
    """The value of a run of Chinese or Arabic numerals; `None` where they make none (两三千, 五百六百).

    A last digit after 百, 千 or 万 is of the next place: 一百二 is 120, 2万5 is 25,000.
    """
    total, section, unit, gap = Decimal(0), Decimal(0), 0, False
    number: Decimal | None = None
    for whole, part, arabic, sign in _TOKEN_RE.findall(words):
        large = _LARGE_UNITS.get(sign)
        small = _SMALL_UNITS.get(sign)
        if large:
            if number is None and not section and not (large > 10_000 and total):
                return None
            total, section = _close(total, section + (number or 0), large)
            number, unit, gap = None, large, False
        elif small:
            if 0 < unit <= small or (number is None and small != 10):
                return None
            section += (1 if number is None else number) * small
            number, unit, gap = None, small, False
        elif sign in ("零", "〇") and (total or section):
            gap = True
        elif number is not None:
            return None
        elif sign in _TENS:
            section, unit = section + _TENS[sign], 10
        else:
            number = _small(whole, part, arabic, sign)
    if number is not None and not gap and unit >= 100 and number == int(number) and 0 < number < 10:
        number *= Decimal(unit // 10)
    return total + section + (number or 0)


def _close(total: Decimal, section: Decimal, unit: int) -> tuple[Decimal, Decimal]:
    if unit > 10_000 and total:
        return (total + section) * unit, Decimal(0)
    return total + section * unit, Decimal(0)


def _small(whole: str, part: str, arabic: str, sign: str) -> Decimal:
    if arabic:
        return Decimal(arabic.replace(",", ""))
    if whole:
        return Decimal(f"{HAN_DIGITS[whole]}." + "".join(str(HAN_DIGITS[c]) for c in part))
    return Decimal(HAN_DIGITS[sign])


def read_english(words: str) -> Decimal | None:
    """The value of a number in English words: twenty-five thousand, two and a half million, a grand and a half."""
    total, current, unit = Decimal(0), Decimal(0), 0
    for word in _ENGLISH_TOKEN_RE.findall(words):
        if word in _ENGLISH_UNITS:
            unit = _ENGLISH_UNITS[word]
            if unit == 100:
                current = (current or _ONE) * 100
            else:
                total, current = total + (current or _ONE) * unit, Decimal(0)
        elif word == "half":
            if unit > 100 and not current:
                total += Decimal(unit) / 2
            else:
                current += Decimal("0.5")
        elif word in _ENGLISH:
            if current and current % 10:
                return None
            current += _ENGLISH[word]
        else:
            current += Decimal(word.replace(",", ""))
    return total + current


def read_count(words: str) -> int | None:
    """A whole number below 1,000 in any of these ways; `None` for anything else."""
    value = read_english(words) if re.match("[a-z]", words) else read_number(words)
    return int(value) if value is not None and value == int(value) and value < 1_000 else None
