"""`warmline bench assist`: how long an agent waits for what is suggested, over HTTP and the whole stack, no model."""

from __future__ import annotations

import asyncio
import random
import time
from uuid import UUID

import httpx

from warmline.bench.report import Row, percentile
from warmline.bench.stage import Stage, set_stage
from warmline.bootstrap import Node
from warmline.commands.running import repository_root
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind
from warmline.kit.console import progress
from warmline.knowledge.files import Loaded, import_loaded, load_paths
from warmline.knowledge.importing import Incoming
from warmline.routing.desk import author_of
from warmline.staff.model import Staff

SEED = 37
LEARN_SECONDS = 20
"""The server takes in what worked before every ten seconds."""


async def run_assist(*, asked: int, solved: int) -> list[Row]:
    """Ask so many questions, each in a conversation of its own, one at a time; `solved`: earlier ones remembered.

    Baseline: the agent's own search for the same words in the same run.
    """
    loaded = await asyncio.to_thread(load_paths, [repository_root() / "demo" / "articles"])

    async def prepare(node: Node) -> None:
        progress(f"{len(loaded.incoming)} articles …")
        await node.follower.know_vectors(repository_root() / "demo" / "vectors.npz")
        await import_loaded(node.uow, node.knowledge, Loaded(loaded.incoming, loaded.drafts, []), actor="system")

    chosen = _choose(loaded.incoming, solved + 2 * asked)
    async with set_stage(prepare=prepare) as stage:
        progress("learning …")
        await stage.until_learnt()
        agent, cookie = await stage.add_agent()
        progress(f"{solved} solved conversations …")
        for question, answer in chosen[:solved]:
            await _solve(stage, agent, question, answer)
        await asyncio.sleep(LEARN_SECONDS)
        async with httpx.AsyncClient(base_url=f"{stage.url}/api/v1", headers={"Cookie": cookie}) as client:
            progress("searching …")
            search = [await _search(client, question) for question, _ in chosen[solved : solved + asked]]
            progress("suggesting …")
            shown = [await _suggest(stage, agent, client, question) for question, _ in chosen[solved + asked :]]
            again = [await _time(client, path) for path, _ in shown]
    first = [seconds for _, seconds in shown]
    return [
        _row("suggested p50", first, search, 0.5),
        _row("suggested p95", first, search, 0.95),
        _row("suggested anew for the same words p95", again, search, 0.95),
        Row("solved conversations remembered", float(solved), ""),
    ]


def _row(name: str, took: list[float], search: list[float], share: float) -> Row:
    ours, theirs = percentile(took, share) * 1e3, percentile(search, share) * 1e3
    return Row(name, ours, "ms", theirs, ours / theirs)


def _choose(incoming: list[Incoming], count: int) -> list[tuple[str, str]]:
    """Return questions in Chinese with their answers' first line, shuffled, each once."""
    texts = [text for one in incoming for text in one.content.texts if text.lang == "zh-Hans"]
    found = [(question, text.answer.strip().splitlines()[0]) for text in texts for question in text.similar]
    random.Random(SEED).shuffle(found)
    return found[:count]


async def _begin(stage: Stage, agent: Staff, question: str) -> UUID:
    customer_id, _ = await stage.add_customer()
    state = await stage.start_talk(customer_id, agent)
    author = Author(kind=AuthorKind.CUSTOMER, id=customer_id)
    await stage.node.conversations.execute(state.id, c.PostMessage(author, "asked", question))
    return state.id


async def _solve(stage: Stage, agent: Staff, question: str, answer: str) -> None:
    conversation_id = await _begin(stage, agent, question)
    said, execute = author_of(agent), stage.node.conversations.execute
    await execute(conversation_id, c.PostMessage(said, "answered", answer))
    await execute(conversation_id, c.Close(said, "agent_closed", "solved"))


async def _suggest(stage: Stage, agent: Staff, client: httpx.AsyncClient, question: str) -> tuple[str, float]:
    path = f"/desk/conversations/{await _begin(stage, agent, question)}/assist"
    return path, await _time(client, path)


async def _search(client: httpx.AsyncClient, question: str) -> float:
    return await _time(client, "/articles/search", {"q": question, "limit": "6", "locale": "zh-Hans"})


async def _time(client: httpx.AsyncClient, path: str, params: dict[str, str] | None = None) -> float:
    started = time.perf_counter()
    answer = await client.get(path, params=params)
    answer.raise_for_status()
    return time.perf_counter() - started
