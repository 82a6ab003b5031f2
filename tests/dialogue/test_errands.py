"""Flows through the whole assistant: the log, the deeds in it, what is remembered, and what a crash leaves."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import warmline.bootstrap
from tests.dialogue.conftest import House
from tests.fakes.actions import FakeActions
from warmline.connectors.model import ActionResult, Effect, Status
from warmline.conversation import commands as c
from warmline.conversation.events import ActionTaken, Event, MessagePosted, Owner, SlipWritten, TurnDecided, Visibility
from warmline.conversation.model import Conversation
from warmline.dialogue.flows.loader import load_flow, load_identity
from warmline.dialogue.flows.turn import Flows, make_flows
from warmline.dialogue.respond import Brand
from warmline.dialogue.service import DialogueService
from warmline.kit.i18n import Words

IDENTITY = (Path(__file__).parents[2] / "demo" / "identity.yaml").read_text(encoding="utf-8")
FLOW = """
flow: limit-lower
title: {zh-Hans: 调低限额, zh-Hant: 調低限額, en: Lower a limit}
starts: {articles: [card-atm-daily-limit], at_once: true}
slots:
  limit:
    name: {zh-Hans: 新限额, zh-Hant: 新限額, en: New limit}
    type: amount
    ask: {zh-Hans: 想调到多少？, zh-Hant: 想調到多少？, en: "To how much?"}
steps:
  - ask: limit
  - id: sure
    confirm: {zh-Hans: "改成 {limit|money}，对吗？", zh-Hant: "改成 {limit|money}，對嗎？", en: "{limit|money}, right?"}
    no: kept
  - identify: basic
  - id: changed
    call: change_limit
    with: {daily_limit: "{limit}"}
  - end: lowered
    say:
      zh-Hans: 改好了，编号 {changed.reference}。
      zh-Hant: 改好了，編號 {changed.reference}。
      en: "Done: {changed.reference}."
  - id: kept
    end: kept
    say: {zh-Hans: 没有改。, zh-Hant: 沒有改。, en: Nothing changed.}
