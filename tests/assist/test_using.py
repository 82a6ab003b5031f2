"""What agents send rises and what they dismiss sinks."""

from __future__ import annotations

import pytest

from warmline.assist.model import From, Reply, choose_replies
from warmline.assist.using import Used, weigh


def order(used: dict[str, Used]) -> list[str]:
    """Return which replies are shown, by what is known of them."""
    offered = [
        Reply("挂失免费，二十四小时都能办。", From.ARTICLE, "free", 0.9),
        Reply("带身份证到网点补卡。", From.ARTICLE, "branch", 0.8),
        Reply("我现在去查，大约要两分钟。", From.SCRIPT, "wait", 0.4),
        Reply("卡里的钱不受影响。", From.ARTICLE, "money", 0.7),
    ]
    return [one.ref for one in choose_replies(weigh(offered, used))]


def test_what_nobody_tried_stands_as_it_was_found() -> None:
    assert Used().worth == 1
    assert order({}) == ["free", "wait", "branch"]


def test_what_is_sent_rises_and_what_is_dismissed_sinks() -> None:
    assert order({"branch": Used(accepted=3)}) == ["branch", "wait", "free"]
    assert order({"free": Used(dismissed=2)}) == ["branch", "wait", "money"]


def test_what_is_always_dismissed_no_longer_stands_for_its_source() -> None:
    assert order({"wait": Used(dismissed=3)}) == ["free", "wait", "branch"]
    assert order({"wait": Used(dismissed=5)}) == ["free", "branch", "money"]


@pytest.mark.parametrize(("more", "less"), [(Used(1), Used(0, 1)), (Used(0, 1), Used(0, 0, 1)), (Used(9), Used(1))])
def test_sent_unchanged_is_worth_more_than_changed_than_dismissed(more: Used, less: Used) -> None:
    assert more.worth > less.worth
