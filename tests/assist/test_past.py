"""What worked before: which words pair up, and what of a reply can be said to somebody else."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest

from tests.support import CHENXI, LINYAO, NOW
from warmline.assist.past import Answered, Entry, Told, keep_to, likeness, nearest, pair_up, tell_question, tell_reply

HERE, THEM = UUID(int=5), UUID(int=6)


def log(*entries: tuple[str, str]) -> list[Entry]:
    """Return a log: who spoke, in order; `up` and `down` with the seq they are on."""
    found = []
    for seq, (author, about) in enumerate(entries, start=1):
        if author in ("up", "down"):
            found.append(Entry(seq, "feedback.given", "customer", THEM, "", NOW, int(about), author))
        else:
            who = {"agent": CHENXI, "other": LINYAO}.get(author)
            kind = "agent" if author == "other" else author
            name = (who.name if who else None) or ""
            found.append(Entry(seq, "message.posted", kind, who.id if who else None, name, NOW))
    return found


def pairs(*entries: tuple[str, str]) -> list[tuple[tuple[int, ...], tuple[int, ...], str]]:
    """Return which entries pair up."""
    return [(one.asked, one.said, one.by) for one in pair_up(HERE, THEM, log(*entries))]


def say(*authors: str) -> list[tuple[str, str]]:
    """Return who spoke."""
    return [(one, "") for one in authors]


def test_a_reply_answers_the_customers_last_words_past_what_the_assistant_said() -> None:
    spoken = say("customer", "customer", "assistant", "system", "agent", "agent", "customer", "agent")
    assert pairs(*spoken) == [((1, 2), (5, 6), "陈曦"), ((7,), (8,), "陈曦")]


def test_what_the_assistant_answered_alone_is_nobodys_reply() -> None:
    assert pairs(*say("customer", "assistant", "customer", "agent")) == [((3,), (4,), "陈曦")]
    assert pairs(*say("agent", "customer")) == []


def test_a_reply_is_of_one_colleague() -> None:
    assert pairs(*say("customer", "agent", "other")) == [((1,), (2,), "陈曦")]


def test_a_thumb_down_leaves_its_reply_out_unless_it_turned_up() -> None:
    spoken = say("customer", "agent", "customer", "agent")
    assert pairs(*spoken, ("down", "2")) == [((3,), (4,), "陈曦")]
    assert len(pairs(*spoken, ("down", "2"), ("up", "2"))) == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("您好，王女士，补卡十元一张，带身份证到网点就行。", "补卡十元一张，带身份证到网点就行。"),
        ("已经为您挂失了。补卡十元一张。", "补卡十元一张。"),
        ("尾号 6222021234567890 的卡丢了要先挂失。补卡十元一张。", "补卡十元一张。"),
        ("李明先生的卡要本人来办。补卡十元一张。", "补卡十元一张。"),
        ("好的，稍等。", ""),
        ("您的身份证带了吗？", ""),
        ("I have blocked your card. A new card is free.", "A new card is free."),
    ],
)
def test_what_was_said_for_one_customer_alone_is_not_said_to_another(said: str, told: str) -> None:
    assert tell_reply([said]) == told


def test_the_customers_name_is_in_no_reply() -> None:
    assert tell_reply(["这张卡归欧阳克所有，要本人来。补卡十元一张。"], "欧阳克") == "补卡十元一张。"


def test_thanks_and_a_yes_are_no_question() -> None:
    assert tell_question(["谢谢"]) == tell_question(["好的"]) == ""
    assert tell_question(["我卡号6222021234567890，丢了"]) == "我卡号****7890，丢了"


def test_letters_tell_apart_what_means_nearly_the_same() -> None:
    first, second = likeness("补卡要多少钱", [0.6, 0.6], ["补卡多少钱", "转账要手续费吗"])
    assert first > second


def test_the_nearest_come_first() -> None:
    known = np.array([[1, 0], [0, 1], [0.8, 0.6]], np.float32)
    assert nearest(np.array([0, 1], np.float32), known, 2) == [1, 2]
    assert nearest(np.array([0, 1], np.float32), known, 9) == [1, 2, 0]


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("补一张 20 元，网点当场就办。", True),
        ("补一张二十元，网点当场就办。", True),
        ("补一张 15 元，网点当场就办。", False),
        ("带身份证到网点就能补。", True),
    ],
)
def test_a_reply_whose_figures_the_article_no_longer_names_is_left_out(reply: str, kept: bool) -> None:
    told = Told(Answered(UUID(int=1), UUID(int=2), (1,), (2,), "陈曦", None, NOW), "补卡多少钱", reply, 0.9)
    assert keep_to(["补办信用卡每张收 20 元工本费。"], [told]) == ([told] if kept else [])
    assert keep_to([], [told]) == [told]
