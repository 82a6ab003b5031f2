"""The routers of staff over HTTP: cookies, CSRF, rights."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from fastapi import WebSocket

from tests.staff.conftest import EMAIL, PASSWORD, Office, browser, csrf
from warmline.kit.errors import UnauthenticatedError
from warmline.staff.errors import CsrfFailedError
from warmline.staff.model import Presence, Role

SCRIPT = {
    "title": "问候",
    "text": "{customer_name}您好",
    "shortcut": "hi",
    "category": "开场",
    "locale": "zh-Hans",
}


async def sign_in(client: httpx.AsyncClient, email: str = EMAIL) -> httpx.Response:
    return await client.post("/auth/sign-in", json={"email": email, "password": PASSWORD})


def code_of(response: httpx.Response) -> str:
    code: str = response.json()["error"]["code"]
    return code


async def test_options_are_public(client: httpx.AsyncClient) -> None:
    answer = await client.get("/auth/options")
    assert answer.status_code == 200
    assert answer.json() == {
        "password": True,
        "oidc": False,
        "oidc_name": {},
        "bank_name": {"zh-Hans": "春和银行", "zh-Hant": "春和銀行", "en": "Chunhe Bank"},
    }


async def test_sign_in_shows_me_and_sets_careful_cookies(office: Office, client: httpx.AsyncClient) -> None:
    made = await office.hire()
    answer = await sign_in(client)
    assert answer.json() == {
        "id": str(made.id),
        "name": "陈曦",
        "email": EMAIL,
        "roles": ["agent"],
        "skills": [],
        "levels": {},
        "languages": [],
        "chats": None,
        "presence": "away",
        "presence_reason": "",
        "locale": "zh-Hans",
        "locale_chosen": False,
        "oidc": False,
        "has_password": True,
    }
    session, token = sorted(answer.headers.get_list("set-cookie"), reverse=True)
    assert session.startswith("warmline_session=")
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Secure" not in session
    assert token.startswith("warmline_csrf=")
    assert "HttpOnly" not in token
    assert (await client.get("/auth/me")).json() == answer.json()


async def test_cookies_are_secure_over_https(office: Office) -> None:
    await office.hire()
    async with browser(office.app(), "https") as client:
        answer = await sign_in(client)
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


async def test_a_failed_sign_in_sets_nothing(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire()
    answer = await client.post("/auth/sign-in", json={"email": EMAIL, "password": "not the password"})
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_failed")
    assert "set-cookie" not in answer.headers


async def test_lock_out_says_how_long(office: Office, client: httpx.AsyncClient) -> None:
    for _ in range(6):
        await client.post("/auth/sign-in", json={"email": EMAIL, "password": "not the password"})
    answer = await client.post("/auth/sign-in", json={"email": EMAIL, "password": "not the password"})
    assert (answer.status_code, code_of(answer), answer.headers["retry-after"]) == (
        429,
        "sign_in_locked",
        "15",
    )


async def test_a_link_signs_in(office: Office, client: httpx.AsyncClient) -> None:
    made = await office.hire(password=None)
    token = await office.link(made)
    assert (await client.post("/auth/link", json={"token": token})).json()["id"] == str(made.id)
    again = await client.post("/auth/link", json={"token": token})
    assert (again.status_code, code_of(again)) == (401, "link_spent")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/auth/me"),
        ("POST", "/auth/sign-out"),
        ("PUT", "/desk/presence"),
        ("GET", "/desk/colleagues"),
        ("GET", "/desk/skills"),
        ("PUT", "/desk/skills/cards"),
        ("GET", "/staff"),
        ("POST", "/staff"),
        ("PUT", f"/staff/{UUID(int=7)}"),
        ("POST", f"/staff/{UUID(int=7)}/link"),
        ("POST", f"/staff/{UUID(int=7)}/disable"),
        ("POST", f"/staff/{UUID(int=7)}/enable"),
        ("GET", "/scripts"),
        ("POST", "/scripts"),
    ],
)
async def test_strangers_get_nowhere(client: httpx.AsyncClient, method: str, path: str) -> None:
    client.cookies.set("warmline_session", "made-up")
    answer = await client.request(method, path, json=SCRIPT)
    assert (answer.status_code, code_of(answer)) == (401, "unauthenticated")


async def test_a_change_needs_the_session_s_csrf_token(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire()
    await sign_in(client)
    body = {"status": "available"}
    for headers in ({}, {"X-CSRF-Token": "0" * 64}, csrf(client) | {"Origin": "https://evil.example"}):
        answer = await client.put("/desk/presence", json=body, headers=headers)
        assert (answer.status_code, code_of(answer)) == (403, "csrf_failed")
    own = csrf(client) | {"Origin": "http://desk.chunhe.example"}
    answer = await client.put("/desk/presence", json=body, headers=own)
    assert (answer.status_code, answer.json()["presence"]) == (200, "available")


async def test_another_site_cannot_sign_someone_in(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire()
    evil = {"Origin": "https://evil.example"}
    body = {"email": EMAIL, "password": PASSWORD}
    assert code_of(await client.post("/auth/sign-in", json=body, headers=evil)) == "csrf_failed"


async def test_sign_out(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire()
    await sign_in(client)
    answer = await client.post("/auth/sign-out", headers=csrf(client))
    assert answer.status_code == 204
    assert dict(client.cookies) == {}
    assert (await client.get("/auth/me")).status_code == 401


async def test_me_rotates_an_old_session(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire()
    await sign_in(client)
    before = dict(client.cookies)
    assert (await client.get("/auth/me")).status_code == 200
    assert dict(client.cookies) == before
    office.clock.move(hours=1)
    assert (await client.get("/auth/me")).status_code == 200
    after = dict(client.cookies)
    assert after["warmline_session"] != before["warmline_session"]
    assert after["warmline_csrf"] != before["warmline_csrf"]
    office.clock.move(minutes=5)
    chosen = (await client.put("/auth/me", json={"locale": "en"}, headers=csrf(client))).json()
    assert (chosen["locale"], chosen["locale_chosen"]) == ("en", True)


async def test_two_tabs_that_ask_at_once_are_left_with_the_new_session(
    office: Office, client: httpx.AsyncClient
) -> None:
    await office.hire()
    await sign_in(client)
    old = {"Cookie": f"warmline_session={client.cookies['warmline_session']}"}
    office.clock.move(hours=1)
    client.cookies.clear()
    first, second = [await client.get("/auth/me", headers=old) for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 200)
    assert "set-cookie" not in second.headers
    office.clock.move(minutes=2)
    new = {"Cookie": f"warmline_session={first.cookies['warmline_session']}"}
    client.cookies.clear()
    assert (await client.get("/auth/me", headers=new)).status_code == 200
    assert (await client.get("/auth/me", headers=old)).status_code == 401


async def test_change_password(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire()
    await sign_in(client)
    weak = await client.post("/auth/password", json={"old": PASSWORD, "new": "short"}, headers=csrf(client))
    assert (weak.status_code, code_of(weak), weak.json()["error"]["fields"]["min"]) == (
        422,
        "password_too_weak",
        12,
    )
    body = {"old": PASSWORD, "new": "a new long password"}
    assert (await client.post("/auth/password", json=body, headers=csrf(client))).status_code == 200
    assert (await client.get("/auth/me")).status_code == 200


async def test_colleagues_and_skills(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire(locale="en")
    other = await office.hire("other@chunhe.example", name="李想")
    await office.hire("editor@chunhe.example", Role.EDITOR, name="编辑")
    async with office.uow.begin() as tx:
        await office.staff.put_skill_group(tx, "loans", {"zh-Hans": "贷款", "en": "Loans"})
        await office.staff.set_skills(tx, other.id, ["loans"], actor="system")
    await sign_in(client)
    assert (await client.get("/desk/skills")).json() == [
        {"id": "loans", "name": "Loans", "names": {"zh-Hans": "贷款", "en": "Loans"}}
    ]
    assert (await client.get("/desk/colleagues")).json() == [
        {"id": str(other.id), "name": "李想", "skills": ["loans"], "presence": "away", "load": 2}
    ]


async def test_colleagues_are_those_who_serve_and_whoever_can_take_someone_comes_first(
    office: Office, client: httpx.AsyncClient
) -> None:
    await office.hire()
    resting, gone, ready, unplugged = [
        await office.hire(f"{name}@chunhe.example", name=name) for name in ("a", "b", "c", "d")
    ]
    await office.hire("boss@chunhe.example", Role.ADMIN, name="周全")
    skilled = await office.hire("zhou@chunhe.example", Role.ADMIN, name="周到")
    async with office.uow.begin() as tx:
        await office.staff.put_skill_group(tx, "loans", {"en": "Loans"})
        await office.staff.set_skills(tx, skilled.id, ["loans"], actor="system")
        for one in (ready, unplugged):
            await office.staff.set_presence(tx, one.id, Presence.AVAILABLE)
        await office.staff.set_presence(tx, resting.id, Presence.BREAK)
    office.unplugged.add(unplugged.id)
    await sign_in(client)
    shown = (await client.get("/desk/colleagues")).json()
    assert [(one["name"], one["presence"]) for one in shown] == [
        *(("c", "available"), ("a", "break"), ("b", "away"), ("d", "away"), ("周到", "away")),
    ]
    assert str(gone.id) in {one["id"] for one in shown}


async def test_an_admin_makes_and_renames_skill_groups(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire(EMAIL, Role.ADMIN, locale="en")
    await sign_in(client)
    for names in ({"zh-Hans": "卡"}, {"zh-Hans": "银行卡", "en": "Cards"}):
        made = await client.put("/desk/skills/cards", json={"names": names}, headers=csrf(client))
        assert made.status_code == 200
    shown = {"id": "cards", "name": "Cards", "names": {"zh-Hans": "银行卡", "en": "Cards"}}
    assert (await client.get("/desk/skills")).json() == [shown] == [made.json()]
    assert (await office.audited()).count("skill_group.saved") == 2
    for skill, names in (("two%20words", {"en": "x"}), ("cards", {}), ("cards", {"fr": "x"}), ("cards", {"en": " "})):
        refused = await client.put(f"/desk/skills/{skill}", json={"names": names}, headers=csrf(client))
        assert refused.status_code == 422


async def test_an_agent_makes_no_skill_groups(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire()
    await sign_in(client)
    answer = await client.put("/desk/skills/cards", json={"names": {"en": "Cards"}}, headers=csrf(client))
    assert answer.status_code == 403


async def test_scripts(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire(EMAIL, Role.SUPERVISOR)
    await sign_in(client)
    made = await client.post("/scripts", json=SCRIPT, headers=csrf(client))
    assert made.status_code == 201
    assert made.json() == SCRIPT | {"id": made.json()["id"]}
    taken = await client.post("/scripts", json=SCRIPT | {"title": "又一个"}, headers=csrf(client))
    assert (taken.status_code, code_of(taken)) == (409, "shortcut_taken")
    english = SCRIPT | {"locale": "en"}
    assert (await client.post("/scripts", json=english, headers=csrf(client))).status_code == 201
    bare = [SCRIPT | {"shortcut": "", "title": title} for title in ("一", "二")]
    ids = [(await client.post("/scripts", json=one, headers=csrf(client))).json()["id"] for one in bare]
    listed = (await client.get("/scripts", params={"locale": "zh-Hans"})).json()["items"]
    assert [one["title"] for one in listed] == ["一", "二", "问候"]
    clash = await client.put(f"/scripts/{ids[0]}", json=SCRIPT, headers=csrf(client))
    assert code_of(clash) == "shortcut_taken"
    changed = await client.put(f"/scripts/{ids[0]}", json=SCRIPT | {"shortcut": "yi"}, headers=csrf(client))
    assert changed.json()["shortcut"] == "yi"
    same = await client.put(f"/scripts/{ids[0]}", json=SCRIPT | {"shortcut": "yi"}, headers=csrf(client))
    assert same.status_code == 200
    assert (await client.delete(f"/scripts/{ids[0]}", headers=csrf(client))).status_code == 204
    for gone in (
        await client.delete(f"/scripts/{ids[0]}", headers=csrf(client)),
        await client.put(f"/scripts/{ids[0]}", json=english | {"shortcut": "x"}, headers=csrf(client)),
    ):
        assert (gone.status_code, code_of(gone)) == (404, "not_found")


async def test_an_agent_reads_scripts_and_changes_none(office: Office, client: httpx.AsyncClient) -> None:
    await office.hire()
    await sign_in(client)
    assert (await client.get("/scripts")).json() == {"items": []}
    answer = await client.post("/scripts", json=SCRIPT, headers=csrf(client))
    assert (answer.status_code, code_of(answer)) == (403, "forbidden")


@pytest.mark.parametrize(
    "wrong",
    [
        {"shortcut": "with space"},
        {"title": ""},
        {"title": "   "},
        {"text": "x" * 4001},
        {"text": "nul\x00"},
        {"locale": "fr"},
        {"extra": 1},
    ],
)
async def test_malformed_scripts(office: Office, client: httpx.AsyncClient, wrong: dict[str, object]) -> None:
    await office.hire(EMAIL, Role.SUPERVISOR)
    await sign_in(client)
    answer = await client.post("/scripts", json=SCRIPT | wrong, headers=csrf(client))
    assert answer.status_code == 422


async def test_nul_bytes_in_an_address_fail_quietly(client: httpx.AsyncClient) -> None:
    answer = await client.post("/auth/sign-in", json={"email": "a\x00@b", "password": "x\x00"})
    assert answer.status_code == 422
    answer = await client.post("/auth/sign-in", json={"email": "a@b.example", "password": "x\x00"})
    assert answer.status_code == 401


async def test_oidc_that_is_not_configured(client: httpx.AsyncClient) -> None:
    assert (await client.get("/auth/oidc/start")).status_code == 404
    assert (await client.get("/auth/oidc/callback")).status_code == 404


class FakeSocket:
    """As much of a WebSocket as the guard looks at."""

    def __init__(self, token: str, origin: str | None) -> None:
        self.cookies = {"warmline_session": token}
        self.headers = {"host": "desk.chunhe.example"} | ({"origin": origin} if origin else {})


async def test_sockets_are_known_by_cookie_and_origin(office: Office) -> None:
    made = await office.hire()
    token = (await office.sign_in.sign_in(EMAIL, PASSWORD, "203.0.113.9")).token

    async def identify(token: str, origin: str | None) -> str:
        socket: WebSocket = FakeSocket(token, origin)  # type: ignore[assignment]
        return (await office.guard.identify_socket(socket)).actor

    assert await identify(token, "https://desk.chunhe.example") == f"staff:{made.id}"
    assert await identify(token, None) == f"staff:{made.id}"
    for origin in ("https://evil.example", "null"):
        with pytest.raises(CsrfFailedError):
            await identify(token, origin)
    with pytest.raises(UnauthenticatedError):
        await identify("made-up", None)


async def test_the_routers_have_an_openapi(office: Office) -> None:
    schema = office.app().openapi()
    assert "staff session" in schema["components"]["securitySchemes"]
    assert schema["paths"]["/api/v1/scripts/{script_id}"].keys() == {"put", "delete"}
    assert schema["paths"]["/api/v1/auth/me"]["put"]["security"] == [{"staff session": []}]
