"""What customers type is read as they mean it: tables of phrasings in every language of the house.

`held_out_*` were written before any reader existed and kept as they were; `seen_*` grew while the readers were made.
Those of acts are what the package itself learns from.
"""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import warmline.language.entities
from warmline.language.service import (
    Act,
    Amount,
    DateFound,
    Option,
    TimeFound,
    choose,
    find_amounts,
    find_dates,
    find_digits,
    find_months,
    find_phones,
    find_times,
    read_acts,
    read_yes_no,
    split_correction,
)

TABLES = Path(__file__).parent / "data/entities"
EXAMPLES = Path(warmline.language.entities.__file__).parent / "data/act_examples.yaml"
SETS = ("held_out", "seen")
ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 25, 10, tzinfo=ZONE)
"""A Wednesday."""
FUTURE = {"plain": None, "future": True, "past": False}


def table(name: str) -> list[tuple[str, Any]]:
    """All of a table as strings, (part of it, text, what is expected) where it has parts."""
    return [(part, rows) for kept in SETS for part, rows in _load(f"{kept}_{name}").items()]


def parts(name: str) -> list[tuple[str, str, Any]]:
    rows = table(name)
    return [
        (part, text, want)
        for part, of in rows
        for text, want in (of.items() if isinstance(of, dict) else [(t, 0) for t in of])
    ]


def _load(name: str) -> dict[str, Any]:
    file = EXAMPLES if name == "seen_acts" else TABLES / f"{name}.yaml"
    loaded: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)
    return loaded


def show_amount(amount: Amount) -> str:
    return f"{'~' if amount.approximate else ''}{amount.value.normalize():f}"


def show_date(found: DateFound) -> str:
    if found.first is None:
        return "lunar"
    return str(found.first) if found.first == found.last else f"{found.first}..{found.last}"


def show_time(found: TimeFound) -> str:
    first, last = f"{found.first:%H:%M}", f"{found.last:%H:%M}"
    return (first if first == last else f"{first}-{last}") + ("?" if found.either_half else "")


def of(part: str, name: str = "others") -> list[tuple[str, Any]]:
    return [(text, want) for found, text, want in parts(name) if found == part]


@pytest.mark.parametrize(("text", "want"), table("amounts"))
def test_amounts(text: str, want: list[str]) -> None:
    assert [show_amount(a) for a in find_amounts(text)] == [w if "." not in w else w.rstrip("0") for w in want]


@pytest.mark.parametrize(("text", "want"), of("targets"))
def test_what_a_sum_is_to_become(text: str, want: list[str]) -> None:
    assert [show_amount(a) for a in find_amounts(text) if a.target] == want


@pytest.mark.parametrize(("side", "text", "want"), parts("dates"))
def test_dates(side: str, text: str, want: list[str]) -> None:
    assert [show_date(d) for d in find_dates(text, NOW, future=FUTURE[side])] == want


@pytest.mark.parametrize(("text", "want"), of("times"))
def test_times(text: str, want: list[str]) -> None:
    assert [show_time(t) for t in find_times(text)] == want


@pytest.mark.parametrize(("text", "want"), of("digits"))
def test_the_last_four(text: str, want: list[str]) -> None:
    assert [d.digits for d in find_digits(text, 4)] == want


@pytest.mark.parametrize(("text", "want"), of("phones"))
def test_phones(text: str, want: list[str]) -> None:
    assert [d.digits for d in find_phones(text)] == want


@pytest.mark.parametrize(("text", "want"), of("months"))
def test_months(text: str, want: list[str]) -> None:
    assert [str(m.months) for m in find_months(text)] == want


@pytest.mark.parametrize(("part", "text", "_"), parts("yes_no"))
def test_yes_and_no(part: str, text: str, _: int) -> None:
    assert read_yes_no(text, ["冻结", "freeze", "block"]) is {"yes": True, "no": False, "unclear": None}[part]


ALSO = {Act.BACK: {Act.CORRECT}, Act.CORRECT: {Act.BACK}, Act.RESUME: {Act.BACK}}
"""刚才那个填错了 goes back and corrects; every other act beside the one meant is a false alarm."""


@pytest.mark.parametrize(("part", "text", "_"), parts("acts"))
def test_acts(part: str, text: str, _: int) -> None:
    found = read_acts(text)
    if part == "none":
        assert found == frozenset()
    else:
        assert Act(part) in found
        assert found <= {Act(part)} | ALSO.get(Act(part), set())


CALLED_OFF = "不分了 不约了 不還了 不用分了 先不分 别约了 唔分喇 唔使約喇 先唔還 不分了，问一句利息多少 不提额了"
ASKED = "不还了吗 不還了嗎 不约了吧? 还不还了 分不分了 不还了会怎样 他不还了 钱不还了 这个月不用还了 先不分？ 先别冻"


@pytest.mark.parametrize("text", [*CALLED_OFF.split(), "don't book it then", "no need to split it"])
def test_what_is_under_way_is_called_off(text: str) -> None:
    assert read_acts(text) == {Act.CANCEL}


@pytest.mark.parametrize("text", [*ASKED.split(), "won't it book?", "I don't want to split the bill in two?"])
def test_what_is_asked_calls_nothing_off(text: str) -> None:
    assert Act.CANCEL not in read_acts(text)


@pytest.mark.parametrize("act", Act)
def test_every_act_is_tried_both_ways(act: Act) -> None:
    said = [part for part, _, _ in parts("acts")]
    assert said.count(act) >= 25
    assert sum(part != act for part in said) >= 40


@pytest.mark.parametrize(("text", "want"), table("corrections"))
def test_corrections(text: str, want: str | list[str]) -> None:
    assert split_correction(text) == (None if want == "null" else tuple(want))


def card(label: str, english: str, digits: str, *words: str) -> Option:
    return Option((label, english), words, (digits,))


def payment(label: str, amount: str, month: int, day: int) -> Option:
    return Option((label,), amount=Decimal(amount), at=datetime(2026, month, day, 9, tzinfo=ZONE))


OPTIONS = {
    "cards": [
        card("春和储蓄卡（尾号4821）", "Chunhe debit card (ending 4821)", "4821", "借记卡", "工资卡"),
        card("春和标准信用卡（尾号7730）", "Chunhe Standard credit card (ending 7730)", "7730"),
    ],
    "three": [
        card("春和储蓄卡", "Chunhe debit card", "6615", "借记卡", "工资卡"),
        card("春和金信用卡", "Chunhe Gold credit card", "3308"),
        card("春和白金信用卡", "Chunhe Platinum credit card", "9046"),
    ],
    "transactions": [
        payment("11月24日 优选商城 1,288.00元", "1288", 11, 24),
        payment("11月20日 优选商城 1,288.00元", "1288", 11, 20),
        payment("11月18日 地铁 5.00元", "5", 11, 18),
        payment("11月15日 工资 9,600.00元", "9600", 11, 15),
    ],
    "months": [Option((f"{n}期", f"{n} months")) for n in (3, 6, 12, 24)],
    "times": [Option((shown,)) for shown in ("09:30", "10:00", "14:30", "15:00")],
}


@pytest.mark.parametrize(("part", "text", "want"), parts("choosing"))
def test_choosing(part: str, text: str, want: list[str]) -> None:
    assert choose(text, OPTIONS[part], NOW) == tuple(int(i) for i in want)
