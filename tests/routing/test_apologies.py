"""Who was promised somebody and waits in vain is told what was not kept, and nothing that was not said."""

from __future__ import annotations

import pytest

from tests.routing.conftest import Centre
from tests.routing.test_service import with_agent, words_of
from warmline.conversation import commands as c
from warmline.conversation.model import Conversation
from warmline.routing.service import APOLOGIES, STRANDED_AFTER


async def strand(centre: Centre, state: Conversation) -> str:
    """Let everyone leave, and who is first in line wait for nobody; return what they are told."""
    await centre.move(minutes=1)
    await centre.routing.sweep_stranded()
    await centre.move(seconds=STRANDED_AFTER.total_seconds())
    assert await centre.routing.sweep_stranded() == 1
    return str((await words_of(centre, state))[-1])


async def test_who_lost_their_agent_is_not_told_of_a_time_nobody_had_promised(centre: Centre) -> None:
    agent = await centre.hire("chenxi")
    state = await with_agent(centre, agent)
    assert agent.id is not None
    await centre.heart.do(state, c.ReportVanished(agent.id))
    said = await strand(centre, state)
    assert "刚才说马上有人接着帮您，没能做到" in said
    assert "说好的时间" not in said


async def test_whose_new_group_is_not_there_is_told_so(centre: Centre) -> None:
    agent = await centre.hire("chenxi", "loans")
    state = await with_agent(centre, agent)
    await centre.heart.do(state, c.Transfer(agent, "loans"))
    said = await strand(centre, state)
    assert "另一组同事没能接上" in said
    assert "说好的时间" not in said


@pytest.mark.parametrize("key", APOLOGIES.values())
@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
async def test_an_apology_says_where_it_leads(centre: Centre, key: str, locale: str) -> None:
    (said,) = centre.routing.say(key, locale, plan="— —")
    assert said.text.endswith("— —")
    assert any(word in said.text for word in ("对不起", "對不起", "sorry"))
