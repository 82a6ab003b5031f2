"""What the knowledge API takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from warmline.knowledge.check import Finding
from warmline.knowledge.finder import Hit
from warmline.knowledge.model import (
    ANSWER_LIMIT,
    ID_REGEX,
    NAME_LIMIT,
    QUESTION_LIMIT,
    SIMILAR_LIMIT,
    Article,
    ArticleVersion,
    Content,
    Problem,
    Status,
    Text,
    Variant,
)

Lang = Literal["zh-Hans", "zh-Hant", "en"]
Line = Annotated[str, Field(max_length=QUESTION_LIMIT)]
Name = Annotated[str, Field(max_length=NAME_LIMIT)]
Markdown = Annotated[str, Field(max_length=ANSWER_LIMIT)]


class ArticleText(BaseModel):
    """One language of an article. `reviewed` matters for zh-Hant: an unreviewed one yields to conversion."""

    model_config = ConfigDict(extra="forbid")
    lang: Lang
    question: Line
    similar: list[Line] = Field(default_factory=list, max_length=SIMILAR_LIMIT)
    answer: Markdown = ""
    reviewed: bool = True


class ArticleVariant(BaseModel):
    """Another answer for a channel, an audience or both."""

    model_config = ConfigDict(extra="forbid")
    lang: Lang = "zh-Hans"
    channel: Name | None = None
    audience: Name | None = None
    answer: Markdown


class ArticleContent(BaseModel):
    """The words of an article. Dates are days of the bank's calendar, both inclusive."""

    model_config = ConfigDict(extra="forbid")
    category: Name = ""
    owner: Name = ""
    texts: list[ArticleText] = Field(max_length=3)
    variants: list[ArticleVariant] = Field(default_factory=list, max_length=60)
    valid_from: date | None = None
    valid_until: date | None = None

    def content(self) -> Content:
        """The same as the model knows it."""
        return Content(
            texts=tuple(Text(t.lang, t.question, tuple(t.similar), t.answer, t.reviewed) for t in self.texts),
            variants=tuple(Variant(v.answer, v.lang, v.channel or None, v.audience or None) for v in self.variants),
            category=self.category,
            owner=self.owner,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class ArticleNew(ArticleContent):
    """A new article; without `id` one is made."""

    id: Annotated[str, Field(pattern=ID_REGEX)] | None = None


class ArticleEdit(ArticleContent):
    """The whole draft. With `expect_revision`, 409 `article_changed` when someone saved since."""

    expect_revision: int | None = Field(default=None, ge=1, le=2**31 - 1)


class ArticleAction(BaseModel):
    """Body of `publish` and `retire`; may be left out."""

    model_config = ConfigDict(extra="forbid")
    expect_revision: int | None = Field(default=None, ge=1, le=2**31 - 1)


class ArticleProblem(BaseModel):
    """Why the draft cannot be published yet, in the caller's language."""

    code: str
    field: str
    lang: str | None
    message: str


class ArticleView(BaseModel):
    """An article with its newest version, which is a draft where `has_draft`."""

    id: str
    status: Status
    version: int
    published_version: int | None
    revision: int
    has_draft: bool
    category: str
    owner: str
    texts: list[ArticleText]
    variants: list[ArticleVariant]
    valid_from: date | None
    valid_until: date | None
    created_at: datetime
    updated_at: datetime
    updated_by: str
    problems: list[ArticleProblem] = Field(default_factory=list)


class ArticleList(BaseModel):
    """A page of articles, last changed first; give `next_cursor` as `cursor` for the next one."""

    articles: list[ArticleView]
    next_cursor: str | None
    total: int


class VersionView(BaseModel):
    """A version as it was."""

    version: int
    category: str
    owner: str
    texts: list[ArticleText]
    variants: list[ArticleVariant]
    valid_from: date | None
    valid_until: date | None
    created_at: datetime
    created_by: str
    published_at: datetime | None


class VersionList(BaseModel):
    """All versions, newest first."""

    versions: list[VersionView]


class CategoryView(BaseModel):
    """A category and how many articles it holds."""

    category: str
    count: int


class CategoryList(BaseModel):
    """All categories by name."""

    categories: list[CategoryView]


class SearchResult(BaseModel):
    """An article that may answer. `converted`: Traditional made from Simplified, not reviewed."""

    article_id: str
    question: str
    answer: str
    category: str
    score: float
    version: int
    converted: bool
    reviewed: bool
    fallback: bool = Field(description="True when it is not in the language asked for.")


class SearchResults(BaseModel):
    """Best first."""

    results: list[SearchResult]


def view_article(article: Article, problems: list[ArticleProblem] | None = None) -> ArticleView:
    """An article as the API shows it."""
    return ArticleView(
        id=article.id,
        status=article.status,
        version=article.version,
        published_version=article.published_version,
        revision=article.revision,
        has_draft=article.has_draft,
        category=article.content.category,
        owner=article.content.owner,
        texts=_texts(article.content),
        variants=_variants(article.content),
        valid_from=article.content.valid_from,
        valid_until=article.content.valid_until,
        created_at=article.created_at,
        updated_at=article.updated_at,
        updated_by=article.updated_by,
        problems=problems or [],
    )


def view_version(one: ArticleVersion) -> VersionView:
    """A version as the API shows it."""
    return VersionView(
        version=one.version,
        category=one.content.category,
        owner=one.content.owner,
        texts=_texts(one.content),
        variants=_variants(one.content),
        valid_from=one.content.valid_from,
        valid_until=one.content.valid_until,
        created_at=one.created_at,
        created_by=one.created_by,
        published_at=one.published_at,
    )


def view_hit(hit: Hit) -> SearchResult:
    """A hit as the API shows it."""
    return SearchResult(
        article_id=hit.article_id,
        question=hit.question,
        answer=hit.answer,
        category=hit.category,
        score=round(hit.score, 4),
        version=hit.version,
        converted=hit.converted,
        reviewed=hit.reviewed,
        fallback=hit.fallback,
    )


def view_problem(problem: Problem, message: str) -> ArticleProblem:
    """A problem with its sentence."""
    return ArticleProblem(code=problem.code, field=problem.field, lang=problem.lang, message=message)


def _texts(content: Content) -> list[ArticleText]:
    return [
        ArticleText.model_construct(
            lang=t.lang, question=t.question, similar=list(t.similar), answer=t.answer, reviewed=t.reviewed
        )
        for t in content.texts
    ]


def _variants(content: Content) -> list[ArticleVariant]:
    return [
        ArticleVariant.model_construct(lang=v.lang, channel=v.channel, audience=v.audience, answer=v.answer)
        for v in content.variants
    ]


class FoundArticle(BaseModel):
    """An article by its id and its first question."""

    article_id: str
    question: str


class FindingView(BaseModel):
    """Something to mend: `kind` is stable, `detail` and `advice` are in the reader's language.

    `articles` are the first of `count`.
    """

    kind: str
    level: str
    articles: list[FoundArticle]
    count: int
    detail: str
    advice: str


class FindingList(BaseModel):
    """What a check found, worst first."""

    findings: list[FindingView]


FOUND_LIMIT = 300


def view_finding(one: Finding, locale: str, questions: Mapping[str, str]) -> FindingView:
    """Show a finding; `questions` by article id."""
    shown = one.ids[:FOUND_LIMIT]
    return FindingView(
        kind=one.code,
        level=one.level.value,
        articles=[FoundArticle(article_id=i, question=questions.get(i) or i) for i in shown],
        count=len(one.ids),
        detail=one.message(locale),
        advice=one.advice(locale),
    )
