"""Visitors over HTTP: arriving, coming back, being known, lapsing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.customer.conftest import Register


async def arrive(client: httpx.AsyncClient, old: str | None = None, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {old}"} if old else {}
    return await client.post("/visitors", json={"locale": "zh-Hans"} | body, headers=headers)


async def whoami(client: httpx.AsyncClient, token: str) -> Any:
    answer = await client.get("/whoami", headers={"Authorization": f"Bearer {token}"})
    return answer.json() if answer.status_code == 200 else answer.json()["error"]["code"]


async def test_a_new_visitor(client: httpx.AsyncClient) -> None:
    answer = await arrive(client)
    body = answer.json()
    assert answer.status_code == 200
    assert (body["name"], body["elder"]) == (None, False)
    assert await whoami(client, body["token"]) == [body["customer_id"]]


async def test_without_a_token(client: httpx.AsyncClient) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic nonsense"}):
        assert (await client.get("/whoami", headers=headers)).status_code == 401


async def test_coming_back_renews_the_token(register: Register, client: httpx.AsyncClient) -> None:
    first = (await arrive(client)).json()
    register.clock.move(days=31)
    assert await whoami(client, first["token"]) == "unauthenticated"
    again = (await arrive(client, first["token"])).json()
    assert again["customer_id"] == first["customer_id"]
    assert await whoami(client, again["token"]) == [first["customer_id"]]


async def test_an_anonymous_token_long_past_its_end_is_worth_nothing(
    register: Register, client: httpx.AsyncClient
) -> None:
    first = (await arrive(client)).json()
    register.clock.move(days=30 + 7)
    fresh = (await arrive(client, first["token"])).json()
    assert fresh["customer_id"] != first["customer_id"]
    known = (await arrive(client, first["token"], identity=register.signed())).json()
    assert known["also"] == []
    assert await whoami(client, known["token"]) == [known["customer_id"]]


async def test_whoever_signs_in_is_told_who_they_were(register: Register, client: httpx.AsyncClient) -> None:
    known = (await arrive(client, identity=register.signed())).json()
    before = (await arrive(client)).json()
    after = (await arrive(client, before["token"], identity=register.signed())).json()
    assert (after["customer_id"], after["also"]) == (known["customer_id"], [before["customer_id"]])


async def test_a_token_that_is_not_ours_starts_anew(client: httpx.AsyncClient) -> None:
    assert (await arrive(client, "nonsense")).status_code == 200


async def test_an_identity_lapses_and_the_conversation_goes_on(register: Register, client: httpx.AsyncClient) -> None:
    known = (await arrive(client, identity=register.signed())).json()
    assert (known["name"], known["elder"]) == ("王秀英", True)
    register.clock.move(hours=1)
    assert await whoami(client, known["token"]) == "identity_lapsed"
    lapsed = await arrive(client, known["token"])
    assert (lapsed.status_code, lapsed.json()["error"]["code"]) == (401, "identity_lapsed")
    again = (await arrive(client, known["token"], identity=register.signed())).json()
    assert again["customer_id"] == known["customer_id"]
    assert await whoami(client, again["token"]) == [known["customer_id"]]


async def test_renewing_does_not_stretch_an_identity(register: Register, client: httpx.AsyncClient) -> None:
    known = (await arrive(client, identity=register.signed())).json()
    register.clock.move(minutes=30)
    renewed = (await arrive(client, known["token"])).json()
    assert renewed["expires_at"] == known["expires_at"]
    assert renewed["name"] == "王秀英"


async def test_signing_in_on_the_way_keeps_what_was_said(register: Register, client: httpx.AsyncClient) -> None:
    at_home = (await arrive(client, identity=register.signed())).json()
    unknown = (await arrive(client)).json()
    known = (await arrive(client, unknown["token"], identity=register.signed())).json()
    assert known["customer_id"] == at_home["customer_id"]
    assert await whoami(client, known["token"]) == sorted([unknown["customer_id"], known["customer_id"]])
    assert await whoami(client, at_home["token"]) == [at_home["customer_id"]]


@pytest.mark.parametrize("known_before", [False, True])
async def test_a_token_from_before_the_sign_in_is_not_enough_after_it(
    register: Register, client: httpx.AsyncClient, known_before: bool
) -> None:
    if known_before:
        await arrive(client, identity=register.signed())
    unknown = (await arrive(client)).json()
    assert await whoami(client, unknown["token"]) == [unknown["customer_id"]]
    await arrive(client, unknown["token"], identity=register.signed())
    assert await whoami(client, unknown["token"]) == "identity_lapsed"
    renewed = (await arrive(client, unknown["token"])).json()
    assert renewed["customer_id"] != unknown["customer_id"]
    assert renewed["name"] is None


async def test_another_person_on_the_same_device(register: Register, client: httpx.AsyncClient) -> None:
    wang = (await arrive(client, identity=register.signed("C-1"))).json()
    li = (await arrive(client, wang["token"], identity=register.signed("C-2", name="李雷", elder=False))).json()
    assert li["name"] == "李雷"
    assert await whoami(client, li["token"]) == [li["customer_id"]]


async def test_an_erased_customer_s_token_is_worth_nothing(register: Register, client: httpx.AsyncClient) -> None:
    made = (await arrive(client)).json()
    visitor = register.tokens.read(made["token"])
    async with register.uow.begin() as tx:
        await register.service.erase(tx, visitor.customer_id, actor="staff:boss")
    assert await whoami(client, made["token"]) == "unauthenticated"
    assert (await arrive(client, made["token"])).json()["customer_id"] != made["customer_id"]


async def test_bad_identities(register: Register, client: httpx.AsyncClient) -> None:
    for identity in ("nonsense", register.signed(secret=b"another secret of at least 32 bytes")):
        answer = await arrive(client, identity=identity)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "identity_invalid")
    assert (await arrive(client, identity="x" * 9000)).status_code == 422
    assert (await arrive(client, locale="fr")).status_code == 422
    assert (await arrive(client, extra=1)).status_code == 422


async def test_where_no_identities_are_configured(register: Register) -> None:
    register.identities = None  # type: ignore[assignment]
    transport = httpx.ASGITransport(app=register.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        answer = await arrive(client, identity=register.signed())
    assert answer.json()["error"]["code"] == "identity_invalid"
