"""A counter-example in the words of whoever edits flows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dialogue.flows.small import FLOW
from warmline.dialogue.flows.loader import load_flow
from warmline.dialogue.proof.alphabet import ACTS, PLAIN, list_begins
from warmline.dialogue.proof.explore import LAPSES, RETURNS
from warmline.dialogue.proof.retell import retell
from warmline.dialogue.proof.values import choose_values

SMALL = load_flow(FLOW, "flow")[0]
LOST = load_flow((Path(__file__).parents[3] / "demo/flows/card-report-lost.yaml").read_text(encoding="utf-8"), "lost")[
    0
]
VALUES = choose_values(SMALL.slots, [])
LABELS = sorted(
    {one.label for one in (*PLAIN, *ACTS, *list_begins("parcel", SMALL, VALUES))}
    | {LAPSES, RETURNS, "a person is brought (not_identified)", "says yes to that", "in distress, says no"}
)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant"])
def test_everything_that_can_be_said_has_words(label: str, locale: str) -> None:
    told = retell(label, locale, SMALL)
    assert told != label
    assert not re.search(r"[a-z]{3,}", re.sub(r"weight|shop|hour|all\b", "", told)), told
    assert retell(label, "en", SMALL) == label


def test_slots_and_their_values_are_called_by_name() -> None:
    said = "wants card-report-lost done, freeze=yes, lost_how=lost"
    assert retell(said, "zh-Hans", LOST) == "想办“报失银行卡”，顺带说了，要冻结：是；怎么没的：自己弄丢的"
    assert retell("upset, corrects lost_how=stolen", "zh-Hant", LOST) == "很生氣，改口，怎麼不見的：被偷的"
    before = "from before: shown at the level basic, 2 wrong tries of code, card_last4=1234"
    assert retell(before, "zh-Hans", LOST) == "在这之前：已经核对过身份；输错过 2 次；card_last4：1234"


def test_what_has_no_words_stays_as_it_is() -> None:
    assert retell("something quite new", "zh-Hans", LOST) == "something quite new"
    assert retell("answers shop=s1", "zh-Hans", None) == "答，shop：s1"


WRONG = [
    (
        "`card` is asked for with the question that `lost_how` has answered",
        "问“哪张卡”的话，和已经答过的“怎么没的”一模一样",
    ),
    ("nothing is known as frozen.reference", "话里要用到“frozen.reference”，可是那时候还没有它"),
    ("no conversation reaches the step `kept`", "没有哪段对话会走到“kept”这一步"),
    ('list_cards() → ok {"cards": 1}', "list_cards：办成了"),
    ("freeze_card(card_id=5, reason=lost) → some_other_reason", "freeze_card：不给办（some_other_reason）"),
    ("freeze_card was done and is done again, with the same", "“freeze_card”已经办过了，又办了一遍"),
]


@pytest.mark.parametrize(("what", "told"), WRONG)
def test_what_is_wrong_is_told_with_the_flow_s_own_names(what: str, told: str) -> None:
    assert retell(what, "zh-Hans", LOST) == told
