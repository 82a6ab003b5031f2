"""Signing in at the bank's identity provider: a real one, over loopback, honest and not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.fakes.clock import FakeClock
from tests.staff.conftest import Office, browser
from tests.staff.oidc_server import CLIENT_ID, CLIENT_SECRET, OidcServer
from warmline.staff.adapters.oidc import OidcProvider, OidcSettings
from warmline.staff.errors import OidcRefusedError, OidcUnavailableError
from warmline.staff.model import Role

ROLES = {"desk-agents": Role.AGENT, "desk-leads": Role.SUPERVISOR}
FLOW_KEY = b"f" * 32


@pytest.fixture
def bank(office: Office) -> Iterator[OidcServer]:
    with OidcServer(lambda: office.clock.now().timestamp()).running() as server:
        yield server


def provider_of(bank: OidcServer, clock: FakeClock, **changes: Any) -> OidcProvider:
    settings = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "names": {"zh-Hans": "春和统一登录"},
        "roles": ROLES,
    }
    return OidcProvider(OidcSettings(issuer=bank.issuer, **(settings | changes)), flow_key=FLOW_KEY, clock=clock)


@pytest.fixture
async def client(office: Office, bank: OidcServer) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(office.app(provider_of(bank, office.clock))) as client:
        yield client


async def visit(url: str) -> str:
    """Do what the person's browser does at the provider; return where it is sent back to."""
    async with httpx.AsyncClient() as outside:
        return (await outside.get(url)).headers["location"]


async def walk(client: httpx.AsyncClient) -> httpx.Response:
    """Sign in from the button to the desk."""
    start = await client.get("/auth/oidc/start")
    assert start.status_code == 303
    return await client.get(await visit(start.headers["location"]))


