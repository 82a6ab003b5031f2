"""What happens in real conversations has been explored: words read by the real parsers, remembered by the real log.

A state of a conversation, with what the proof leaves out left out, must be one of those it visited. So where the
proof forgets something that decides, a conversation finds its way to a state that nobody has looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.connectors.conftest import open_at
from tests.dialogue.flows.talk import DEMO
from tests.dialogue.proof.configs import ACTIONS, read
from tests.fakes.core_banking import CoreBanking, core_banking_process  # noqa: F401 - fixtures
from warmline.connectors.model import Action
from warmline.dialogue import decisions as d
from warmline.dialogue.act import MOST_ACTS
from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.engine import AskAgreement, Shown
from warmline.dialogue.flows.hear import Listening
from warmline.dialogue.flows.keeping import remember
from warmline.dialogue.flows.run import Memory, Run, come_back
from warmline.dialogue.flows.turn import decide_result
from warmline.dialogue.model import DialogueState, Policy, decide_turn
from warmline.dialogue.pending import Pending
from warmline.dialogue.proof.alphabet import SIDE_ARTICLES, list_options
from warmline.dialogue.proof.config import make_config
from warmline.dialogue.proof.explore import Explorer
from warmline.dialogue.proof.invariants import Checks
from warmline.dialogue.proof.prove import Job, make_setting
from warmline.dialogue.proof.stand_ins import SIDE, STAND_INS, simple_identity
from warmline.dialogue.proof.starts import list_starts
from warmline.dialogue.proof.states import NOW, UNTOUCHED, key_of
from warmline.dialogue.proof.story import respond
from warmline.dialogue.proof.turns import Setting, Turns, take_up
from warmline.dialogue.records import TurnRecord, derive_state
from warmline.dialogue.understand import Understander
from warmline.knowledge.calibration import ReleasePolicy
from warmline.knowledge.search import Candidate
from warmline.language.service import find_markers

WORDS = (
    "你好", "谢谢", "再见", "是", "不是", "不用了", "好的", "嗯", "你是机器人吗", "？？", "阿巴阿巴", "今天天气不错",
    "算了，不办了", "等一下", "再说一遍", "返回上一步", "我不知道", "现在不方便", "继续", "转人工", "烦死了！！！",
    "又来了，每次都这样！！！", "我被骗了", "ok", "👍", "12", "傻瓜", "知识点甲是什么", "知识点乙是什么", "哪个知识点",
    "没人知道的知识点", "an_article", "第一个", "知识点甲是什么？哪个知识点对？", "气死我了！！！知识点乙是什么",
)  # fmt: skip
"""What is said anywhere."""
BEGIN, BEGIN_SIDE = ("帮我办这件事", "这件事怎么弄", "气死我了！！！这件事怎么弄"), ("帮我办另一件事",)
TURNS = 14


@dataclass
class Search:
    """Stands for the articles' search: which article words ask for is written in them."""

    means: dict[str, tuple[tuple[str, float], ...]]

    async def candidates(self, text: str, *, limit: int = 10) -> Sequence[Candidate]:
        found = next((self.means[one] for one in self.means if one in text), ())
        return [Candidate(article, score) for article, score in found]

    async def answers(self, _: Sequence[str], **__: Any) -> dict[str, Any]:
        return {}


@dataclass
class Proved:
    """A flow that was explored."""

    setting: Setting
    explorer: Explorer
    starts: list[DialogueState]
    slots: Mapping[str, f.Slot]

    def __post_init__(self) -> None:
        values = self.setting.values
        self.alphabet = {
            name: {one.value for one in values.of(name, slot, list_options(slot))} for name, slot in self.slots.items()
        }
        self.turns = Turns(self.setting)
        article = {flow_id: article for article, flow_id in self.setting.flows.starters.items()}
        one, two = SIDE_ARTICLES
        means = {
            "另一件事": ((article[SIDE], 0.95),), "这件事": ((article[self.setting.flow_id], 0.95),),
            "知识点甲": ((one, 0.95),), "知识点乙": ((two, 0.95),), "哪个知识点": ((one, 0.6), (two, 0.6)),
            "没人知道": ((one, 0.3), (two, 0.3)),
        }  # fmt: skip
        release = ReleasePolicy(answer_at=0.9, clarify_at=0.5, target_error=0.02)
        self.understander = Understander(Search(means), lambda: release, Policy)  # type: ignore[arg-type]


