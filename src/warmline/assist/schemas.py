"""What the assistant beside the agent answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from warmline.assist.checklist import Never
from warmline.assist.model import From, Suggestions
from warmline.assist.using import UseOutcome
from warmline.conversation.events import SummaryLine, WrapUpWritten


class _View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ArticleFound(_View):
    """The article nearest to what was asked; `start` and `end` mark in its `answer` the passage that answers."""

    article_id: str
    version: int
    question: str
    answer: str
    category: str
    score: float
    start: int | None = None
    end: int | None = None


class ReplyView(_View):
    """A ready reply. Placeholders such as `{customer_name}` are filled in at the desk."""

    text: str
    origin: From
    ref: str
    title: str
    by: str | None
    at: datetime | None


class FeltView(_View):
    """What the customer seems to feel: a guess with the names of the signs it was read from, and how to open."""

    emotion: str
    intensity: float
    signs: list[str]
    opening: str | None


class SolvedView(_View):
    """An earlier conversation in which the same was solved; its id where the reader may open it."""

    conversation_id: UUID | None
    question: str
    answer: str
    by: str
    at: datetime


class NeedView(_View):
    """What the flow asks for, with its question to the customer; `secret`: keyed by them, never told."""

    name: str
    label: str
    ask: str
    value: str | None
    secret: bool


class NextStepView(_View):
    """A flow that fits, what it needs and what is known of it."""

    flow_id: str
    title: str
    under_way: bool
    needs: list[NeedView]
    level: str
    identified: bool


class CheckView(_View):
    """What has to be said; ticked where the log shows that it was."""

    id: str
    text: str
    done: bool
    words: str | None


class HeedView(_View):
    """What is heeded in this matter; `never`: what is never asked for."""

    checklist_id: str
    checks: list[CheckView]
    never: list[Never]
    level: str
    identified: bool


class AssistView(_View):
    """What is suggested for the message `seq`, the customer's last; 0 where they wrote nothing."""

    seq: int
    asked: str
    article: ArticleFound | None
    replies: list[ReplyView]
    felt: FeltView | None
    solved: list[SolvedView]
    step: NextStepView | None
    heed: HeedView | None

    @classmethod
    def of(cls, found: Suggestions, visible: Collection[UUID] = ()) -> AssistView:
        """Show suggestions; `visible`: the earlier conversations that may be opened."""
        article = None
        if found.article is not None:
            article = ArticleFound.model_validate(found.article)
            if found.passage is not None:
                article = article.model_copy(update={"start": found.passage.start, "end": found.passage.end})
        return cls(
            seq=found.seq,
            asked=found.asked,
            article=article,
            replies=[ReplyView.model_validate(one) for one in found.replies],
            felt=FeltView.model_validate(found.felt) if found.felt else None,
            solved=[
                SolvedView(
                    conversation_id=one.conversation_id if one.conversation_id in visible else None,
                    question=one.question,
                    answer=one.answer,
                    by=one.by,
                    at=one.at,
                )
                for one in found.solved
            ],
            step=NextStepView.model_validate(found.step) if found.step else None,
            heed=HeedView.model_validate(found.heed) if found.heed else None,
        )


class UseBody(BaseModel):
    """What an agent did with a reply suggested for the message `seq`."""

    seq: int = Field(ge=1, le=2**31 - 1)
    ref: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[\w:.\-]+$")]
    origin: From
    outcome: UseOutcome


Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class Line(SummaryLine):
    """A line of a wrap-up as an agent leaves it."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    seqs: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(default_factory=list, max_length=50)


class WrapUp(BaseModel):
    """What is left behind of a conversation; `tell_bank`: what the bank should mend."""

    lines: Annotated[list[Line], Field(max_length=40)]
    category: Annotated[str, StringConstraints(max_length=60)] | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] = []
    tell_bank: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] | None = None

    def payload(self) -> WrapUpWritten:
        """Return it as it is stored."""
        lines = [SummaryLine(section=one.section, text=one.text, seqs=one.seqs) for one in self.lines]
        return WrapUpWritten(lines=lines, category=self.category, tags=self.tags, tell_bank=self.tell_bank or None)

    @classmethod
    def of(cls, written: WrapUpWritten) -> WrapUp:
        """Show a wrap-up."""
        lines = [Line(section=one.section, text=one.text[:500], seqs=one.seqs[:50]) for one in written.lines or ()]
        return cls(lines=lines, category=written.category, tags=written.tags, tell_bank=written.tell_bank)
