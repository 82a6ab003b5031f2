"""Simulated customers for the demo: they ask, wait, thank and sometimes want a person, so that the desk is alive."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from uuid import UUID

from warmline.bootstrap import Node
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, Owner
from warmline.kit.ids import new_id
from warmline.knowledge.service import ArticleFilter

logger = logging.getLogger(__name__)

THINK_SECONDS = (4.0, 12.0)
PATIENCE_SECONDS = 600
FOLLOW_UPS = ("好的谢谢", "还是不太明白", "那要多久？", "人工", "能不能找个人跟我说", "谢谢你")
TO_AGENTS = ("好的，我试试", "对，就是这样", "那我现在该做什么？", "明白了，谢谢您", "手机上没找到这个入口")


class Visitors:
    """`count` customers who come, talk and leave, again and again."""

    def __init__(self, node: Node, count: int, *, seed: int = 37) -> None:
        self._node, self._count = node, count
        self._random = random.Random(seed)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Let them in."""
        async with self._node.uow.begin() as tx:
            page = await self._node.knowledge.list_articles(tx, ArticleFilter(), limit=200)
        questions = [
            similar
            for article in page.articles
            for text in article.content.texts
            if text.lang == "zh-Hans"
            for similar in text.similar
        ]
        self._tasks = [asyncio.create_task(self._live(questions)) for _ in range(self._count)]

    async def stop(self) -> None:
        """Send them home."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _live(self, questions: list[str]) -> None:
        while True:
            try:
                await self._visit(questions)
            except Exception:
                logger.exception("a simulated visitor stumbled")
            await self._think()

    async def _think(self) -> None:
        await asyncio.sleep(self._random.uniform(*THINK_SECONDS))

    async def _visit(self, questions: list[str]) -> None:
        async with self._node.uow.begin() as tx:
            customer = await self._node.customers.create_anonymous(tx, locale="zh-Hans")
        state = await self._node.conversations.start(customer.id, channel="web", locale="zh-Hans", elder=False)
        await self._say(state.id, customer.id, self._random.choice(questions))
        for _ in range(self._random.randint(1, 4)):
            await self._think()
            await self._say(state.id, customer.id, self._random.choice(FOLLOW_UPS))
        await self._wait_for_person(state.id, customer.id)

    async def _wait_for_person(self, conversation_id: UUID, customer_id: UUID) -> None:
        """While a person is or will be there, answer what they write; leave after a while."""
        for _ in range(int(PATIENCE_SECONDS / THINK_SECONDS[1])):
            state = await self._node.conversations.get(conversation_id)
            if state.owner in (Owner.ASSISTANT, Owner.CLOSED):
                break
            if state.owner is Owner.AGENT and state.last_staff_seq > state.last_customer_seq:
                await self._say(conversation_id, customer_id, self._random.choice(TO_AGENTS))
            await self._think()
        author = Author(kind=AuthorKind.CUSTOMER, id=customer_id)
        await self._node.conversations.execute(conversation_id, c.Close(author, "customer_left"))

    async def _say(self, conversation_id: UUID, customer_id: UUID, text: str) -> None:
        author = Author(kind=AuthorKind.CUSTOMER, id=customer_id)
        await self._node.conversations.execute(conversation_id, c.PostMessage(author, new_id().hex, text))
