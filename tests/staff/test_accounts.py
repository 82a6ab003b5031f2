"""Administrators look after accounts over HTTP; nobody else may, and nobody locks themselves out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.staff.conftest import EMAIL, PASSWORD, Office, browser, csrf
from warmline.staff.model import Role, Staff

NEW = {"email": "Zhou@chunhe.example", "name": " 周到 ", "roles": ["agent"], "skills": ["loans"]}


@pytest.fixture
async def boss(office: Office, client: httpx.AsyncClient) -> Staff:
    """An administrator, signed in, and two skill groups."""
    made = await office.hire(EMAIL, Role.ADMIN, name="周全")
    async with office.uow.begin() as tx:
        for skill in ("cards", "loans"):
            await office.staff.put_skill_group(tx, skill, {"zh-Hans": skill})
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    return made


async def send(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> httpx.Response:
    return await client.request(method, f"/staff{path}", json=body, headers=csrf(client))


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_new_colleague_comes_in_by_a_link_once(office: Office, client: httpx.AsyncClient, boss: Staff) -> None:
    made = await send(client, "POST", "", NEW)
    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "name": "周到",
        "email": "zhou@chunhe.example",
        "roles": ["agent"],
        "skills": ["loans"],
        "levels": {"loans": 2},
        "languages": [],
        "chats": None,
        "presence": "away",
        "presence_reason": "",
        "oidc": False,
        "has_password": False,
        "disabled_at": None,
    }
    link = (await send(client, "POST", f"/{made.json()['id']}/link")).json()
    assert link["minutes"] == 30
    async with browser(office.app()) as other:
        first = await other.post("/auth/link", json={"token": link["token"]})
        assert (first.status_code, first.json()["skills"]) == (200, ["loans"])
        assert code_of(await other.post("/auth/link", json={"token": link["token"]})) == (401, "link_spent")
    assert [one["name"] for one in (await client.get("/staff")).json()["items"]] == ["周全", "周到"]


async def test_a_name_that_shows_nothing_is_refused(client: httpx.AsyncClient, boss: Staff) -> None:
    made = (await send(client, "POST", "", NEW)).json()
    body = {"name": "\u200b\u202e", "roles": ["agent"], "skills": []}
    assert code_of(await send(client, "PUT", f"/{made['id']}", body)) == (422, "invalid")
    names = {"names": {"en": "\u200b"}}
    answer = await client.put("/desk/skills/cards", json=names, headers=csrf(client))
    assert code_of(answer) == (422, "invalid")


async def test_an_address_has_one_account(client: httpx.AsyncClient, boss: Staff) -> None:
    assert code_of(await send(client, "POST", "", NEW | {"email": EMAIL.upper()})) == (409, "email_taken")


async def test_only_what_differs_is_changed_and_recorded(
    office: Office, client: httpx.AsyncClient, boss: Staff
) -> None:
    made = (await send(client, "POST", "", NEW)).json()
    before = len(await office.audited())
    body = {"name": "周到", "roles": ["agent", "editor"], "skills": ["cards", "loans"]}
    changed = (await send(client, "PUT", f"/{made['id']}", body)).json()
    assert (changed["roles"], changed["skills"]) == (["agent", "editor"], ["cards", "loans"])
    assert (await office.audited())[before:] == ["account.roles_changed", "account.skills_changed"]
    assert (await send(client, "PUT", f"/{made['id']}", body | {"name": "周小到"})).json()["name"] == "周小到"
    assert (await office.audited())[before:] == [
        "account.roles_changed", "account.skills_changed", "account.renamed",
    ]  # fmt: skip


async def test_a_closed_account_is_out_at_once_and_can_come_back(
    office: Office, client: httpx.AsyncClient, boss: Staff
) -> None:
    other = await office.hire("other@chunhe.example")
    async with browser(office.app()) as theirs:
        await theirs.post("/auth/sign-in", json={"email": other.email, "password": PASSWORD})
        closed = await send(client, "POST", f"/{other.id}/disable")
        assert closed.json()["disabled_at"] is not None
        assert (await theirs.get("/auth/me")).status_code == 401
        assert (await send(client, "POST", f"/{other.id}/enable")).json()["disabled_at"] is None
        again = await theirs.post("/auth/sign-in", json={"email": other.email, "password": PASSWORD})
        assert again.status_code == 200


async def test_nobody_locks_themselves_out(client: httpx.AsyncClient, boss: Staff) -> None:
    assert code_of(await send(client, "POST", f"/{boss.id}/disable")) == (409, "own_account")
    body = {"name": "周全", "roles": ["agent"], "skills": []}
    assert code_of(await send(client, "PUT", f"/{boss.id}", body)) == (409, "own_account")
    kept = await send(client, "PUT", f"/{boss.id}", body | {"roles": ["admin", "agent"]})
    assert kept.json()["roles"] == ["admin", "agent"]


async def test_a_refused_edit_changes_nothing(client: httpx.AsyncClient, boss: Staff) -> None:
    made = (await send(client, "POST", "", NEW)).json()
    body = {"name": "别人", "roles": ["admin"], "skills": ["none"]}
    assert code_of(await send(client, "PUT", f"/{made['id']}", body)) == (404, "not_found")
    assert (await client.get("/staff")).json()["items"][1] == made


@pytest.mark.parametrize(
    "wrong",
    [{"roles": []}, {"roles": ["boss"]}, {"name": " "}, {"email": "no address"}, {"email": "a@b\x00"}, {"extra": 1}],
)
async def test_malformed_accounts(client: httpx.AsyncClient, boss: Staff, wrong: dict[str, object]) -> None:
    assert (await send(client, "POST", "", NEW | wrong)).status_code == 422


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.EDITOR, Role.ANALYST])
async def test_accounts_are_the_administrators_alone(office: Office, client: httpx.AsyncClient, role: Role) -> None:
    mine = await office.hire(EMAIL, role)
    await client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    everything = {"name": "x", "roles": ["admin"], "skills": []}
    for method, path, body in (
        ("GET", "", None),
        ("POST", "", NEW),
        ("PUT", f"/{mine.id}", everything),
        ("POST", f"/{UUID(int=7)}/link", None),
        ("POST", f"/{mine.id}/disable", None),
    ):
        assert code_of(await send(client, method, path, body)) == (403, "forbidden")


async def test_how_somebody_serves_is_set_and_kept_where_it_is_not_named(
    office: Office, client: httpx.AsyncClient, boss: Staff
) -> None:
    made = (await send(client, "POST", "", {**NEW, "levels": {"loans": 3}})).json()
    assert made["levels"] == {"loans": 3}
    known = {name: value for name, value in NEW.items() if name in ("name", "roles", "skills")}
    work = {"languages": ["zh-Hans", "en"], "chats": 2}
    edited = (await send(client, "PUT", f"/{made['id']}", {**known, **work})).json()
    assert (edited["levels"], edited["languages"], edited["chats"]) == ({"loans": 3}, ["en", "zh-Hans"], 2)
    as_before = (await send(client, "PUT", f"/{made['id']}", known)).json()
    assert as_before == edited
    plain = (await send(client, "PUT", f"/{made['id']}", {**known, "languages": [], "chats": None})).json()
    assert (plain["languages"], plain["chats"]) == ([], None)
    for wrong in ({"chats": 7}, {"levels": {"loans": 4}}, {"languages": ["fr"]}):
        assert (await send(client, "PUT", f"/{made['id']}", {**known, **wrong})).status_code == 422
