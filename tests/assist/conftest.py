"""A bank with enough articles to know what is mere wording, and its memory of what worked before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from tests.dialogue.conftest import ARTICLES, House, embedder, teach  # noqa: F401 - a fixture
from tests.support import CHENXI, Heart, fresh_database, post
from warmline.assist.remembering import WINDOW, PastReplies
from warmline.conversation import commands as c
from warmline.conversation.events import Author
from warmline.conversation.model import Conversation
from warmline.customer.keys import CustomerKeys
from warmline.customer.service import CustomerService
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.knowledge.service import ArticleFollower, KnowledgeService
from warmline.language.service import TextEmbedder


@dataclass
class Bank:
    """The house with its memory."""

    house: House
    past: PastReplies

    @property
    def heart(self) -> Heart:
        """The conversations."""
        return self.house.heart

    async def serve(
        self, asked: str, *said: str, agent: Author = CHENXI, outcome: str | None = "solved"
    ) -> Conversation:
        """Let a customer of its own ask and a colleague answer this."""
        state = await self.heart.open()
        await self.heart.say(state, asked)
        await self.heart.hand_to(state, agent)
        for number, text in enumerate(said):
            await self.heart.do(state, post(text, f"said-{number}", agent))
        if outcome:
            await self.heart.do(state, c.Close(agent, "agent_closed", outcome))
        return state


@pytest.fixture(scope="module")
def learned_url(postgres: EmbeddedPostgres, embedder: TextEmbedder) -> Iterator[str]:  # noqa: F811
    names = sorted(path.stem for path in ARTICLES.glob("*.md") if not path.stem.endswith(".en"))[:40]
    with fresh_database(postgres) as url:
        asyncio.run(teach(url, embedder, names))
        yield url


@pytest.fixture
async def bank(learned_url: str, embedder: TextEmbedder) -> AsyncIterator[Bank]:  # noqa: F811
    uow = UnitOfWork(create_engine(learned_url))
    heart = Heart(uow)
    follower = ArticleFollower(uow, bus=heart.bus, embedder=embedder)
    await follower.start()
    house = House(heart, KnowledgeService(clock=heart.clock, bus=heart.bus), follower, embedder)
    keys = CustomerKeys(uow, clock=heart.clock, bus=heart.bus, master_key=bytes(32))
    customers = CustomerService(clock=heart.clock, keys=keys)
    yield Bank(house, PastReplies(uow, heart.ciphers, customers, house.search, heart.clock))
    heart.clock.move(days=WINDOW.days + 1)
    await follower.stop()
    await uow.engine.dispose()
