"""Promises in what agents and the assistant say: who will do something for the customer, and by when. Pure.

A clause is a promise where it names a moment still to come and says that we will act by then, and nothing in it makes
it a rule (一般三天), a question, a condition, a refusal, the past, or something the customer is to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from warmline.conversation.events import AuthorKind
from warmline.kit.calendar import BusinessCalendar
from warmline.language.asking import asks
from warmline.language.entities.dates import find_dates
from warmline.language.entities.fold import fold
from warmline.language.entities.numerals import read_count
from warmline.language.entities.times import find_times

WORDS_LIMIT = 200
DAY_STARTS, DAY_ENDS = time(8), time(20)
"""Which half of the day 三点 means, where nothing says so: people are called by day."""
_ANY_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)

_SENTENCE_RE = re.compile(r"(?<=[。！？!?；;\n])|(?<=[a-z0-9]\.)\s+(?=[A-Z])")
_CLAUSE_RE = re.compile(
    r"[，、]|,(?!\d)|\s+(?:and|but|so)\s+(?=(?:I|i|we|We|the|you|my|a)\b[^,]*?(?:\bwill\b|['’]ll\b))"
)
_N = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_TO = r"(?:[-~到至]|或者?)(?P<m>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_EN_N = (
    r"(?P<n>\d{1,3}|an?|the|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty-eight)"
)
_EN_TO = r"(?:(?: to | or |-)(?P<m>\d{1,3}|two|three|four|five|six|seven|ten))"
_WORKDAYS = (
    re.compile(rf"(?<![第每]){_N}(?:个(?:工作日)?)?(?:{_TO})?个?(?:工作|营业)[日天](?!的?(?:前|[早晚上下]))"),
    re.compile(rf"\b{_EN_N}{_EN_TO}? (?:business|working) days?\b"),
    re.compile(r"(?P<n>下)一?个工作[日天]|\b(?P<next>next) (?:business|working) day\b"),
)
_HOURS = (
    re.compile(
        rf"(?:{_N}|(?P<all>半))个?(?P<half>半)?(?P<unit>小时|钟头|钟(?!内)|分钟|刻钟)"
        r"(?:(?:之|以)?[内后里]|(?<=给我.{2})|(?<=给我.{3})|(?<=给我.{4})|(?<=给我.{5}))"
    ),
    re.compile(
        rf"\b(?:with)?in (?:the next )?(?:(?P<all>half an)|{_EN_N}) (?P<unit>hour|hr|minute|min)s?\b|"
        rf"\bgive me (?:(?P<all2>half an)|{_EN_N.replace('<n>', '<n2>')}) (?P<unit2>hour|hr|minute|min)s?\b"
    ),
)
_DAYS = (
    re.compile(rf"(?<![第月\d]){_N}(?:{_TO})?个?(?P<unit>天|日|周|星期|礼拜|月)(?:之|以)?内"),
    re.compile(rf"\bwithin {_EN_N}{_EN_TO}? (?P<unit>day|week|month)s?\b"),
)
_TONIGHT_RE = re.compile(r"今晚|今夜|\btonight\b")
_TODAY_RE = re.compile(
    r"(?<![明后天])下班之?前|当[天日]之?内|\b(?:end of (?:the )?(?:business )?day|eod|close of business)\b"
)
_NAMED_RE = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天]|day\b(?<!today)(?<!\bday)")
"""A day of the week, which said on that day after the hour is the next one."""
_SMALL_EN = {
    "a": 1, "an": 1, "the": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty-eight": 48,
}  # fmt: skip

_WE = r"我(?!国)|行里|总行|银行|这边|咱|同事|主管|经理|专人|专员|专家|班长|技术|后台|风控|部门|柜台|工作人员"
_TELLS = (
    r"回[您你]|回[复覆答]|答[复覆]|反馈|通知|联[系络]|致电|[来回去打]个?电|打(?:给|过|回|返|[您你])|去个?电话|回拨|回访|回话|[准回]信|告[诉知]|"
    r"给[您你].{0,6}(?:电话|消息|信儿?|结果|说法|答|回|话)|[覆复][您你]|[俾畀]你|知会|上门"
)
_DONE = (
    r"退|到账|入账|到帐|入帐|到您|回到|寄|解冻|解锁|恢复|垫付|补[给进发]|赔付|办[结妥完好]|处理[好完]|完成|送[到达]|修好|解决|审[好完批]|"
    r"取出|发[到给您]|生效|开通|返还"
)
_ACTS_RE = re.compile(f"{_WE}|{_TELLS}|{_DONE}")
_CALLS_RE = re.compile(f"(?:{_WE}).*(?:{_TELLS})")
_EN_ACTS_RE = re.compile(
    r"\b(?:i|we|you|it|they|he|she|that|this|refund|money|card|colleague|supervisor|manager|specialist|team|bank|\w+)"
    r"(?:'ll| will| shall)\b|\b(?:i'm|we're|i am|we are) (?:going to|sending|posting|calling)\b|"
    r"\bi promise\b|\bexpect (?:my|our|a)\b|\blet me\b|\bget back to you\b|\bwe aim to\b|\bhear from (?:us|me)\b"
)
_EN_CALLS_RE = re.compile(
    r"\b(?:colleague|specialist|person|someone|i|we)\b.*(?:'ll| will)\b.*\b(?:call|ring|phone|contact|write)"
)
_NONE_RE = re.compile(
    r"一般|通常|正常情况|普遍|往往|平时|每[月年天周]|如果|要是|假如|若是|的话|只要|"
    r"不能|没法|没办法|无法|不一定|不了|不敢|不会|难以|没有|"
    r"已经?(?!加急)|[打查说讲发回看问]过(?![去来])|应该跟|为您服务|开门|营业|上班|休息|放假|截止|到期|有效期|利率|"
    r"需要|须|要提前|才能|可以(?:补|撤|申|办)|"
    r"\b(?:usually|normally|typically|generally|often|if|unless|when|can't|cannot|can not|won't|not|n't|"
    r"never|said|would|called|was|were|has been|have already|opens?|closes?|ends|valid|you need|you must|you have to|"
    r"you(?:'ll| will) (?:need|have to)|shall i|should i|could you|can you|please)\b"
)
_THEIRS_RE = re.compile(
    r"^(?:那么?|好的?|行|还|也|就|到时候?)*"
    r"(?:请(?!给我|主管|同事|经理|专)|麻烦|劳烦|[您你](?!的|放心|这笔|那笔)|记得|祝)"
)
_FILLER_RE = re.compile(
    r"^(?:最[迟晚快]|大概|预计|预估|估计|好的?|行|嗯|请|给我|的|之?[前后内]|以内|左右|在|会|\s|give me|[^\w])*$"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A promise found in words. `whole_day`: any moment of that day will do, and `due_at` is the end of it."""

    words: str
    due_at: datetime
    whole_day: bool


