"""The demo's simulated customers behave like people at the desk."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.support import CHENXI, Heart, ask_for_person, post, texts, types
from warmline.commands import visitors
from warmline.conversation import commands as c
from warmline.conversation.events import AuthorKind, Visibility
from warmline.conversation.model import Conversation
from warmline.kit.uow import UnitOfWork


async def said(heart: Heart, state: Conversation, count: int) -> list[str | None]:
    """Return what the customer said once it is `count` messages, and no more follow by themselves."""
    for pause in (0.0, 0.3):
        async with asyncio.timeout(20):
            while True:
                await asyncio.sleep(pause or 0.02)
                events = await heart.service.events_after(state.id, 0, Visibility.STAFF)
                own = texts([one for one in events if one.author.kind is AuthorKind.CUSTOMER])
                if len(own) >= count:
                    break
    return own


async def test_a_visitor_waits_without_repeating_answers_the_agent_and_confirms_the_recap(
    uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "THINK_SECONDS", (0.01, 0.02))
    heart = Heart(uow)
    state = await heart.open()
    await heart.do(state, ask_for_person())
    visitor = visitors.Visitors(cast(Any, SimpleNamespace(conversations=heart.service)), 1)
    staying = asyncio.create_task(visitor._be_with_person(state.id, state.customer_id))
    assert len(await said(heart, state, 1)) == 1
    await heart.do(state, c.Accept(CHENXI))
    await heart.do(state, post("您好", "a1", CHENXI))
    answered = await said(heart, state, 2)
    assert len(answered) == 2
    assert answered[1] in visitors.TO_AGENTS
    await heart.do(state, c.ProposeRecap(CHENXI, "已经挂失", "solved"))
    async with asyncio.timeout(20):
        while "recap.answered" not in types(await heart.service.events_after(state.id, 0, Visibility.STAFF)):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.02)
    await heart.do(state, c.Close(CHENXI, "agent_closed", outcome="solved"))
    async with asyncio.timeout(20):
        await staying
