"""`warmline ask "…"` and `warmline chat`: a customer at the terminal, on the very path of the web page."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import nullcontext
from uuid import UUID

from warmline.bootstrap import Node
from warmline.commands.core_banking import core_banking
from warmline.commands.demo import claim, demo_settings, is_own_bank, seed_if_needed
from warmline.commands.running import add_settings, open_database, read_settings, running_node
from warmline.conversation import commands as c
from warmline.conversation.events import Author, AuthorKind, Event, MessagePosted, TurnDecided, Visibility
from warmline.conversation.feed import Follower
from warmline.conversation.model import Conversation
from warmline.kit.console import progress, say, say_json
from warmline.kit.ending import run_async
from warmline.kit.errors import UnavailableError
from warmline.kit.i18n import LOCALES
from warmline.kit.ids import new_id

ANSWER_SECONDS = 10
OPENING = {
    "zh-Hans": "您好，我是{assistant}，一个 AI，不是真人。直接打字问我；找同事，说“人工”；结束，按 Ctrl-D。",
    "zh-Hant": "您好，我是{assistant}，一個 AI，不是真人。直接打字問我；找同事，說「人工」；結束，按 Ctrl-D。",
    "en": "Hello, I'm {assistant}, an AI, not a person. Type what you need; “human” brings a colleague, Ctrl-D ends.",
}


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `ask` and `chat`."""
    one = commands.add_parser("ask")
    one.add_argument("question")
    one.add_argument("--json", action="store_true", help="print one JSON object")
    one.set_defaults(func=lambda options: run_async(ask(options)))
    many = commands.add_parser("chat")
    many.set_defaults(func=lambda options: run_async(chat(options)))
    for parser in (one, many):
        add_settings(parser, folder="the demo's")
        parser.add_argument(
            "--locale", choices=LOCALES, default="zh-Hans", help="the customer's language (default: zh-Hans)"
        )


async def ask(options: argparse.Namespace) -> int:
    """Print the answer to one question; exit 1 when none came in time."""
    async with _bank(options) as node:
        state = await _start(node, options.locale)
        decided, texts = await _ask(node, state, options.question)
    if options.json:
        say_json(
            {
                "text": "\n\n".join(texts),
                "decision": decided.decision,
                "reason": decided.reason,
                "article_ids": decided.article_ids,
                "confidence": decided.confidence,
                "ms": decided.milliseconds,
            }
        )
    else:
        say("\n\n".join(texts))
    return 0


async def chat(options: argparse.Namespace) -> int:
    """Read lines, print what is said; ends with Ctrl-D."""
    async with _bank(options) as node:
        state = await _start(node, options.locale)
        follower = Follower(state.id, 0, Visibility.ALL, _print_events, lambda *_: None)
        await node.conversations.feed.follow(follower)
        progress(OPENING[options.locale].format(assistant=node.dialogue.brand.assistant[options.locale]))
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip():
                await node.conversations.execute(state.id, _post(state, line.strip()))
        await _hear_out(node, state)
    return 0


@contextlib.asynccontextmanager
async def _bank(options: argparse.Namespace) -> AsyncIterator[Node]:
    """A node of the bank whose data folder or database is named, as it is; else of the demo, seeded first."""
    settings = demo_settings(options)
    own = is_own_bank(settings)
    if own:
        settings = read_settings(options)
    with open_database(settings, share=True) as url, nullcontext() if own else core_banking():
        async with running_node(settings, url) as node:
            if not own:
                await claim(node)
                await seed_if_needed(node)
            await _make_ready(node)
            yield node


async def _hear_out(node: Node, state: Conversation) -> None:
    """Wait for what is still owed: input that ends, as from a pipe, is answered all the same."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            while (await node.conversations.get(state.id)).reply_due_at is not None:  # noqa: ASYNC110 - another process may answer
                await asyncio.sleep(0.05)
    await asyncio.sleep(0.1)


async def _make_ready(node: Node) -> None:
    """Learn what is missing, so that the first answer is the one everybody gets."""
    ready = asyncio.ensure_future(_learn(node))
    done, _ = await asyncio.wait([ready], timeout=1)
    if not done:
        progress("learning to answer, once after articles change: about a minute …")
    await ready


async def _learn(node: Node) -> None:
    await node.follower.settle()
    await node.release.settle()
    await node.flow_keeper.learnt()


async def _start(node: Node, locale: str) -> Conversation:
    async with node.uow.begin() as tx:
        customer = await node.customers.create_anonymous(tx, locale=locale)
    return await node.conversations.start(customer.id, channel="terminal", locale=locale, elder=False)


def _post(state: Conversation, text: str) -> c.PostMessage:
    """Bytes of a terminal that are no text read as `?`."""
    author = Author(kind=AuthorKind.CUSTOMER, id=state.customer_id)
    return c.PostMessage(author, new_id().hex, text.encode("utf-8", "replace").decode())


async def _ask(node: Node, state: Conversation, question: str) -> tuple[TurnDecided, list[str]]:
    """Post the question and wait for the turn that answers it."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[TurnDecided] = loop.create_future()
    texts: list[str] = []

    def on_events(_: UUID, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event.payload, MessagePosted) and event.author.kind is not AuthorKind.CUSTOMER:
                texts.append(_shown(event.payload))
            elif isinstance(event.payload, TurnDecided) and not done.done():
                loop.call_soon(done.set_result, event.payload)

    await node.conversations.feed.follow(
        Follower(state.id, state.last_seq, Visibility.STAFF, on_events, lambda *_: None)
    )
    posted = _post(state, question) if question.strip() else _post(state, "　\u200b")
    await node.conversations.execute(state.id, posted)
    try:
        return await asyncio.wait_for(done, ANSWER_SECONDS), texts
    except TimeoutError as error:
        raise UnavailableError(reason=f"no answer came within {ANSWER_SECONDS} s") from error


def _shown(message: MessagePosted) -> str:
    choices = "".join(f"\n  {number}. {choice.text}" for number, choice in enumerate(message.choices or (), 1))
    return f"{message.text or ''}{choices}"


def _print_events(_: UUID, events: Sequence[Event]) -> None:
    for event in events:
        if isinstance(event.payload, MessagePosted) and event.author.kind is not AuthorKind.CUSTOMER:
            name = event.author.name or {"assistant": "AI", "system": "··"}.get(event.author.kind.value, "")
            say(f"[{name}] {_shown(event.payload)}")
