"""`warmline bench turns`: the assistant's answers through the whole stack, question in to answer stored and shown."""

from __future__ import annotations

import asyncio
import math
import random
import time
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.dialects.postgresql import insert

from warmline.bench.client import FeedClient
from warmline.bench.report import Row, percentile
from warmline.bench.stage import Stage, set_stage
from warmline.bootstrap import Node
from warmline.commands.running import repository_root
from warmline.kit.console import progress
from warmline.knowledge.files import Loaded, import_loaded, load_paths
from warmline.knowledge.importing import Incoming
from warmline.knowledge.model import Content, Status, Text
from warmline.knowledge.search import passage_of
from warmline.knowledge.tables import vector_cache
from warmline.language.service import normalise, vector_key

ONE_BY_ONE = 200
AT_ONCE = 20
EACH = 20
ANSWER_SECONDS = 10
PUBLISHED = 20
SEED = 37
BATCH = 2000
PLACES = ("北城", "南湖", "东关", "西山", "中央", "滨江", "高新", "老街")
THINGS = ("储蓄卡", "信用卡", "转账", "贷款", "理财", "存折", "账单", "限额", "网点", "手机银行")
DEEDS = ("挂失", "开通", "注销", "查询", "修改", "申请", "预约", "退回", "延期", "证明")


@dataclass
class Asker:
    """A customer with a socket; `answered` is set when the assistant's answer arrives, `said` holds the last."""

    conversation_id: UUID
    client: FeedClient
    answered: asyncio.Event
    said: list[str]
    number: int = 0

    async def ask(self, question: str) -> float:
        """Return the seconds from posting the question to the stored answer's arrival."""
        self.number += 1
        self.answered.clear()
        started = time.perf_counter()
        await self.client.post(self.conversation_id, f"{self.conversation_id.hex[-12:]}-{self.number}", question)
        await asyncio.wait_for(self.answered.wait(), ANSWER_SECONDS)
        return time.perf_counter() - started


async def run_turns(*, articles: int) -> list[Row]:
    """Measure one question at a time and `AT_ONCE` at once over this many articles; return the table's rows."""
    loaded = await asyncio.to_thread(load_paths, [repository_root() / "demo" / "articles"])
    chosen = loaded.incoming[:articles]
    questions = [text for one in chosen for part in one.content.texts for text in part.similar]
    random.Random(SEED).shuffle(questions)

    async def prepare(node: Node) -> None:
        progress(f"{articles} articles …")
        await node.follower.know_vectors(repository_root() / "demo" / "vectors.npz")
        await import_loaded(node.uow, node.knowledge, Loaded(chosen, loaded.drafts, []), actor="system")
        await _add_synthetic(node, articles - len(chosen))

    async with set_stage(prepare=prepare) as stage:
        progress("learning …")
        await stage.until_learnt()
        await _ask_all(stage, 1, questions[:20])
        progress("one question at a time …")
        alone, _ = await _ask_all(stage, 1, questions[:ONE_BY_ONE])
        progress(f"{AT_ONCE} at once …")
        many, seconds = await _ask_all(stage, AT_ONCE, questions[: AT_ONCE * EACH])
        memory = stage.memory_mb()
        progress("publishing changes …")
        lags = [await _publish_and_ask(stage, chosen[number].id, number) for number in range(PUBLISHED)]
    return [
        Row("articles", float(articles), ""),
        Row("question → answer p50, one at a time", percentile(alone, 0.5) * 1e3, "ms"),
        Row("question → answer p99, one at a time", percentile(alone, 0.99) * 1e3, "ms"),
        Row(f"turns a second, {AT_ONCE} at once", len(many) / seconds, "turns/s"),
        Row(f"question → answer p50, {AT_ONCE} at once", percentile(many, 0.5) * 1e3, "ms"),
        Row(f"question → answer p99, {AT_ONCE} at once", percentile(many, 0.99) * 1e3, "ms"),
        Row("serving process", memory, "MB"),
        Row("change published → answered, p50", percentile(lags, 0.5) * 1e3, "ms"),
        Row("change published → answered, longest", max(lags) * 1e3, "ms"),
    ]


