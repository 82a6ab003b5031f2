"""Places in a town as customers name them: a street, a branch, a shopping centre, the machine there."""

import re
from dataclasses import dataclass
from functools import lru_cache

from warmline.language.entities.fold import Span, fold

_KIND = (
    "支行|分行|网点|营业部|营业厅|分理处|大街|大道|马路|广场|商场|商城|商业街|购物中心|步行街|地铁站|火车站|高铁站|汽车站|车站|机场|航站楼|"
    "医院|大学|学校|[东西南北正后]门(?!口)|小区|公园|超市|便利店|大厦|菜场|菜市场|酒店|银行|[路街巷弄道](?!上来|过)"
)
_MACHINE = (
    r"(?:(?:的|上的|上|里的|里|门口的?|楼下的?|旁边的?|自助区的?)?"
    r"(?:第?[\d一二三四五六七八九十]{1,2}号(?:柜员机|取款机|存款机|自助机|机|台)))?"
)
_LEAD = re.compile(
    r"^.*(?:[在到去是从离于往]|靠近|附近的?|昨天|今天|前天|刚才|刚刚|上午|下午|晚上|早上|中午|我|想|约|那个|这个|你们|咱们|[点号日])"
)
_CHINESE = re.compile(rf"(?P<name>[\u3400-\u9fff]{{1,14}}?(?:{_KIND})++)(?P<machine>{_MACHINE})")
_ENGLISH = re.compile(
    r"\b(?P<name>(?:[a-z][a-z'.]*+|\d{1,3}(?:st|nd|rd|th)) ?(?:[a-z'.]++ )?(?:road|rd|street|st|avenue|branch|"
    r"mall|plaza|square|station|metro|subway|airport|hospital|university|park|supermarket|hotel|tower)"
    r"(?: branch| station)?)\b"
    r"(?P<machine>)"
)
_ENGLISH_LEAD = re.compile(r"^(?:the|at|in|on|near|by|to|from|a|your|my|our|this|that) +")
_NO_ENGLISH_NAME = re.compile(r"^(?:what|which|any|some|no|one|another|every|each|other|nearest|closest|local|same)\b")

_ONLY_KIND = re.compile(r"(?:branch|bank|station|street|road|hotel|hospital|mall|airport|park|university|supermarket)")
_NO_NAME = re.compile(
    r"^(?:这|那|哪|本|贵|他|别的?|其他|其它|什么|一|两|几|个|家|条|的|有|没|走|出|上|下|半|网|多|一半)*"
    r"(?:支行|分行|网点|银行|路|街|道|车站|公园|超市|商场|酒店|医院|学校|大学|小区|机场|广场)?$"
)
_NOT_NAMES = (
    "知道",
    "味道",
    "管道",
    "通道",
    "渠道",
    "报道",
    "东道",
    "网路",
    "思路",
    "走路",
    "迷路",
    "半路",
    "一路",
    "路路",
)


_ABOUT = re.compile(
    r"^(?:我|咱)?(?:现在|就|家)?(?:住在|住|离|在|是|到)?(?P<name>.{2,}?)(?:最?近|附近|旁边|[那这]一?[边带里儿]|一带|周边)?(?:的)?[吧啊呀哦。.!]*$"
)


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A named place, as typed."""

    span: Span
    words: str


def name_place(text: str) -> str:
    """Return the place that an answer names: 徐家汇 of 我在徐家汇附近吧; the text itself where that is all."""
    folded = fold(text)
    found = _ABOUT.match(folded.text.strip())
    if found is None:
        return text.strip()
    offset = folded.text.find(folded.text.strip())
    return folded.words(found.start("name") + offset, found.end("name") + offset).strip()


@lru_cache(maxsize=512)
def find_places(text: str) -> tuple[PlaceFound, ...]:
    """Named places in their order: 人民路支行2号机, 徐家汇地铁站, Renmin Road. 那家网点 and 我知道 name none."""
    folded = fold(text)
    found = []
    for match in (*_CHINESE.finditer(folded.text), *_ENGLISH.finditer(folded.text)):
        start, end = match.span()
        lead = (_ENGLISH_LEAD if match.re is _ENGLISH else _LEAD).match(match["name"])
        start += lead.end() if lead else 0
        name = folded.text[start : match.end("name")]
        if (
            not name
            or _ONLY_KIND.fullmatch(name)
            or _NO_NAME.match(name)
            or _NO_ENGLISH_NAME.match(name)
            or name.endswith(_NOT_NAMES)
        ):
            continue
        found.append(PlaceFound(folded.span(start, end), folded.words(start, end)))
    named = [one for one in found if not one.words.endswith(("银行", "銀行"))] or found
    return tuple(sorted(named, key=lambda one: one.span))
