"""After a person was erased none of their words is found anywhere; events and counts stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.fakes.clients import Agent, Customer, RefusedError, call, identity, leaving, signed_in
from tests.fakes.server import Server
from warmline.bootstrap import build_node
from warmline.settings import Settings

MARK = "紫藤7f3a9c"
KEPT = "白鹭5b2d8e"
"""In the words of another customer, whom nobody erases."""
ARTICLE = "国外刷卡"
"""In the words of an article, to show that the search finds what is there."""
FILE = b"%PDF-1.4\n" + MARK.encode() + b"\n%%EOF"


async def _talk(server: Server, mark: str) -> tuple[Customer, Agent, str]:
    """Leave the mark wherever a customer's words can end up; return customer, agent and attachment."""
    customer = await Customer.arrive(server, identity=identity(f"ref-{mark}-{uuid4()}", f"王{mark}"))
    await customer.say(f"我的卡号后面写着{mark}，怎么挂失？")
    await customer.line.until(lambda: len(customer.line.events(customer.conversation_id, "message.posted")) > 1)
    agent = await Agent.sign_in(server, "chen")
    await customer.ask_for_person()
    await agent.accept(customer.conversation_id)
    files = {"file": (f"{mark}.pdf", FILE, "application/pdf")}
    stored = (await customer.http.post(f"/api/v1{customer.path}/attachments", files=files)).json()
    body = {"client_id": uuid4().hex, "text": mark, "attachments": [stored["id"]]}
    await call(customer.http, "POST", f"{customer.path}/messages", json=body)
    await agent.say(customer.conversation_id, f"您说的{mark}我查到了")
    desk = f"/desk/conversations/{customer.conversation_id}"
    await call(agent.http, "POST", f"{desk}/notes", json={"client_id": uuid4().hex, "text": f"客户提到{mark}"})
    await call(agent.http, "POST", f"{desk}/recap", json={"text": f"约定：{mark}", "outcome": "solved"})
    await call(agent.http, "GET", "/articles/search", params={"q": mark})
    await call(agent.http, "POST", f"{desk}/hand-back", json={"note": mark})
    await customer.say(f"人工 {mark}")
    await customer.wait_for("handoff.requested")
    return customer, agent, stored["id"]


async def _write_profile(server: Server, customer_id: str) -> None:
    """What no call writes, as an import does on the running server's database."""
    node = build_node(Settings(data=server.data), server.database_url())
    async with node.uow.begin() as tx:
        known = (await node.customers.get(tx, UUID(customer_id))).person
        person = replace(known, notes=f"{MARK} 说话慢", phone=f"138{MARK}")
        assert (await node.customers.seed(tx, person, elder=False, locale="zh-Hans")).id == UUID(customer_id)
    await node.uow.engine.dispose()


def _tables_with(server: Server, mark: str) -> list[str]:
    """Search every column of every table, bytes too."""
    found = []
    with psycopg.connect(server.database_url()) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            name = sql.Identifier(schema, table)
            query = sql.SQL("select count(*) from {} t where t::text like any(%s)").format(name)
            patterns = [f"%{mark}%", f"%{mark.encode().hex()}%", f"%{ascii(mark)[1:-1].replace(chr(92), '%')}%"]
            (count,) = connection.execute(query, [patterns]).fetchone() or (0,)
            if count:
                found.append(table)
    assert len(tables) > 10
    return found


def _files_with(server: Server, mark: str) -> list[Path]:
    """Search every file of the data folder, the database's pages and logs too, and the server's output."""
    needles = (mark.encode(), mark.encode("utf-16-le"), ascii(mark)[1:-1].encode())
    paths = [path for path in (*server.data.rglob("*"), server.log) if path.is_file()]
    assert any(path.parent.name == "index" for path in paths)
    return [path for path in paths if any(needle in path.read_bytes() for needle in needles)]


def _counts(server: Server, customer_id: str) -> tuple[int, int, int]:
    """Events, words and files of a customer."""
    queries = (
        "select count(*) from conversation_event where conversation_id in"
        " (select id from conversation where customer_id = %s) and type not in"
        " ('conversation.closed', 'words.erased')",
        "select count(*) from message_body where customer_id = %s",
        "select count(*) from attachment where customer_id = %s",
    )
    with psycopg.connect(server.database_url()) as connection:
        counts = [(connection.execute(query, [customer_id]).fetchone() or (0,))[0] for query in queries]
    return counts[0], counts[1], counts[2]


