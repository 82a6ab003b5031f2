"""The first sentence proposed to the agent answers why the customer is here, by name where it is known."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

import warmline.bootstrap
from tests.support import NOW, Talk, post
from warmline.dialogue.slip import write_slip
from warmline.kit.i18n import LOCALES, Words

WORDS = Words.load(warmline.bootstrap.HERE / "dialogue" / "words.yaml")
ZONE = ZoneInfo("Asia/Shanghai")
REASONS = ("distress", "customer_asked", "not_known_2_times", "agent_vanished", "assistant_fault", "outside_hours")


def opening(*said: str, reason: str = "customer_asked", locale: str = "zh-Hans", elder: bool = False) -> str:
    """Return the opening proposed after the customer said these."""
    talk = Talk()
    for number, text in enumerate(said):
        talk.do(post(text, f"m{number}"))
    slip = write_slip(talk.events, reason=reason, locale=locale, elder=elder, words=WORDS, now=NOW, zone=ZONE)
    assert slip.opening is not None
    return slip.opening


@pytest.mark.parametrize("locale", LOCALES)
def test_each_reason_has_its_own_first_sentence(locale: str) -> None:
    found = {opening("国外刷卡怎么结算", reason=reason, locale=locale) for reason in REASONS}
    assert len(found) == len(REASONS)
    assert all("{customer_name}" in one and "{agent_name}" in one and "国外刷卡怎么结算" in one for one in found)


def test_an_elder_is_given_time() -> None:
    assert opening("卡丢了", elder=True) == opening("卡丢了") + "您慢慢说，我不着急。"


def test_distress_is_answered_also_when_the_customer_asked_for_a_person() -> None:
    assert opening("急死了，钱转错人了") == opening("急死了，钱转错人了", reason="distress") != opening("钱转错人了")


@pytest.mark.parametrize("reason", REASONS)
def test_who_may_be_in_danger_is_not_read_back_their_words(reason: str) -> None:
    said = opening("不想活了", reason=reason)
    assert "不想活" not in said
    assert "安全" in said


def test_a_sum_that_went_wrong_is_known_to_the_agent() -> None:
    talk = Talk()
    talk.do(post("自助设备吞了我两千块！！"))
    talk.do(post("这周第三次了", "m2"))
    slip = write_slip(talk.events, reason="distress", locale="zh-Hans", elder=False, words=WORDS, now=NOW, zone=ZONE)
    assert slip.known == {"language": "zh-Hans", "elder": "no", "amount": "两千块"}
