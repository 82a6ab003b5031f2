"""The assistant as a node wires it: real database, real embedder, a handful of the demo bank's articles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import warmline.bootstrap
from tests.fakes.clock import FakeClock
from tests.support import Heart, fresh_database, texts
from warmline.conversation.events import Event, TurnDecided, Visibility
from warmline.conversation.model import Conversation
from warmline.dialogue.respond import Brand
from warmline.dialogue.service import DialogueService
from warmline.kit.bus import LocalBus
from warmline.kit.calendar import BusinessCalendar
from warmline.kit.embedded_postgres import EmbeddedPostgres
from warmline.kit.i18n import Words
from warmline.kit.uow import UnitOfWork, create_engine
from warmline.knowledge.calibration import ReleasePolicy
from warmline.knowledge.files import import_loaded, load_paths
from warmline.knowledge.service import ArticleFollower, KnowledgeSearch, KnowledgeService
from warmline.language.service import FeelingSense, TextEmbedder, WishReader, open_embedder
from warmline.routing.service import RoutingService

ARTICLES = Path(__file__).parents[2] / "demo" / "articles" / "cards"
CHOSEN = (
    "card-abroad-use",
    "card-activate-debit",
    "card-temp-lock",
    "card-atm-daily-limit",
    "card-upgrade-gold-credit",
)
HOURS = "00:00-24:00"
ALWAYS = ReleasePolicy(answer_at=-1.0, clarify_at=-1.0, target_error=0.02)
READINGS = ReleasePolicy(answer_at=2.0, clarify_at=-2.0, target_error=0.02)
NEVER = ReleasePolicy(answer_at=2.0, clarify_at=2.0, target_error=0.02)


@dataclass
class House:
    """The heart, routing, knowledge and the assistant; `policy` says what is released."""

    heart: Heart
    knowledge: KnowledgeService
    follower: ArticleFollower
    embedder: TextEmbedder
    policy: ReleasePolicy = ALWAYS

    def __post_init__(self) -> None:
        heart, here = self.heart, warmline.bootstrap.HERE
        calendar = BusinessCalendar.from_hours(weekdays=HOURS, weekends=HOURS, holidays=HOURS, zone="Asia/Shanghai")
        words = Words.load(here / "routing" / "words.yaml")
        self.routing = RoutingService(heart.uow, heart.clock, heart.service, calendar, words, node="one")
        self.search: Any = KnowledgeSearch(heart.uow, self.follower, self.knowledge)
        self.assistant = self.make_assistant()

    def make_assistant(self, search: Any = None, **more: Any) -> DialogueService:
        """Return an assistant, over another search or with other parts if given."""
        names = {"zh-Hans": "春和", "zh-Hant": "春和", "en": "Chunhe"}
        return DialogueService(
            self.heart.service,
            self.routing,
            search or self.search,
            lambda: self.policy,
            Words.load(warmline.bootstrap.HERE / "dialogue" / "words.yaml"),
            Brand(bank=names, assistant=names),
            self.heart.clock,
            wishes=WishReader(self.embedder),
            **{"feelings": FeelingSense(self.embedder.name), **more},
        )

    async def ask(self, state: Conversation, *said: str) -> list[Event]:
        """Let the customer write and the assistant take its turn; return what the turn appended."""
        for text in said:
            await self.heart.say(state, text)
        before = (await self.heart.service.get(state.id)).last_seq
        await self.assistant.take_turn(state.id)
        return await self.heart.service.events_after(state.id, before, Visibility.STAFF)

    async def get(self, state: Conversation) -> Conversation:
        """Return the present state."""
        return await self.heart.service.get(state.id)


class BrokenSearch:
    """A search whose embedder fails or never answers."""

    def __init__(self, work: Callable[[], Awaitable[object]]) -> None:
        self._work = work

    async def candidates(self, _: str, *, limit: int = 10) -> Sequence[Any]:
        await self._work()
        return ()

    async def answers(self, _: Sequence[str], **__: object) -> dict[str, Any]:
        return {}

    async def vector(self, _: str) -> None:
        return None


@pytest.fixture(scope="session")
def embedder() -> TextEmbedder:
    return open_embedder().embedder


@pytest.fixture(scope="session")
def taught(postgres: EmbeddedPostgres, embedder: TextEmbedder) -> Iterator[str]:
    """The name of a database with the chosen articles published and embedded, for copies."""
    with fresh_database(postgres) as url:
        asyncio.run(teach(url, embedder, CHOSEN))
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture(scope="module")
def taught_url(postgres: EmbeddedPostgres, taught: str) -> Iterator[str]:
    """A copy of it for a module."""
    with fresh_database(postgres, taught) as url:
        yield url


async def teach(url: str, embedder: TextEmbedder, names: Iterable[str]) -> None:
    """Publish these articles on cards, with their shipped vectors."""
    uow, bus = UnitOfWork(create_engine(url)), LocalBus()
    service = KnowledgeService(clock=FakeClock(), bus=bus)
    files = [path for name in names for path in (ARTICLES / f"{name}.md", ARTICLES / f"{name}.en.md") if path.exists()]
    report = await import_loaded(uow, service, load_paths(files), actor="system")
    assert report.bad_rows == 0
    follower = ArticleFollower(uow, bus=bus, embedder=embedder)
    await follower.know_vectors(ARTICLES.parents[1] / "vectors.npz")
    await follower.start()
    await follower.stop()
    await uow.engine.dispose()


@pytest.fixture
async def house(taught_url: str, embedder: TextEmbedder) -> AsyncIterator[House]:
    uow = UnitOfWork(create_engine(taught_url))
    heart = Heart(uow)
    follower = ArticleFollower(uow, bus=heart.bus, embedder=embedder)
    await follower.start()
    yield House(heart, KnowledgeService(clock=heart.clock, bus=heart.bus), follower, embedder)
    await follower.stop()
    await uow.engine.dispose()


def decided(events: list[Event]) -> TurnDecided:
    """Return the decision among the events of a turn."""
    (found,) = [event.payload for event in events if isinstance(event.payload, TurnDecided)]
    return found


def last_words(events: list[Event]) -> str:
    """Return what was said last."""
    return texts(events)[-1] or ""


async def fails_to_read(*_: object, **__: object) -> list[Event]:
    """A log that cannot be read."""
    raise ValueError
