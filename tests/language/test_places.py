"""Places as customers name them, and words that look like one."""

from __future__ import annotations

import time

import pytest

from warmline.language.service import find_places, name_place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("两千块被吞了，人民路那台", ["人民路"]),
        ("昨天下午在人民路支行2号机取的", ["人民路支行2号机"]),
        ("江湾支行门口的3号机", ["江湾支行门口的3号机"]),
        ("我在徐家汇地铁站那个机器存钱", ["徐家汇地铁站"]),
        ("在春和银行人民路支行取的", ["人民路支行"]),
        ("工商银行的机器", ["工商银行"]),
        ("the branch on Renmin Road", ["Renmin Road"]),
        ("在徐家匯地鐵站", ["徐家匯地鐵站"]),
        ("the ATM at Renmin Road kept my money", ["Renmin Road"]),
        ("I was at the Zhongshan Park branch", ["Zhongshan Park branch"]),
        ("我不知道", []),
        ("那家网点", []),
        ("走到半路", []),
        ("在你们银行取钱没出来", []),
    ],
)
def test_places(text: str, found: list[str]) -> None:
    assert [one.words for one in find_places(text)] == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我在徐家汇附近吧", "徐家汇"),
        ("家住江湾那边", "江湾"),
        ("楼下那台", "楼下那台"),
        ("浦东", "浦东"),
        ("by the river", "by the river"),
    ],
)
def test_answer_names_a_place(text: str, name: str) -> None:
    assert name_place(text) == name


@pytest.mark.parametrize("text", ["a" * 2000, "人民路支行" * 400, "路" * 2000, "a'." * 600, "1st " * 500])
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    find_places.__wrapped__(text)
    name_place(text)
    assert time.perf_counter() - started < 0.5