def explore(texts: dict[str, str], flow_id: str, known: dict[str, Action]) -> Proved:
    """Explore a flow as `prove` does."""
    config = make_config("one", {f"{flow_id}.yaml": texts["flow"]}, texts["identity"], known)
    flow = config.flows[flow_id]
    job = Job(flow, simple_identity(config.identity, flow), config.actions, Policy(), 0)
    setting, slots = make_setting(job)
    checks = Checks(setting, {**job.actions, **STAND_INS})
    explorer = Explorer(setting, checks.check, checks.fault)
    starts = list(list_starts(setting, slots, elder="elder" in setting.values.customer))
    explorer.explore(starts)
    return Proved(setting, explorer, starts, slots)


@dataclass
class Conversation:
    """One real conversation; `log` is what its messages leave for the next turn."""

    proved: Proved
    state: DialogueState
    log: list[TurnRecord] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    """How many deeds there were when a run was taken up again after its end, by its key."""

    def listen(self) -> Listening | None:
        return self.proved.turns.listen(self.state)

    def say(self, text: str, data: st.DataObject) -> d.Decision:
        """Have the assistant take its turn."""
        setting, state = self.proved.setting, self.state
        self.told.append(text)
        markers = find_markers(text)
        pending = Pending(text, markers.kinds, markers.only, has_attachment=False, reply_to=1, each=(text,))
        said = asyncio.run(self.proved.understander.understand(pending, state, NOW, setting.flows))
        decision = decide_turn(state, said, replace(setting.policy, flows=setting.flows), NOW)
        acts = 0
        while isinstance(decision, d.Act) and acts < MOST_ACTS:
            assert decision.memory.run is not None
            answer = data.draw(st.sampled_from(setting.answers.of(decision.memory.run.flow_id, decision.call)))
            self.told.append(f"  {decision.call.action} → {answer.code or answer.status.value} {dict(answer.data)}")
            decision, acts = decide_result(setting.flows, decision, answer, state.world(NOW)), acts + 1
        self._remember(text, decision)
        return decision

    def _remember(self, text: str, decision: d.Decision) -> None:
        before = self.state
        memory = remember(self.proved.setting.flows, getattr(decision, "memory", None), before.memory, before.locale)
        self.log.append(TurnRecord("customer", text))
        for one in respond(decision, heard=text):
            choices = tuple((choice.text, choice.article_id or "") for choice in one.choices)
            articles = tuple(source.article_id for source in one.sources)
            self.log.append(TurnRecord("assistant", one.text, choices, articles, one.offer_human))
        self.log.append(TurnRecord("assistant", "", decision=decision.name))
        self.told.append(f"    {decision.name} ({decision.reason})")
        ended = before.memory.ended if before.memory.run is None else None
        now = memory.run or memory.ended
        if ended is not None and now is not None and now.key == ended.key:
            self.done[now.key] = len(ended.deeds)
        state = derive_state(self.log, locale=before.locale, elder=before.elder)
        self.state = replace(state, memory=memory, signed_in_ref=before.signed_in_ref, key=f"{before.key}+")

    def come_back(self) -> None:
        """Have a person speak, who hands back."""
        self.log.append(TurnRecord("agent", "……"))
        state = derive_state(self.log, locale=self.state.locale, elder=self.state.elder)
        memory, ref = come_back(self.state.memory), self.state.signed_in_ref
        self.state = replace(state, memory=memory, signed_in_ref=ref, key=self.state.key)

    def is_foreign(self) -> bool:
        """Tell whether there is a value of which the proof has others, or a digression it puts the other way round."""
        memory, alphabet = self.state.memory, self.proved.alphabet
        runs = [run for run in (memory.run, memory.aside, memory.ended) if run is not None]
        given = [(name, one) for run in runs for name, one in run.slots.items()] + list(memory.facts.items())
        strange = any(not one.spent and one.item is None and one.value not in alphabet[name] for name, one in given)
        return strange or (memory.aside is not None and memory.aside.flow_id == SIDE)

    def abstract(self) -> Iterator[DialogueState]:
        """Yield the states that stand for this one."""
        memory, turns = self.state.memory, self.proved.turns
        if memory.ended is not None and memory.ended.flow_id == SIDE:
            memory = memory.model_copy(update={"ended": None})
        if memory.run is not None and memory.run.flow_id == SIDE and memory.aside is not None:
            memory = memory.model_copy(update={"aside": UNTOUCHED})
        for name in ("run", "ended"):
            run = getattr(memory, name)
            if isinstance(run, Run) and run.flow_id != SIDE:
                done = self.done.get(run.key)
                if done is not None:
                    run = take_up(run, done, under_way=name == "run")
                run = turns.forget(memory, run, deeds=done is not None)
                memory = memory.model_copy(update={name: run})
        offered = tuple((one, one) for _, one in self.state.offered if one)
        state = replace(self.state, memory=memory, offered=offered)
        run = memory.run
        if run is None:
            yield state
            return
        state = replace(state, offered_human=False, misses=0)
        for misses, asides, left in {(run.misses, 0, ()), (0, run.asides, ()), (0, 0, offered)}:
            only = run.model_copy(update={"misses": misses, "asides": asides})
            yield replace(state, memory=memory.model_copy(update={"run": only}), offered=left)


