"""The flow that fits, what it needs, and what is known of it."""

from __future__ import annotations

from datetime import timedelta

from tests.dialogue.flows.talk import NOW, read_demo_flows, read_policy
from warmline.assist.steps import NextStep, find_step
from warmline.dialogue.flows.run import Filled, Identity, Memory, Run
from warmline.dialogue.flows.starts import Wished
from warmline.dialogue.flows.turn import Flows, make_flows

LOST = Wished("card-report-lost", 0.6)


def make_demo_flows() -> Flows:
    """Return the demo's flows, nothing learnt of what begins them."""
    flows = read_demo_flows()
    return make_flows(read_policy(), {(name, 1): one for name, one in flows.items()}, {}, dict.fromkeys(flows, 1))


def find(words: str, memory: Memory | None = None, wished: Wished = LOST) -> NextStep | None:
    """Return the next step for these words."""
    flows = make_demo_flows()
    return find_step(flows, memory or Memory(), wished, words, now=NOW, locale="zh-Hans", reader="zh-Hans")


def test_what_the_customer_told_already_is_known_and_the_rest_is_asked_in_order() -> None:
    step = find("我的卡被偷了，帮我冻结")
    assert step is not None
    assert (step.title, step.under_way, step.level, step.identified) == ("报失银行卡", False, "basic", False)
    needs = {one.name: one.value for one in step.needs}
    assert list(needs) == ["freeze", "card", "lost_how"]
    assert needs["lost_how"] == "被偷的"
    assert needs["card"] is None
    assert next(one.ask for one in step.needs if one.name == "card") == "是哪一张卡？"


def test_the_flow_under_way_comes_before_what_words_sound_like() -> None:
    run = Run(flow_id="limit-change", version=1, key="k")
    step = find("卡丢了", Memory(run=run))
    assert step is not None
    assert (step.flow_id, step.under_way) == ("limit-change", True)


def test_too_faint_a_wish_is_no_step() -> None:
    assert find("卡", wished=Wished("card-report-lost", 0.2)) is None
    assert find("卡", wished=Wished("gone-flow", 0.9)) is None


def test_who_was_shown_to_be_themselves_is_not_asked_again_until_it_lapses() -> None:
    known = Memory(identity=Identity(ref="c1", level="basic", until=NOW + timedelta(minutes=1)))
    lapsed = Memory(identity=Identity(ref="c1", level="strong", until=NOW))
    assert [find("卡丢了", one).identified for one in (known, lapsed)] == [True, False]  # type: ignore[union-attr]
    strong = Wished("phone-update", 0.9)
    assert not find("换手机号", known, strong).identified  # type: ignore[union-attr]


def test_a_secret_is_never_shown() -> None:
    run = Run(flow_id="card-report-lost", version=1, key="k", slots={"code": Filled(value="123456")})
    step = find("", Memory(run=run, facts={"code": Filled(value="123456")}))
    assert step is not None
    assert "123456" not in str(step)