def extract(text: str, author: AuthorKind, said_at: datetime, calendar: BusinessCalendar) -> tuple[Said, ...]:
    """Return the promises in one message, in their order; `said_at` is in the bank's zone, and so are the moments.

    Customers promise nothing here. Of what the assistant says only that a colleague will be in touch is a promise: the
    rest comes from articles, which speak of everybody.
    """
    if author not in (AuthorKind.AGENT, AuthorKind.AGENT_FOR_ASSISTANT, AuthorKind.ASSISTANT):
        return ()
    found: dict[tuple[datetime, bool], Said] = {}
    for sentence in _SENTENCE_RE.split(text):
        for words in _clauses(sentence):
            if (said := _read(words, author, said_at, calendar)) and said.due_at > said_at:
                found.setdefault((said.due_at, said.whole_day), said)
    return tuple(found.values())


def _clauses(sentence: str) -> Iterator[str]:
    """Yield the clauses; one that is hardly more than a moment goes with what follows it (下周一九点，我打给您)."""
    held = ""
    for part in _CLAUSE_RE.split(sentence):
        clause = part.strip(" \t\n")
        if not clause:
            continue
        if held and not _asks(clause):
            clause, held = f"{held}，{clause}", ""
        if _is_bare(clause):
            held = clause
            continue
        yield clause


def _is_bare(clause: str) -> bool:
    rest = _without_moments(clause)
    return rest is not None and bool(_FILLER_RE.match(rest))