def list_words(conversation: Conversation) -> list[str]:
    """Return what leads on from here: into a flow, an answer to its question, a correction."""
    memory: Memory = conversation.state.memory
    listening, values = conversation.listen(), conversation.proved.setting.values
    words: list[str] = []
    if memory.run is None:
        words += BEGIN
    elif memory.run.flow_id != SIDE:
        words += (BEGIN[0], *(BEGIN_SIDE if memory.aside is None else ()))
    if listening is None:
        return words
    if isinstance(listening.asked, AskAgreement):
        words += ["是的", "是的", "不是"] * 5
    for name, (slot, shown) in listening.slots.items():
        for filled in values.of(name, slot, shown):
            text = _text(slot, filled.value, shown)
            asked = getattr(listening.asked, "name", "") == name
            words += [text] * 6 if asked else [f"不对，是{text}"]
    return words


def _text(slot: f.Slot, value: str, shown: Sequence[Shown]) -> str:
    match slot.type:
        case "option":
            return next(one.label for one in shown if one.value == value)
        case "yes_no":
            return "是" if value == "yes" else "不是"
        case "amount":
            return f"{value}元"
        case "months":
            return f"{value}个月"
        case "date":
            day = date.fromisoformat(value)
            return f"{day.year}年{day.month}月{day.day}日"
    return value


def converse(proved: Proved, data: st.DataObject) -> None:
    """Have one conversation, and look at each of its states."""
    start = data.draw(st.sampled_from(proved.starts))
    conversation = Conversation(proved, replace(start, last_article_id=None))
    for _ in range(TURNS):
        leads_on = data.draw(st.sampled_from([True, True, True, False]))
        words = list_words(conversation) if leads_on else list(WORDS)
        decision = conversation.say(data.draw(st.sampled_from(words)), data)
        if isinstance(decision, d.HandOff):
            conversation.come_back()
        if conversation.is_foreign():
            return
        for state in conversation.abstract():
            known = key_of(state, proved.setting.scheme) in proved.explorer.found.numbers
            assert known, "\n".join([*conversation.told, key_of(state, proved.setting.scheme)])


RUNS = settings(
    max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
"""A failure is told as it was found: each turn of it is a turn of the log."""


@pytest.fixture(scope="module")
def limit() -> Proved:
    """The small sound flow."""
    texts = {"flow": (DEMO.parent / "tests/dialogue/proof/sound/flows/limit.yaml").read_text("utf-8")}
    texts["identity"] = (DEMO.parent / "tests/dialogue/proof/sound/identity.yaml").read_text("utf-8")
    return explore(texts, "limit", dict(ACTIONS))


@RUNS
@given(data=st.data())
def test_conversations_in_the_small_flow_have_been_explored(limit: Proved, data: st.DataObject) -> None:
    converse(limit, data)


@pytest.fixture(scope="module", params=["card-report-lost", "instalment-quote"])
def of_the_demo(request: pytest.FixtureRequest, core_banking_process: CoreBanking) -> Proved:  # noqa: F811
    """One of the demo's flows."""

    async def describe() -> dict[str, Action]:
        service = await open_at(core_banking_process.url)
        known = dict(service.known())
        await service.aclose()
        return known

    texts = {"flow": (DEMO / f"flows/{request.param}.yaml").read_text("utf-8")}
    texts["identity"] = (DEMO / "identity.yaml").read_text("utf-8")
    return explore(texts, request.param, asyncio.run(describe()))


@RUNS
@given(data=st.data())
def test_conversations_in_the_demos_flows_have_been_explored(of_the_demo: Proved, data: st.DataObject) -> None:
    converse(of_the_demo, data)


def test_words_lead_into_the_flow_and_through_it(limit: Proved) -> None:
    """What is drawn from is understood: otherwise nothing above is looked at."""
    assert read().flows.keys() == {"limit"}
    conversation = Conversation(limit, next(one for one in limit.starts if one.signed_in_ref))
    data: Any = None
    for words, asks in (("帮我办这件事", "amount"), ("100.11元", "agree"), ("不对，是900.22元", "agree")):
        conversation.say(words, data)
        listening = conversation.listen()
        assert listening is not None
        assert listening.asked is not None
        assert listening.asked.name == asks