async def _ask_all(stage: Stage, at_once: int, questions: list[str]) -> tuple[list[float], float]:
    """Ask every question, each in a conversation of its own, `at_once` at a time."""
    waiting = [(await _new_asker(stage), question) for question in questions]
    took: list[float] = []
    started = time.perf_counter()

    async def work() -> None:
        while waiting:
            asker, question = waiting.pop()
            took.append(await asker.ask(question))

    await asyncio.gather(*(work() for _ in range(at_once)))
    seconds = time.perf_counter() - started
    return took, seconds


async def _new_asker(stage: Stage) -> Asker:
    customer_id, token = await stage.add_customer()
    state = await stage.start_conversation(customer_id)
    answered, said = asyncio.Event(), [""]

    def on_event(_: UUID | str, event: dict[str, object], __: float) -> None:
        author, payload = event["author"], event["payload"]
        assert isinstance(author, dict)
        assert isinstance(payload, dict)
        if author["kind"] in ("assistant", "system"):
            said[0] = str(payload.get("text", ""))
            answered.set()

    client = await FeedClient.open(stage.socket_url, token=token, on_event=on_event)
    await client.subscribe(state.id, state.last_seq)
    return Asker(state.id, client, answered, said)


async def _publish_and_ask(stage: Stage, article_id: str, number: int) -> float:
    """Seconds from committing a new wording of an article to a customer reading it; asked anew until it comes."""
    words = f"请到{number}号紫色窗口登记"
    text = Text("zh-Hans", f"紫色大象第{number}期活动怎么报名", (f"想参加紫色大象{number}期",), words)
    node = stage.node
    async with node.uow.begin() as tx:
        await node.knowledge.edit(tx, article_id, Content((text,)), actor="system")
        await node.knowledge.publish(tx, article_id, actor="system")
    started = time.perf_counter()
    while time.perf_counter() - started < ANSWER_SECONDS:
        asker = await _new_asker(stage)
        await asker.ask(text.question)
        await asker.client.close()
        if words in asker.said[0]:
            return time.perf_counter() - started
    return math.inf


async def _add_synthetic(node: Node, count: int) -> None:
    """Fill up with articles of two texts each. Their vectors are real ones turned a little, put where the server
    looks for vectors: embedding 200,000 texts takes most of an hour and is not what is measured."""
    if count <= 0:
        return
    generator = np.random.default_rng(SEED)
    base = await asyncio.to_thread(node.embedder.embed_passages, [a + b for a in THINGS for b in DEEDS])
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        incoming = [_synthetic(number) for number in numbers]
        await _put_vectors(node, incoming, base, generator)
        await import_loaded(node.uow, node.knowledge, Loaded(incoming, {}, []), actor="system")
        progress(f"  {numbers[-1] + 1} synthetic articles")


def _synthetic(number: int) -> Incoming:
    place = PLACES[number % len(PLACES)]
    thing, deed = THINGS[number // 8 % 10], DEEDS[number // 80 % 10]
    text = Text(
        "zh-Hans", f"{place}{number}号{thing}怎么{deed}", (f"{thing}{deed} {place} {number}",), f"到{place}办理。"
    )
    return Incoming(f"synthetic-{number}", Content((text,), category="synthetic"), Status.PUBLISHED)


def _searched(text: Text) -> tuple[str, ...]:
    return (text.question, *text.similar, passage_of(text.question, text.answer))


async def _put_vectors(
    node: Node, incoming: list[Incoming], base: NDArray[np.float32], generator: np.random.Generator
) -> None:
    texts = [t for one in incoming for part in one.content.texts for t in _searched(part)]
    shape = (len(texts), base.shape[1])
    subjects = np.repeat(generator.integers(0, len(base), len(incoming)), len(texts) // len(incoming))
    apart = np.repeat(generator.normal(0, 0.02, (len(incoming), shape[1])), len(texts) // len(incoming), axis=0)
    vectors = base[subjects] + apart + generator.normal(0, 0.01, shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = [
        {
            "text_hash": bytes.fromhex(vector_key(node.embedder, normalise(text), is_query=is_query)),
            "model": node.embedder.name[:120],
            "vector": vector.astype("<f2").tobytes(),
        }
        for text, vector in zip(texts, vectors, strict=True)
        for is_query in (True, False)
    ]
    async with node.uow.begin() as tx:
        await tx.connection.execute(insert(vector_cache).on_conflict_do_nothing(), rows)