def _without_moments(clause: str) -> str | None:
    """Return what is left of a clause once its moments are taken out; None where it names none."""
    plain = fold(clause).text
    spans = [match.span() for pattern in (*_WORKDAYS, *_HOURS, *_DAYS) for match in pattern.finditer(plain)]
    spans += [one.span for one in find_dates(plain, _ANY_DAY, future=True)]
    spans += [one.span for one in find_times(plain)]
    if not spans:
        return None
    left = list(plain)
    for start, end in spans:
        left[start:end] = " " * (end - start)
    return "".join(left).strip()


def _asks(clause: str) -> bool:
    return clause.endswith(("?", "？")) or asks(clause)


def _read(clause: str, author: AuthorKind, said_at: datetime, calendar: BusinessCalendar) -> Said | None:
    plain = fold(clause).text
    if not _promises(plain, author, clause):
        return None
    deadline = _find_deadline(plain, said_at, calendar)
    if deadline is None:
        return None
    return Said(clause.strip("。.!！ ")[:WORDS_LIMIT], *deadline)


def _promises(plain: str, author: AuthorKind, clause: str) -> bool:
    rest = _without_moments(clause)
    if rest is None and not (_TODAY_RE.search(plain) or _TONIGHT_RE.search(plain)):
        return False
    if _NONE_RE.search(plain) or _asks(clause) or _THEIRS_RE.match(rest or plain):
        return False
    if author is AuthorKind.ASSISTANT:
        return bool(_CALLS_RE.search(plain) or _EN_CALLS_RE.search(plain))
    return bool(_ACTS_RE.search(plain) or _EN_ACTS_RE.search(plain))


def _find_deadline(plain: str, said_at: datetime, calendar: BusinessCalendar) -> tuple[datetime, bool] | None:
    """Return by when, and whether any moment of that day will do."""
    today = said_at.date()
    for pattern in _WORKDAYS:
        if match := _last(pattern, plain):
            return _end_of(calendar.add_workdays(today, _count(match)), said_at), True
    for pattern in _HOURS:
        if match := _last(pattern, plain):
            return said_at + _lasting(match), False
    for pattern in _DAYS:
        if match := _last(pattern, plain):
            return _end_of(_after(today, _count(match), match["unit"]), said_at), True
    return _find_moment(plain, said_at)


def _find_moment(plain: str, said_at: datetime) -> tuple[datetime, bool] | None:
    days = [one.last for one in find_dates(plain, said_at, future=True) if one.last]
    times = find_times(plain)
    near = _TODAY_RE.search(plain) or _TONIGHT_RE.search(plain)
    if not days and not times and not near:
        return None
    day = max(days) if days else said_at.date()
    if not times:
        return _end_of(day, said_at), True
    at = times[0].last
    if at >= time(23, 59):
        return _end_of(day, said_at), True
    moment = datetime.combine(day, at, said_at.tzinfo)
    if times[0].either_half and (at < DAY_STARTS or moment <= said_at):
        later = moment + timedelta(hours=12)
        moment = later if later.date() == day and not _NAMED_RE.search(plain) else moment
    if moment <= said_at and _NAMED_RE.search(plain):
        moment += timedelta(weeks=1)
    return moment, False


def _end_of(day: date, said_at: datetime) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), said_at.tzinfo)


def _last(pattern: re.Pattern[str], plain: str) -> re.Match[str] | None:
    return max(pattern.finditer(plain), key=lambda match: match.start(), default=None)


def _count(match: re.Match[str]) -> int:
    groups = match.groupdict()
    words = groups.get("m") or groups.get("n") or groups.get("n2") or "1"
    return _SMALL_EN.get(words) or read_count(words) or 1


def _lasting(match: re.Match[str]) -> timedelta:
    groups = match.groupdict()
    unit = groups.get("unit") or groups.get("unit2") or ""
    minutes = 15 if unit == "刻钟" else 1 if unit.startswith(("分", "min")) else 60
    if groups.get("all") or groups.get("all2"):
        return timedelta(minutes=minutes / 2)
    return timedelta(minutes=minutes * (_count(match) + (0.5 if groups.get("half") else 0)))


def _after(today: date, count: int, unit: str) -> date:
    return today + timedelta(days=count * {"天": 1, "日": 1, "day": 1, "月": 30, "month": 30}.get(unit, 7))
