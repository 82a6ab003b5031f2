"""Simulated customers for the demo: they ask, wait, thank and sometimes want a person, so that the desk is alive."""

from __future__ import annotations

import asyncio
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
WANT_A_PERSON = 0.6
FOLLOW_UPS = ("还是不太明白", "那要多久？", "要带什么材料吗", "能在手机上办吗")
FOR_A_PERSON = ("人工", "能不能找个人跟我说", "我想跟真人说")
WHILE_WAITING = ("昨天就试过一次，没成功", "我先说一下，是给我妈问的", "好的，我等着")
TO_AGENTS = ("好的，我试试", "对，就是这样", "那我现在该做什么？", "手机上没找到这个入口")
GOODBYES = ("好的，谢谢", "明白了，谢谢您", "谢谢啦")


class Visitors:
    """`count` customers who come, talk and leave, again and again."""

    def __init__(self, node: Node, count: int, *, seed: int = 37) -> None:
        self._node, self._count = node, count
        self._random = random.Random(seed)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Let them in; they end with the event loop."""
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

    async def _live(self, questions: list[str]) -> None:
        while True:
            await self._think()
            try:
                await self._visit(questions)
            except Exception:
                logger.exception("a simulated visitor stumbled")

    async def _think(self) -> None:
        await asyncio.sleep(self._random.uniform(*THINK_SECONDS))

    async def _visit(self, questions: list[str]) -> None:
        """Ask, hear the answers, perhaps want a person and wait for one; thank and leave."""
        async with self._node.uow.begin() as tx:
            customer = await self._node.customers.create_anonymous(tx, locale="zh-Hans")
        state = await self._node.conversations.start(customer.id, channel="web", locale="zh-Hans", elder=False)
        lines = self._random.sample(FOLLOW_UPS, self._random.randint(0, 2))
        if self._random.random() < WANT_A_PERSON:
            lines.append(self._random.choice(FOR_A_PERSON))
        for line in (self._random.choice(questions), *lines):
            if await self._owner(state.id) is not Owner.ASSISTANT:
                break
            await self._say(state.id, customer.id, line)
            await self._think()
        await self._be_with_person(state.id, customer.id)
        if await self._owner(state.id) is not Owner.CLOSED:
            await self._say(state.id, customer.id, self._random.choice(GOODBYES))
            await self._think()
            author = Author(kind=AuthorKind.CUSTOMER, id=customer.id)
            await self._node.conversations.execute(state.id, c.Close(author, "customer_left"))

    async def _be_with_person(self, conversation_id: UUID, customer_id: UUID) -> None:
        """Wait for a person, say one thing meanwhile, answer what they write; no longer than patience lasts."""
        author, told = Author(kind=AuthorKind.CUSTOMER, id=customer_id), False
        for _ in range(int(PATIENCE_SECONDS / THINK_SECONDS[1])):
            state = await self._node.conversations.get(conversation_id)
            if state.owner in (Owner.ASSISTANT, Owner.CLOSED):
                return
            if state.recap_open:
                await self._node.conversations.execute(conversation_id, c.AnswerRecap(author, agreed=True))
            elif state.owner is Owner.AGENT and state.last_staff_seq > state.last_customer_seq:
                await self._say(conversation_id, customer_id, self._random.choice(TO_AGENTS))
            elif state.owner is not Owner.AGENT and not told:
                told = True
                await self._say(conversation_id, customer_id, self._random.choice(WHILE_WAITING))
            await self._think()

    async def _owner(self, conversation_id: UUID) -> Owner:
        return (await self._node.conversations.get(conversation_id)).owner

    async def _say(self, conversation_id: UUID, customer_id: UUID, text: str) -> None:
        author = Author(kind=AuthorKind.CUSTOMER, id=customer_id)
        await self._node.conversations.execute(conversation_id, c.PostMessage(author, new_id().hex, text))
