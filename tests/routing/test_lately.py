"""Past waits are learnt from the log, and told to who waits; what is old or little is not."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.routing.conftest import Centre
from tests.support import ask_for_person
from warmline.conversation import commands as c
from warmline.conversation.events import Author
from warmline.conversation.model import Conversation
from warmline.routing import lately, repository
from warmline.routing.floor import Line
from warmline.routing.lately import NORMAL, STALE_SECONDS, take_in
from warmline.routing.model import CHATS_PER_AGENT
from warmline.routing.repository import Turned
from warmline.routing.waiting import WaitLearner

MINUTES = 15
"""Every so often one of three conversations ends: far slower than the prior's four minutes each."""


async def queued(centre: Centre) -> Conversation:
    state = await centre.heart.open()
    await centre.heart.do(state, ask_for_person())
    return state


async def live_through(centre: Centre, agent: Author, rounds: int) -> list[Conversation]:
    """Let an agent with no free place serve as many, two waiting all the time; return who waits."""
    held, waiting = list[Conversation](), list[Conversation]()
    for _ in range(rounds):
        await centre.move(minutes=MINUTES)
        if len(held) == CHATS_PER_AGENT:
            await centre.heart.do(held.pop(0), c.Close(agent, "agent_closed"))
        while len(held) < CHATS_PER_AGENT:
            held.append(waiting.pop(0) if waiting else await queued(centre))
            await centre.heart.do(held[-1], c.Accept(agent))
        while len(waiting) < 2:
            waiting.append(await queued(centre))
    return waiting


async def test_waits_are_told_as_the_log_shows_them(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "LOG_PAGE", 50)
    monkeypatch.setattr("warmline.routing.waiting.ENOUGH", 40)
    agent = await centre.hire("chenxi")
    first, second = await live_through(centre, agent, 50)
    await centre.connect(agent)
    theory = await centre.waits()
    assert (theory[second.id].high_seconds or 0) < 20 * 60, "in theory four minutes each"
    await centre.routing.learn_waits()
    told = await centre.waits()
    for state, minutes in ((first, MINUTES), (second, 2 * MINUTES)):
        wait = told[state.id]
        assert wait.low_seconds is not None
        assert wait.high_seconds is not None
        assert wait.low_seconds <= minutes * 60 <= wait.high_seconds
    assert [told[one.id].position for one in (first, second)] == [1, 2]
    await centre.move(seconds=STALE_SECONDS + 1)
    await centre.connect(agent)
    assert await centre.waits() == theory, "what was learnt long ago does not know the line as it stands"


def test_who_passes_a_customer_to_a_colleague_has_them_no_more() -> None:
    """Otherwise the first would count as at work, with room, for ever, and nothing more would be learnt."""
    learner, key = WaitLearner(CHATS_PER_AGENT), uuid4()
    for at, (owner, agent) in enumerate([("queue", None), ("agent", "a"), ("agent", "b"), ("closed", None)]):
        take_in(learner, Turned(key, owner, "cards", NORMAL, agent, float(at)))
    assert learner.enter("next", Line("cards"), 10.0) is not None


async def test_while_a_place_is_free_the_wait_is_that_for_taking_it(centre: Centre) -> None:
    agent, other = await centre.hire("chenxi"), await centre.hire("linyao")
    first, _ = await live_through(centre, agent, 8)
    await centre.routing.learn_waits()
    await centre.connect(agent, other)
    assert ((await centre.waits())[first.id].high_seconds or 0) <= 120


async def test_the_log_is_read_once_and_on_from_there(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[tuple[str, str]]()
    monkeypatch.setattr(lately, "take_in", lambda _, one: seen.append((one.owner, one.skill)))
    agent = await centre.hire("chenxi")
    state = await queued(centre)
    await centre.routing.learn_waits()
    assert seen == [("assistant", ""), ("queue", "")]
    await centre.heart.do(state, c.Accept(agent))
    await centre.heart.do(state, c.Transfer(agent, "cards"))
    await centre.routing.learn_waits()
    await centre.routing.learn_waits()
    assert seen[2:] == [("agent", "cards"), ("queue", "cards")]
