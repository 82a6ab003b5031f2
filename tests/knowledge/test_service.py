"""Editing, publishing and following versions, on a real database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.knowledge.support import FixedClock, RecordingBus, content, make_service, zh
from warmline.kit.uow import UnitOfWork
from warmline.knowledge.errors import (
    ArticleChangedError,
    ArticleExistsError,
    ArticleInvalidError,
    ArticleNotFoundError,
    NotPublishableError,
)
from warmline.knowledge.importing import Incoming
from warmline.knowledge.listing import ArticleFilter
from warmline.knowledge.model import Article, Content, Status, Text, Variant

STAFF = "staff:editor"


async def publish(uow: UnitOfWork, article_id: str, words: Content, bus: RecordingBus | None = None) -> Article:
    service = make_service(bus)
    async with uow.begin() as tx:
        await service.create(tx, article_id, words, actor=STAFF)
        return await service.publish(tx, article_id, actor=STAFF)


async def rows(uow: UnitOfWork, query: str) -> list[Any]:
    async with uow.begin() as tx:
        return list((await tx.connection.execute(text(query))).all())


async def test_an_edit_answers_only_once_published(uow: UnitOfWork) -> None:
    service = make_service()
    await publish(uow, "card", content())
    async with uow.begin() as tx:
        edited = await service.edit(tx, "card", content(zh(answer="新")), actor=STAFF)
        again = await service.edit(tx, "card", content(zh(answer="更新")), actor=STAFF)
    assert (edited.version, again.version, again.published_version, again.has_draft) == (2, 2, 1, True)
    async with uow.begin() as tx:
        live = await service.get_published(tx, ["card", "none"])
    assert [(p.version, p.content.texts[0].answer) for p in live.values()] == [(1, zh().answer)]
    async with uow.begin() as tx:
        await service.publish(tx, "card", actor=STAFF)
        live = await service.get_published(tx, ["card"])
    assert live["card"].version == 2
    assert live["card"].content.texts[0].answer == "更新"


async def test_everything_an_article_holds_is_stored(uow: UnitOfWork) -> None:
    words = content(
        zh("问", "答", "甲", "乙|丙"),
        Text("zh-Hant", "問", (), "答", reviewed=False),
        Text("en", "q", ("a",), "an"),
        variants=(Variant("念", channel="voice", audience="elder"),),
        category="cards",
        owner="o@chunhe.example",
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
    )
    await publish(uow, "full", words)
    async with uow.begin() as tx:
        assert (await make_service().get(tx, "full")).content == words


async def test_saving_the_same_words_changes_nothing(uow: UnitOfWork) -> None:
    first = await publish(uow, "card", content())
    async with uow.begin() as tx:
        again = await make_service().edit(tx, "card", content(zh("储蓄卡丢了怎么办 ")), actor=STAFF)
    assert again == first


async def test_publications_and_retirements_are_audited_and_announced_after_commit(uow: UnitOfWork) -> None:
    bus = RecordingBus()
    await publish(uow, "card", content(), bus)
    service = make_service(bus)
    async with uow.begin() as tx:
        await service.retire(tx, "card", actor=STAFF)
        assert bus.sent == [("article.published", "card")]
    assert bus.sent[1:] == [("article.retired", "card")]
    trail = await rows(uow, "select actor, action, subject, details->>'version' from audit_entry order by id")
    assert trail == [
        (STAFF, "article.published", "article:card", "1"),
        (STAFF, "article.retired", "article:card", "1"),
    ]


async def test_a_rolled_back_publication_is_not_announced(uow: UnitOfWork) -> None:
    bus = RecordingBus()

    async def publish_and_fail() -> None:
        async with uow.begin() as tx:
            await make_service(bus).create(tx, "card", content(), actor=STAFF)
            await make_service(bus).publish(tx, "card", actor=STAFF)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await publish_and_fail()
    assert bus.sent == []
    assert await rows(uow, "select 1 from article_change") == []


async def test_a_retired_article_can_be_published_again(uow: UnitOfWork) -> None:
    service = make_service()
    await publish(uow, "card", content())
    async with uow.begin() as tx:
        await service.retire(tx, "card", actor=STAFF)
        assert await service.get_published(tx, ["card"]) == {}
        back = await service.publish(tx, "card", actor=STAFF)
    assert (back.status, back.version) == (Status.PUBLISHED, 1)


async def test_refusals(uow: UnitOfWork) -> None:
    service = make_service()
    await publish(uow, "card", content())
    with pytest.raises(ArticleExistsError):
        await publish(uow, "card", content())
    async with uow.begin() as tx:
        with pytest.raises(ArticleInvalidError):
            await service.create(tx, "no/slash", content(), actor=STAFF)
        with pytest.raises(ArticleNotFoundError):
            await service.get(tx, "none\0")
        with pytest.raises(ArticleNotFoundError):
            await service.get_version(tx, "card", 7)
        with pytest.raises(ArticleNotFoundError):
            await service.publish(tx, "none", actor=STAFF)
        with pytest.raises(ArticleChangedError) as changed:
            await service.edit(tx, "card", content(zh("别的")), actor=STAFF, expect_revision=1)
        draft = await service.create(tx, None, content(zh(answer="")), actor=STAFF)
        with pytest.raises(NotPublishableError) as refused:
            await service.publish(tx, draft.id, actor=STAFF)
    assert changed.value.fields["revision"] == 2
    assert [p["code"] for p in refused.value.fields["problems"]] == ["no_answer"]


async def test_restoring_makes_a_draft_of_the_old_words(uow: UnitOfWork) -> None:
    service = make_service()
    await publish(uow, "card", content())
    async with uow.begin() as tx:
        await service.edit(tx, "card", content(zh("改过")), actor=STAFF)
        await service.publish(tx, "card", actor=STAFF)
        restored = await service.restore(tx, "card", 1, actor=STAFF)
        versions = await service.list_versions(tx, "card")
    assert (restored.version, restored.published_version, restored.content) == (3, 2, content())
    assert [(v.version, v.published_at is not None) for v in versions] == [(3, False), (2, True), (1, True)]


async def test_pages_hold_every_article_once(uow: UnitOfWork) -> None:
    clock = FixedClock()
    service = make_service(clock=clock)
    async with uow.begin() as tx:
        for i in range(7):
            await service.create(tx, f"a{i}", content(zh(f"问题 {i}")), actor=STAFF)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(9):
        async with uow.begin() as tx:
            page = await service.list_articles(tx, ArticleFilter(), cursor=cursor, limit=3)
        seen += [a.id for a in page.articles]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == [f"a{i}" for i in range(7)]
    assert page.total == 7


async def test_filters(uow: UnitOfWork) -> None:
    service = make_service()
    await publish(uow, "a", content(zh("挂失 100%", "答", "卡_丢"), category="cards", owner="me"))
    await publish(uow, "b", content(zh("转账"), Text("en", "transfer", (), "yes"), category="transfers"))
    async with uow.begin() as tx:
        await service.edit(tx, "b", content(zh("转账!")), actor=STAFF)
        await service.create(tx, "c", content(category="cards"), actor=STAFF)

    async def ids(wanted: ArticleFilter) -> set[str]:
        async with uow.begin() as tx:
            return {a.id for a in (await service.list_articles(tx, wanted)).articles}

    assert await ids(ArticleFilter(status=Status.PUBLISHED)) == {"a", "b"}
    assert await ids(ArticleFilter(category="cards")) == {"a", "c"}
    assert await ids(ArticleFilter(owner="me")) == {"a"}
    assert await ids(ArticleFilter(text="0%")) == {"a"}
    assert await ids(ArticleFilter(text="卡_丢")) == {"a"}
    assert await ids(ArticleFilter(text="卡%丢\0")) == set()
    assert await ids(ArticleFilter(lang="en")) == set()
    assert await ids(ArticleFilter(has_draft=True)) == {"b", "c"}
    async with uow.begin() as tx:
        assert await service.list_categories(tx) == [("", 1), ("cards", 2)]


def incoming(words: Content, status: Status = Status.PUBLISHED) -> list[Incoming]:
    return [Incoming("card", words, status)]


async def test_importing_beside_an_editors_draft_keeps_the_draft(uow: UnitOfWork) -> None:
    service = make_service()
    await publish(uow, "card", content())
    async with uow.begin() as tx:
        await service.edit(tx, "card", content(zh(answer="编辑中")), actor=STAFF)
    async with uow.begin() as tx:
        (same,) = await service.save_imported(tx, incoming(content()), actor="system")
    assert not (same.change)
    assert not (same.publish)
    assert not (same.create)
    async with uow.begin() as tx:
        (step,) = await service.save_imported(tx, incoming(content(zh(answer="文件"))), actor="system")
        versions = await service.list_versions(tx, "card")
    assert step.change
    assert step.publish
    assert step.version == 3
    assert [v.content.texts[0].answer for v in versions] == ["文件", "编辑中", zh().answer]


async def test_importing_keeps_languages_the_file_lacks(uow: UnitOfWork) -> None:
    service = make_service()
    await publish(uow, "card", content(zh(), category="cards"))
    english = Text("en", "lost card", (), "Freeze it.")
    async with uow.begin() as tx:
        await service.save_imported(tx, incoming(content(english)), actor="system")
        article = await service.get(tx, "card")
    assert article.content == content(zh(), english, category="cards")
    assert article.published_version == 2


async def test_importing_retires_and_publishes_as_the_file_says(uow: UnitOfWork) -> None:
    service = make_service()
    for status in (Status.DRAFT, Status.PUBLISHED, Status.RETIRED, Status.PUBLISHED):
        async with uow.begin() as tx:
            first = await service.save_imported(tx, incoming(content(), status), actor="system")
            article = await service.get(tx, "card")
        async with uow.begin() as tx:
            (second,) = await service.save_imported(tx, incoming(content(), status), actor="system")
        assert article.status == status
        assert article.version == 1
        assert not any((second.create, second.change, second.publish, second.retire)), (status, first)
