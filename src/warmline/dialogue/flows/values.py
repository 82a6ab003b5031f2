"""Values out of a customer's words: what they may mean for one slot. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import Shown
from warmline.language import service as lang

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_FIGURES = re.compile(r"\d+")
_CARD_BEHIND = re.compile(r"\s*(?:这|那|的)?(?:一)?(?:张|个)?(?:卡|账户)|\s*(?:card|account)\b|(?:这|那)张")
_CARD_ALONE = re.compile(r"(?=.*卡)(?:^|.*[,，。 ])(?!19|20)\d{4}(?:$|[,，。 ])")
"""Four figures by themselves, where cards are spoken of: 解除挂失，2257，卡找回来了."""
_PLAIN_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]{1,11}(?:\.\d+)?(?![\d期号日月点:：%])")
_SHORT = 12
"""Characters of an answer that may be a sum and a word or two."""
_TOO_MUCH = re.compile(
    r"[块元的期]?[ ,，.…。~]{0,8}(?:也|都|还|实在|是|系|就|好似|好像|is|are)? ?(?:有点|有啲|是|系)?"
    r"(?:太|嫌|过于|不够|唔够|[小少低多高大贵长短辣](?:了|咗|啲|点)(?!不|别|就别|就不|唔)|"
    r"too (?:much|high|low|little|small|long|short)|not enough)"
)
_AT_PRESENT = re.compile(
    r"(?:现在|目前|而家|原来|当前|currently|at present|right now)"
    r"(?:是|系|每天|的|限额|有|只有|才|能转|it'?s| ){0,4}$"
    r"|(?:只|最多|顶多)(?:让|能|给|准|可以|许)(?:我|过|转|刷|取|用|汇)*$|(?:才|只有|就)(?:能)?转$"
    r"|(?:骗|诈|呃|抢)(?:走|了|咗|去|掉|他|她|我){1,3}$"
    r"|\b(?:scammed|robbed|cheated|lost)(?: out)?(?: of)? ?$"
    r"|\bonly (?:lets?|allows?) me (?:to )?\w+ ?$|\b(?:stuck|capped|limited) (?:at|to) ?$"
)
"""What somebody has, or was robbed of, before a sum."""
_MISSING_BEHIND = re.compile(
    r" ?(?:块|元)?(?:没|冇|未)(?:出|吐|给)|(?: yuan| rmb)? (?:is |was )?(?:missing|short|never came)\b"
)
_MISSING_BEFORE = re.compile(r"(?:还?[少差缺][了咗着]?|\bshort(?: by)?|\bmissing) ?$")
_SETTLED = re.compile(r"(?:块|元)?(?:吧|好了|得了|就行|就好|算了|啦|喇)[。.!！~]*")
_NUMBERED = re.compile(r"\d|[一二三四五六七八九十]+[号日]|月|(?:st|nd|rd|th)\b")
_RATHER = re.compile(r"那|改|换|还是|不如|或者|就|\b(?:then|rather|instead|make it)\b")
_UNTIL = re.compile(r"(?:到|至|直到|截至|过了|等到|until|till|since then|by) ?$")
"""To this day is not the day."""
_YEAR_APART = re.compile(
    r"(\d{2,4}年|[一二][九零〇]..年)(?:的|生的?|生人|出生的?)?[,，、 ]+(?=(?:\d|[一二三四五六七八九十]){1,2}月)"
)
"""49年的，10月1号 is one day."""
_YEAR = re.compile(r"\d{4}|年")
_EDGE = re.compile(r"(?P<first>初|头|start|beginning)|底|末|end")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def read_slot(
    text: str, slot: f.Slot, shown: tuple[Shown, ...], now: datetime, *, asked: bool = False
) -> tuple[Shown, ...]:
    """Return the values these words may mean; one where it is clear. `asked`: it is what was asked for."""
    if slot.type == "option" and not slot.items and not asked:
        return _longest(text, tuple(one for one in shown if lang.names_any(text, one.words)))
    if slot.type == "option":
        named = tuple(one for one in shown if slot.words and lang.names_any(text, one.words))
        options = [_option(one) for one in shown]
        picked = lang.choose(text, options, now, sets=asked)
        if len(named) == 1 and not asked:
            return named if not picked or shown.index(named[0]) in picked else (*named, *(shown[one] for one in picked))
        if not picked and not asked:
            picked = lang.choose(_FIGURES.sub(" ", text), options, now, sets=False)
        return tuple(shown[index] for index in picked)
    read = tuple(Shown(value, value) for value in dict.fromkeys(_read_values(text, slot, now, asked=asked)))
    named = read or _longest(text, tuple(one for one in shown if lang.names_any(text, one.words)))
    told = lang.find_told(text, slot.words) if slot.type == "text" and not (named or asked) else ""
    return (Shown(told, told),) if told else named


def _longest(text: str, named: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """Of several that are named, return the one by the longest word: 结清证明 before 贷款."""
    if len(named) < 2:
        return named
    lengths = [max(len(word) for word in one.words if lang.names_any(text, (word,))) for one in named]
    return tuple(one for one, length in zip(named, lengths, strict=True) if length == max(lengths))


def _read_values(text: str, slot: f.Slot, now: datetime, *, asked: bool) -> Iterable[str]:
    match slot.type:
        case "yes_no":
            yes = lang.read_yes_no(text, slot.words) if asked else _wants(text, slot.words) or None
            return () if yes is None else ("yes" if yes else "no",)
        case "amount":
            sums = lang.find_amounts(text)
            sums = tuple(one for one in sums if one.target) or sums
            sums = tuple(one for one in sums if not _is_now(text, one))
            sums = tuple(one for one in sums if not one.approximate) or sums
            sure = [one for one in sums if one.sure and not one.approximate]
            lone = [one for one in sums if len(sums) == 1 and not one.approximate and not _is_tail(text, one)]
            sums = tuple(one for one in sums if _is_short_by(text, one)) or sums
            sums = sums[-1:] if len(sums) > 1 and _SETTLED.fullmatch(text[sums[-1].span[1] :].strip()) else sums
            bare = _bare_sum(text) if asked and not sums else []
            return [f"{one.value:.2f}" for one in (sums if asked else sure or lone)] or bare
        case "date":
            future = None if slot.past is None else not slot.past
            text = _YEAR_APART.sub(r"\1", text)
            found = lang.find_dates(text, now, future=future)
            days = [one for one in found if one.first and one.precision is lang.Precision.DAY]
            days = _settle(text, [one for one in days if not _UNTIL.search(text[: one.span[0]])] or days)
            if slot.past and len(days) > 1:
                days = [min(days, key=lambda one: one.first or date.max)]
            first = [one.first for one in days] or [_edge(one) for one in found[:1] if asked]
            return [day.isoformat() for day in first if day]
        case "time":
            return [f"{one.first:%H:%M}" for one in lang.find_times(text) if one.first == one.last]
        case "digits":
            plain = tuple(word for word in slot.words if "#" not in word)
            named = asked or not slot.words or lang.names_any(text, plain) or bool(_CARD_ALONE.search(text))
            figures = lang.find_digits(text, slot.length)
            beside = [one.digits for one in figures if _is_beside(text, one, slot.words)]
            return beside or [one.digits for one in figures if named]
        case "phone" | "mobile":
            numbers = [one.digits for one in lang.find_phones(text)]
            return [one for one in numbers if slot.type == "phone" or not one.startswith("0")]
        case "place":
            return [one.words for one in lang.find_places(text)]
        case "months":
            return [str(one.months) for one in lang.find_months(text)] or (_bare_months(text) if asked else ())
        case _:
            return ()


def _settle(text: str, days: list[lang.DateFound]) -> list[lang.DateFound]:
    """Return the day that counts where several are named: the one with a year, or a number, or that comes behind 那."""
    for exact in (_YEAR, _NUMBERED):
        if len(days) > 1:
            days = [one for one in days if exact.search(one.words)] or days
    if len(days) > 1 and _RATHER.search(lang.normalise(text[days[-2].span[1] : days[-1].span[0]])):
        return days[-1:]
    return days


def _edge(found: lang.DateFound) -> date | None:
    """Return the day that the beginning or the end of a stretch is taken for, where one was asked for: 年底."""
    if found.precision is not lang.Precision.RANGE or not (part := _EDGE.search(found.words)):
        return None
    return found.first if part["first"] else found.last


def _is_beside(text: str, digits: lang.Digits, words: tuple[str, ...]) -> bool:
    """Tell whether figures stand right beside what they belong to, # in the words: 信用卡1472, 9046 新卡."""
    return any("#" in word and lang.names_any(text, (word.replace("#", digits.words),)) for word in words)