"""
CODE = "271828"


def _flows(*sources: str, live: int = 1) -> Flows:
    versions = {("limit-lower", n): load_flow(source, "flow")[0] for n, source in enumerate(sources, 1)}
    effects = {"change_limit": Effect.CHANGE, "send_code": Effect.READ, "check_code": Effect.READ}
    return make_flows(load_identity(IDENTITY, "identity")[0], versions, effects, {"limit-lower": live})


def _actions() -> FakeActions:
    actions = FakeActions(change_limit=Effect.CHANGE, send_code=Effect.READ, check_code=Effect.READ)
    actions.script("send_code", {"sent": True, "masked_phone": "138****1001"})
    actions.script("check_code", {"ok": True, "customer_ref": "CH-1001"})
    actions.script("change_limit", {"reference": "XE1"})
    return actions


def _hire(house: House, actions: FakeActions, flows: Any = None) -> None:
    found = flows or _flows(FLOW)
    names = {"zh-Hans": "春和", "zh-Hant": "春和", "en": "Chunhe"}
    house.assistant = DialogueService(
        house.heart.service, house.routing, house.search, lambda: house.policy,
        Words.load(warmline.bootstrap.HERE / "dialogue" / "words.yaml"), Brand(bank=names, assistant=names),
        house.heart.clock, actions=actions, flows=found if callable(found) else lambda: found,
    )  # fmt: skip


def _said(events: list[Event]) -> str:
    return "\n".join(one.payload.text or "" for one in events if isinstance(one.payload, MessagePosted))


def _decided(events: list[Event]) -> TurnDecided:
    return next(one.payload for one in events if isinstance(one.payload, TurnDecided))


async def _to_the_deed(house: House, state: Conversation) -> list[Event]:
    await house.ask(state, "我想调低每天取现的限额")
    await house.ask(state, "五千")
    await house.ask(state, "对")
    await house.ask(state, "尾号4821")
    return await house.ask(state, CODE)


async def test_a_deed_is_in_the_log_and_what_was_secret_is_nowhere(house: House) -> None:
    actions = _actions()
    _hire(house, actions)
    state = await house.heart.open()
    events = await _to_the_deed(house, state)
    assert "改好了，编号 XE1" in _said(events)
    deed = next(
        one.payload for one in events if isinstance(one.payload, ActionTaken) and one.payload.effect == "change"
    )
    assert (deed.action, deed.status, deed.arguments) == ("change_limit", "ok", {"daily_limit": "5000.00"})
    assert deed.key == actions.calls[-1].key
    assert actions.calls[-1].subject == "CH-1001"
    decided = _decided(events)
    assert (decided.decision, decided.flow, decided.outcome) == ("close", "limit-lower", "lowered")
    written = [
        one.payload.model_dump_json()
        for one in await house.heart.service.events_after(state.id, 0, Visibility.STAFF)
        if not isinstance(one.payload, MessagePosted)
    ]
    assert CODE not in "".join(written)


async def test_today_is_the_banks_and_not_that_of_greenwich(house: House) -> None:
    asks_day = FLOW.replace("type: amount", "type: date").replace("{limit|money}", "{limit}")
    _hire(house, _actions(), _flows(asks_day))
    house.heart.clock.move(hours=(17 - house.heart.clock.now().hour) % 24)  # one o'clock at night in Shanghai
    state = await house.heart.open()
    await house.ask(state, "我想调低每天取现的限额")
    tomorrow = (house.heart.clock.now() + timedelta(days=1)).date()
    assert f"改成 {tomorrow:%Y-%m-%d}" in _said(await house.ask(state, "今天"))


async def test_a_turn_taken_again_after_a_crash_does_nothing_twice(house: House) -> None:
    actions = _actions()
    _hire(house, actions)
    state = await house.heart.open()
    execute = house.heart.service.execute

    async def crash(conversation_id: Any, command: c.Command) -> Any:
        if isinstance(command, c.TakeTurn) and command.acted and command.acted[-1].action == "change_limit":
            raise ConnectionError("the node dies after the deed and before the log")
        return await execute(conversation_id, command)

    house.heart.service.execute = crash  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        await _to_the_deed(house, state)
    house.heart.service.execute = execute  # type: ignore[method-assign]
    events = await house.ask(state)
    assert "改好了，编号 XE1" in _said(events)
    keys = [call.key for call in actions.calls if call.name == "change_limit"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


@pytest.mark.parametrize(("status", "words"), [(Status.FAILED, "没有办成"), (Status.UNKNOWN, "不能确定")])
async def test_what_failed_is_told_honestly_once_and_a_person_knows(house: House, status: Status, words: str) -> None:
    actions = _actions()
    actions.script("change_limit", ActionResult(status))
    _hire(house, actions)
    state = await house.heart.open()
    events = await _to_the_deed(house, state)
    assert _said(events).count(words) == 1
    assert (await house.heart.service.get(state.id)).owner in (Owner.QUEUE, Owner.CALLBACK)
    assert [call.name for call in actions.calls].count("change_limit") == 1
    slip = next(one.payload for one in events if isinstance(one.payload, SlipWritten))
    assert slip.known is not None
    assert slip.known["新限额"] == "5,000 元"
    assert bool(slip.done) is (status is Status.UNKNOWN)


async def test_what_was_done_is_in_the_log_though_a_person_has_taken_over_meanwhile(house: House) -> None:
    actions = _actions()
    _hire(house, actions)
    state = await house.heart.open()
    called = actions.call

    async def call(name: str, *args: Any, **more: Any) -> ActionResult:
        if name == "change_limit":
            await house.assistant.bring_person(state.id, via="button")
        return await called(name, *args, **more)

    actions.call = call  # type: ignore[method-assign]
    await _to_the_deed(house, state)
    events = await house.heart.service.events_after(state.id, 0, Visibility.STAFF)
    deeds = [one.payload for one in events if isinstance(one.payload, ActionTaken) and one.payload.effect == "change"]
    assert [one.status for one in deeds] == ["ok"]
    assert "改好了" not in _said(events)


async def test_a_conversation_finishes_on_the_version_it_began_with(house: House) -> None:
    actions, second = _actions(), FLOW.replace("想调到多少？", "第二版：调到多少？").replace("改好了", "第二版改好了")
    standing = {"flows": _flows(FLOW, second, live=1)}
    _hire(house, actions, lambda: standing["flows"])
    state = await house.heart.open()
    await house.ask(state, "我想调低每天取现的限额")
    standing["flows"] = _flows(FLOW, second, live=2)
    assert "改成 5,000 元" in _said(await house.ask(state, "五千"))
    await house.ask(state, "对")
    await house.ask(state, "尾号4821")
    assert "第二版" not in _said(await house.ask(state, CODE))
    other = await house.heart.open()
    assert "第二版" in _said(await house.ask(other, "我想调低每天取现的限额"))


async def test_of_two_answers_sent_at_once_the_first_counts_and_the_second_is_told(house: House) -> None:
    actions = _actions()
    _hire(house, actions)
    state = await house.heart.open()
    await house.ask(state, "我想调低每天取现的限额")
    said = _said(await house.ask(state, "五千", "八千"))
    assert "改成 5,000 元" in said
    assert "“八千”我没有照办" in said


async def test_identity_lapses_gently_and_is_asked_for_again(house: House) -> None:
    actions = _actions()
    _hire(house, actions)
    state = await house.heart.open()
    await _to_the_deed(house, state)
    house.heart.clock.move(hours=2)
    await house.ask(state, "我想调低每天取现的限额")
    await house.ask(state, "三千")
    assert "验证码" in _said(await house.ask(state, "对"))
