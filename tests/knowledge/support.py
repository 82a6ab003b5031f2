"""Articles and parts the tests of knowledge share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from warmline.kit.bus import LocalBus
from warmline.knowledge.model import Content, Text
from warmline.knowledge.service import KnowledgeService

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass
class FixedClock:
    """A clock that stands until it is moved."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class RecordingBus(LocalBus):
    """Remembers what was published."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def publish(self, topic: str, text: str) -> None:
        self.sent.append((topic, text))
        super().publish(topic, text)


def zh(question: str = "储蓄卡丢了怎么办", answer: str = "先打 400-800-3737 挂失。", *similar: str) -> Text:
    """A Simplified Chinese text."""
    return Text("zh-Hans", question, similar, answer)


def content(*texts: Text, **more: Any) -> Content:
    """Content with these texts, or one of cards."""
    return Content(texts=texts or (zh(),), **more)


def make_service(bus: LocalBus | None = None, clock: FixedClock | None = None) -> KnowledgeService:
    """A service on a clock that stands."""
    return KnowledgeService(clock=clock or FixedClock(), bus=bus or LocalBus())