def _option(shown: Shown) -> lang.Option:
    item = shown.item or {}
    amount, at = item.get("amount"), item.get("at")
    return lang.Option(
        labels=(shown.label, *shown.words),
        digits=(shown.digits,) if shown.digits else (),
        amount=Decimal(str(amount)) if amount is not None and _NUMBER.fullmatch(str(amount)) else None,
        at=datetime.fromisoformat(str(at)) if at and _MOMENT.match(str(at)) else None,
    )


def _is_tail(text: str, amount: lang.Amount) -> bool:
    """Tell whether a bare number is what a card is called by: 6615那张."""
    return bool(_CARD_BEHIND.match(lang.normalise(text[amount.span[1] :])))


def _is_now(text: str, amount: lang.Amount) -> bool:
    """Tell whether a sum is what somebody has and does not want: 五万太多了, 现在是五千."""
    start, end = amount.span
    return bool(_TOO_MUCH.match(lang.normalise(text[end:])) or _AT_PRESENT.search(lang.normalise(text[:start])))


def _is_short_by(text: str, amount: lang.Amount) -> bool:
    """Tell whether a sum is said to be the one that is missing: it gave 500, so 500 missing."""
    start, end = amount.span
    said = lang.normalise(text)
    return (
        bool(_MISSING_BEHIND.match(said[end:]) or _MISSING_BEFORE.search(said[:start]))
        if len(said) == len(text)
        else False
    )


def _wants(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether what a yes would agree to is asked for already: 帮我把卡冻结."""
    long = [word for word in words if len(word) > 1]
    return lang.names_any(text, long) and not lang.asks(text)


def _bare_sum(text: str) -> list[str]:
    """A number with little beside it, where a sum was asked for: 200一天, 3200 全部."""
    numbers = _PLAIN_NUMBER.findall(lang.normalise(text)) if len(text) <= _SHORT else []
    return [f"{Decimal(numbers[0].replace(',', '')):.2f}"] if len(numbers) == 1 else []


def _bare_months(text: str) -> list[str]:
    """A number alone, where a number of months was asked for."""
    return [one.digits.lstrip("0") for one in lang.find_digits(text) if 0 < len(one.digits) <= 2]