async def test_the_whole_way(office: Office, bank: OidcServer, client: httpx.AsyncClient) -> None:
    options = (await client.get("/auth/options")).json()
    assert (options["oidc"], options["oidc_name"]) == (True, {"zh-Hans": "春和统一登录"})
    start = await client.get("/auth/oidc/start")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(start.headers["location"]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://desk.chunhe.example/api/v1/auth/oidc/callback"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert "HttpOnly" in start.headers["set-cookie"]
    assert asked["state"] not in start.headers["set-cookie"]

    back = await client.get(await visit(start.headers["location"]))
    assert (back.status_code, back.headers["location"]) == (303, "/desk/")
    me = (await client.get("/auth/me")).json()
    assert (me["name"], me["roles"], me["oidc"], me["has_password"]) == ("陈曦", ["agent"], True, False)
    assert "warmline_oidc" not in client.cookies


async def test_what_the_id_token_leaves_out_is_asked_for(
    office: Office, bank: OidcServer, client: httpx.AsyncClient
) -> None:
    bank.left_out = {"email", "email_verified", "name", "roles"}
    assert (await walk(client)).headers["location"] == "/desk/"
    me = (await client.get("/auth/me")).json()
    assert (me["name"], me["email"], me["roles"]) == ("陈曦", bank.person["email"], ["agent"])


async def test_a_complete_id_token_is_enough(office: Office, bank: OidcServer, client: httpx.AsyncClient) -> None:
    await walk(client)
    assert "/userinfo" not in bank.requests


@pytest.mark.parametrize(
    "told",
    [
        lambda person: person | {"sub": "0002"},
        lambda person: {"email": person["email"]},
        lambda person: person | {"email_verified": "true"},
    ],
)
async def test_userinfo_about_somebody_else_or_unverified_lets_nobody_in(
    bank: OidcServer, client: httpx.AsyncClient, told: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    bank.left_out, bank.userinfo = {"email", "email_verified"}, told
    assert "sign_in_error" in (await walk(client)).headers["location"]


async def test_another_address_in_userinfo_does_not_verify_the_one_in_the_id_token(
    bank: OidcServer, client: httpx.AsyncClient
) -> None:
    bank.left_out = {"email_verified", "name"}
    bank.userinfo = lambda person: person | {"email": "other@chunhe.example"}
    assert "sign_in_error" in (await walk(client)).headers["location"]


async def test_roles_follow_the_provider(office: Office, bank: OidcServer, client: httpx.AsyncClient) -> None:
    await walk(client)
    bank.person["roles"] = "desk-leads"
    await walk(client)
    assert (await client.get("/auth/me")).json()["roles"] == ["supervisor"]
    bank.person["roles"] = []
    await walk(client)
    assert (await client.get("/auth/me")).json()["roles"] == []


async def test_a_code_is_good_once(bank: OidcServer, client: httpx.AsyncClient) -> None:
    start = await client.get("/auth/oidc/start")
    back = await visit(start.headers["location"])
    flow = client.cookies["warmline_oidc"]
    assert (await client.get(back)).headers["location"] == "/desk/"
    client.cookies.set("warmline_oidc", flow)
    assert (await client.get(back)).headers["location"] == "/desk/?sign_in_error=oidc_refused"


async def test_another_browser_cannot_finish_it(office: Office, client: httpx.AsyncClient) -> None:
    start = await client.get("/auth/oidc/start")
    back = await visit(start.headers["location"])
    client.cookies.clear()
    assert (await client.get(back)).headers["location"] == "/desk/?sign_in_error=oidc_refused"
    await client.get("/auth/oidc/start")
    assert (await client.get(back)).headers["location"] == "/desk/?sign_in_error=oidc_refused"
    assert (await client.get("/auth/me")).status_code == 401


async def test_an_answer_with_another_state(bank: OidcServer, client: httpx.AsyncClient) -> None:
    start = await client.get("/auth/oidc/start")
    back = httpx.URL(await visit(start.headers["location"])).copy_set_param("state", "another")
    assert (await client.get(back)).headers["location"] == "/desk/?sign_in_error=oidc_refused"
    assert "/token" not in bank.requests


async def test_taking_too_long(office: Office, client: httpx.AsyncClient) -> None:
    start = await client.get("/auth/oidc/start")
    back = await visit(start.headers["location"])
    office.clock.move(minutes=11)
    assert (await client.get(back)).headers["location"] == "/desk/?sign_in_error=oidc_refused"


async def test_the_person_says_no(client: httpx.AsyncClient) -> None:
    start = await client.get("/auth/oidc/start")
    state = parse_qs(urlsplit(start.headers["location"]).query)["state"][0]
    back = await client.get("/auth/oidc/callback", params={"error": "access_denied", "state": state})
    assert back.headers["location"] == "/desk/?sign_in_error=oidc_refused"


async def test_an_answer_in_another_issuer_s_name(bank: OidcServer, client: httpx.AsyncClient) -> None:
    start = await client.get("/auth/oidc/start")
    back = (await visit(start.headers["location"])).replace("iss=http", "iss=https")
    assert (await client.get(back)).headers["location"] == "/desk/?sign_in_error=oidc_refused"
    assert "/token" not in bank.requests


Claims = dict[str, Any]


@pytest.mark.parametrize(
    "cheat",
    [
        lambda claims: claims | {"nonce": "another"},
        lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
        lambda claims: claims | {"aud": "another client"},
        lambda claims: claims | {"aud": [CLIENT_ID, "another client"]},
        lambda claims: claims | {"azp": "another client"},
        lambda claims: claims | {"iss": "https://evil.example"},
        lambda claims: claims | {"exp": claims["iat"] - 61},
        lambda claims: claims | {"iat": claims["iat"] + 3600},
        lambda claims: {name: value for name, value in claims.items() if name != "sub"},
        lambda claims: claims | {"at_hash": "another"},
        lambda claims: claims | {"exp": "soon"},
    ],
)
async def test_claims_that_are_not_for_us(
    office: Office, bank: OidcServer, client: httpx.AsyncClient, cheat: Callable[[Claims], Claims]
) -> None:
    bank.cheat = cheat
    back = await walk(client)
    assert back.headers["location"] == "/desk/?sign_in_error=oidc_refused"
    assert (await client.get("/auth/me")).status_code == 401


def forged_by_another_key(bank: OidcServer, claims: Claims) -> str:
    key = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": bank.keys[0].kid}, claims, key)


def signed_by_the_public_key_as_secret(bank: OidcServer, claims: Claims) -> str:
    secret = bank.keys[0].as_dict(private=False)["n"]
    return jwt.encode({"alg": "HS256", "kid": bank.keys[0].kid}, claims, OctKey.import_key(str(secret)))


def unsigned(bank: OidcServer, claims: Claims) -> str:
    header, payload, _ = bank.sign_properly(claims).split(".")
    return f"{header}.{payload}."


def altered(bank: OidcServer, claims: Claims) -> str:
    _, payload, _ = bank.sign_properly(claims | {"email": "boss@chunhe.example"}).split(".")
    header, _, signature = bank.sign_properly(claims).split(".")
    return f"{header}.{payload}.{signature}"


@pytest.mark.parametrize(
    "forge",
    [
        forged_by_another_key,
        signed_by_the_public_key_as_secret,
        unsigned,
        altered,
        lambda bank, claims: "not.a.token",
        lambda bank, claims: None,
    ],
)
async def test_forged_tokens(
    bank: OidcServer, client: httpx.AsyncClient, forge: Callable[[OidcServer, Claims], str]
) -> None:
    bank.sign = lambda claims: forge(bank, claims)
    assert (await walk(client)).headers["location"] == "/desk/?sign_in_error=oidc_refused"


async def test_a_new_key_is_fetched_but_not_on_every_forgery(
    office: Office, bank: OidcServer, client: httpx.AsyncClient
) -> None:
    await walk(client)
    office.clock.move(minutes=2)
    bank.new_key()
    assert (await walk(client)).headers["location"] == "/desk/"
    bank.new_key()
    for _ in range(3):
        assert (await walk(client)).headers["location"] == "/desk/?sign_in_error=oidc_refused"
    assert bank.requests.count("/keys") == 2
    assert bank.requests.count("/.well-known/openid-configuration") == 1


async def test_a_wrong_secret_or_verifier_is_refused(office: Office, bank: OidcServer) -> None:
    provider = provider_of(bank, office.clock, client_secret="wrong")
    redirect = await provider.start("http://desk.example/back")
    answer = await visit(redirect.url)
    with pytest.raises(OidcRefusedError, match="invalid_grant"):
        await provider.finish(redirect.flow, answer, "http://desk.example/back")


async def test_a_provider_that_is_down(office: Office, bank: OidcServer, client: httpx.AsyncClient) -> None:
    bank.token_status = 503
    assert (await walk(client)).headers["location"] == "/desk/?sign_in_error=oidc_unavailable"
    nowhere = OidcProvider(OidcSettings("http://127.0.0.1:1", CLIENT_ID), flow_key=FLOW_KEY, clock=office.clock)
    async with browser(office.app(nowhere)) as other:
        start = await other.get("/auth/oidc/start")
    assert start.headers["location"] == "/desk/?sign_in_error=oidc_unavailable"


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "ftp://127.0.0.1/keys"},
        {"authorization_endpoint": None},
    ],
)
async def test_a_discovery_document_that_leads_astray(
    office: Office, bank: OidcServer, discovery: dict[str, Any]
) -> None:
    bank.discovery = discovery
    with pytest.raises(OidcUnavailableError):
        await provider_of(bank, office.clock).start("http://desk.example/back")


async def test_nested_roles(office: Office, bank: OidcServer) -> None:
    bank.person["realm_access"] = {"roles": ["desk-leads", 7, None]}
    provider = provider_of(bank, office.clock, role_claim="realm_access.roles")
    redirect = await provider.start("http://desk.example/back")
    identity = await provider.finish(redirect.flow, await visit(redirect.url), "http://desk.example/back")
    assert identity.roles == frozenset({Role.SUPERVISOR})
    assert (identity.subject, identity.email, identity.email_verified) == (
        "0001",
        "chenxi@chunhe.example",
        True,
    )


@pytest.mark.parametrize("issuer", ["http://sso.chunhe.example", "sso.chunhe.example", "file:///etc", "https://"])
def test_an_issuer_is_reached_by_https(issuer: str) -> None:
    with pytest.raises(ValueError, match="https"):
        OidcProvider(OidcSettings(issuer, CLIENT_ID), flow_key=FLOW_KEY, clock=FakeClock())
