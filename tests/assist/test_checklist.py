"""What is heeded in a matter: found by flow or article, ticked by what was said, a mistake in the file told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dialogue.flows.talk import DEMO, read_demo_flows
from tests.support import CHENXI, Talk, ask_for_person, post
from warmline.assist.checklist import read_checklists, tick
from warmline.conversation import commands as c
from warmline.kit.strict_yaml import FileMistakeError

LISTS = read_checklists(DEMO / "checklists.yaml")


def test_the_flow_says_what_is_heeded_before_the_article_does() -> None:
    assert LISTS.find("card-report-lost", "wealth").id == "lost-card"  # type: ignore[union-attr]
    assert LISTS.find("", "wealth").id == "investing"  # type: ignore[union-attr]
    assert LISTS.find("", "cards") is None


def test_the_demos_lists_name_flows_and_categories_that_there_are() -> None:
    flows = read_demo_flows()
    categories = {path.name for path in (DEMO / "articles").iterdir()}
    for one in LISTS.checklists:
        assert set(one.flows) <= set(flows)
        assert set(one.categories) <= categories


def test_what_a_colleague_said_is_ticked_in_either_script_and_what_the_customer_said_is_not() -> None:
    talk = Talk()
    talk.do(post("冻结了吗"))
    talk.do(ask_for_person())
    talk.do(c.Accept(CHENXI))
    found = LISTS.find("card-report-lost", "")
    assert found is not None
    ticked = tick(found, talk.events, locale="en", reader="zh-Hans")
    assert not any(one.done for one in ticked)
    assert ticked[0].words == "The card is blocked. Nobody can touch the money in it."
    assert ticked[0].text == "卡里的钱现在是不是安全"
    talk.do(post("卡片已經凍結，受理編號 A1。", "a1", CHENXI))
    ticked = tick(found, talk.events, locale="en", reader="zh-Hans")
    assert [one.id for one in ticked if one.done] == ["money", "reference"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("checklists: [{id: a}]", "flows"),
        ("checklists: [{id: a, flows: [x], never: [birthday]}]", "pin"),
        ("checklists: [{id: a, flows: [x], identity: face}]", "basic"),
        ("checklists: [{id: a, flows: [x]}, {id: a, flows: [y]}]", "two"),
    ],
)
def test_a_mistake_in_the_file_is_told(tmp_path: Path, written: str, reason: str) -> None:
    file = tmp_path / "checklists.yaml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(FileMistakeError, match=reason):
        read_checklists(file)


def test_without_a_file_nothing_is_heeded() -> None:
    assert read_checklists(None).find("card-report-lost", "wealth") is None