async def test_an_erased_persons_words_are_nowhere(running_server: Server) -> None:
    customer, agent, attachment = await _talk(running_server, MARK)
    other, other_agent, _ = await _talk(running_server, KEPT)
    admin = await signed_in(running_server, "zhou")
    async with leaving(customer, agent, other, other_agent):
        await _write_profile(running_server, customer.id)
        before = await _view(admin, customer)
        assert MARK in before.text
        counts = _counts(running_server, customer.id)
        assert min(counts) > 0
        erased = await admin.delete(f"/api/v1/desk/customers/{customer.id}")
        assert erased.status_code == 200
        after = await _view(admin, customer)
        assert MARK not in after.text
        _check_same_events(before, after)
        assert _counts(running_server, customer.id) == counts
        assert MARK not in (await admin.get("/api/v1/desk/inbox")).text
        assert (await admin.get(f"/api/v1/attachments/{attachment}")).status_code == 404
        assert KEPT in (await _view(admin, other)).text
        await _check_gone(customer)
        assert _tables_with(running_server, MARK) == []
        assert _files_with(running_server, MARK) == []
        await other.close()
    await admin.aclose()


async def _view(admin: httpx.AsyncClient, customer: Customer) -> httpx.Response:
    return await admin.get(f"/api/v1/desk/conversations/{customer.conversation_id}")


def _check_same_events(before: httpx.Response, after: httpx.Response) -> None:
    """The log goes on from where it was: each event with its type, author and time, its words null."""
    old, new = before.json()["events"], after.json()["events"]
    assert [_outline(event) for event in new[: len(old)]] == [_outline(event) for event in old]
    assert [event["payload"]["type"] for event in new[len(old) :]] == ["conversation.closed", "words.erased"]
    spoken = [event["payload"] for event in new if event["payload"]["type"] in ("message.posted", "note.added")]
    assert all(payload["erased"] and payload["text"] is None for payload in spoken)
    assert after.json()["customer"]["name"] == ""


def _outline(event: dict[str, object]) -> tuple[object, ...]:
    payload = event["payload"]
    assert isinstance(payload, dict)
    return event["seq"], event["at"], event["author"], payload["type"]


async def _check_gone(customer: Customer) -> None:
    """Their token is worth nothing any more, on calls and on the socket that was open."""
    assert (await customer.http.get(f"/api/v1{customer.path}")).status_code == 401
    body = {"client_id": uuid4().hex, "text": "我还在吗"}
    assert (await customer.http.post(f"/api/v1{customer.path}/messages", json=body)).status_code == 401
    await customer.line.until(lambda: any(frame.get("code") == "unauthenticated" for frame in customer.line.frames))


@pytest.mark.parametrize("served", [False, True])
async def test_who_is_erased_leaves_the_queue_and_the_agent_is_told(running_server: Server, served: bool) -> None:
    customer, agent = await Customer.arrive(running_server), await Agent.sign_in(running_server, "chen")
    admin = await signed_in(running_server, "zhou")
    async with leaving(customer, agent):
        await customer.ask_for_person()
        if served:
            await agent.accept(customer.conversation_id)
        assert (await admin.delete(f"/api/v1/desk/customers/{customer.id}")).status_code == 200
        shown = (await _view(admin, customer)).json()
        assert (shown["conversation"]["owner"], shown["events"][-2]["payload"]["reason"]) == ("closed", "erased")
        waiting = (await agent.http.get("/api/v1/desk/inbox")).json()["items"]
        assert customer.conversation_id not in [item["conversation"]["id"] for item in waiting]
        with pytest.raises(RefusedError, match=r"conversation_closed|not_found"):
            await agent.say(customer.conversation_id, "您好，还在吗")
        desk = f"/api/v1/desk/conversations/{customer.conversation_id}"
        note = await agent.http.post(f"{desk}/notes", json={"client_id": uuid4().hex, "text": "没有回复"})
        assert note.status_code in (404, 409)
        assert (await _view(admin, customer)).json()["events"] == shown["events"]
    await admin.aclose()


def test_the_search_finds_what_is_there(running_server: Server) -> None:
    assert "article_text" in _tables_with(running_server, ARTICLE)
    assert any(path.is_relative_to(running_server.data / "postgres") for path in _files_with(running_server, ARTICLE))


async def test_erasing_needs_the_right_to(running_server: Server) -> None:
    customer = await Customer.arrive(running_server)
    async with leaving(customer):
        for person in ("chen", "zhao", "sun"):
            staff = await signed_in(running_server, person)
            assert (await staff.delete(f"/api/v1/desk/customers/{customer.id}")).status_code == 403
            await staff.aclose()
        assert (await customer.http.delete(f"/api/v1/desk/customers/{customer.id}")).status_code == 401
        assert await customer.say("在吗") > 0
