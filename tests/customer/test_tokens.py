"""Visitor tokens and signed identities: what holds, what lapses, what is forged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.fakes.clock import FakeClock
from warmline.customer.errors import IdentityInvalidError, IdentityLapsedError
from warmline.customer.model import ALSO_LIMIT
from warmline.customer.tokens import IdentityVerifier, VisitorTokens
from warmline.kit.errors import UnauthenticatedError

SECRET = b"the bank's own secret of 32 bytes"
ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tokens(clock: FakeClock) -> VisitorTokens:
    return VisitorTokens(b"secret", clock=clock)


def signed(clock: FakeClock, *, alg: str = "HS256", key: Any = None, **claims: Any) -> str:
    until = int(clock.now().timestamp()) + 3600
    said = {"sub": "C-1", "name": "王秀英", "elder": True, "birth_year": 1954, "exp": until} | claims
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode({"alg": alg}, said, key or OctKey.import_key(SECRET))


def test_a_token_names_its_holder(tokens: VisitorTokens, clock: FakeClock) -> None:
    token, expires_at = tokens.mint(ONE, also=[TWO])
    visitor = tokens.read(token)
    assert visitor.customer_ids == {ONE, TWO}
    assert (visitor.customer_id, visitor.lapses_at, visitor.expires_at) == (ONE, None, expires_at)
    assert expires_at == clock.now() + timedelta(days=30)


def test_an_anonymous_token_runs_out(tokens: VisitorTokens, clock: FakeClock) -> None:
    token, _ = tokens.mint(ONE)
    clock.move(days=30)
    with pytest.raises(UnauthenticatedError) as caught:
        tokens.read(token)
    assert caught.value.code == "unauthenticated"
    assert tokens.read_lapsed(token) is not None


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_token_never_outlives_its_identity(lapses: int, later: int) -> None:
    clock = FakeClock()
    tokens = VisitorTokens(b"secret", clock=clock)
    lapses_at = clock.now() + timedelta(seconds=lapses)
    token, expires_at = tokens.mint(ONE, lapses_at=lapses_at)
    assert expires_at <= lapses_at
    clock.move(seconds=later)
    if clock.now() >= expires_at:
        with pytest.raises(IdentityLapsedError):
            tokens.read(token)
    else:
        assert tokens.read(token).lapses_at == lapses_at


def test_other_s_tokens_are_nothing(tokens: VisitorTokens, clock: FakeClock) -> None:
    theirs, _ = VisitorTokens(b"another", clock=clock).mint(ONE)
    own, _ = tokens.mint(ONE)
    header, payload, signature = own.split(".")
    for token in (
        theirs,
        signed(clock),
        "",
        "a.b.c",
        f"{header}.{payload}.",
        f"{header}.e30.{signature}",
        "x" * 9000,
    ):
        with pytest.raises(UnauthenticatedError):
            tokens.read(token)
        assert tokens.read_lapsed(token) is None


def test_an_identity_signed_with_our_own_secret_is_no_visitor_token(clock: FakeClock) -> None:
    tokens = VisitorTokens(SECRET, clock=clock)
    assert tokens.read_lapsed(signed(clock)) is None


def test_a_token_carries_a_bounded_number_of_earlier_selves(tokens: VisitorTokens) -> None:
    selves = [UUID(int=n) for n in range(1, 100)]
    token, _ = tokens.mint(ONE, also=selves)
    assert tokens.read(token).also == set(selves[-ALSO_LIMIT:])


def test_an_identity_is_verified(clock: FakeClock) -> None:
    identity = IdentityVerifier(clock=clock, hs256_secret=SECRET).verify(signed(clock))
    assert (identity.external_ref, identity.name, identity.elder, identity.birth_year) == (
        "C-1",
        "王秀英",
        True,
        1954,
    )
    assert identity.lapses_at == clock.now() + timedelta(hours=1)


def test_an_identity_may_say_little(clock: FakeClock) -> None:
    encoded = signed(clock, name=None, elder=None, birth_year=None)
    identity = IdentityVerifier(clock=clock, hs256_secret=SECRET).verify(encoded)
    assert (identity.name, identity.elder, identity.birth_year) == (None, None, None)


def test_an_identity_lapses(clock: FakeClock) -> None:
    verifier, encoded = IdentityVerifier(clock=clock, hs256_secret=SECRET), signed(clock)
    clock.move(hours=1)
    with pytest.raises(IdentityLapsedError):
        verifier.verify(encoded)
    clock.move(hours=1)
    with pytest.raises(IdentityLapsedError):
        verifier.verify(encoded)


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 201},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**30},
        {"name": "x" * 81},
        {"elder": "yes"},
        {"birth_year": "1954"},
        {"birth_year": 3000},
        {"birth_year": True},
        {"iat": 10**11},
    ],
)
def test_malformed_identities(clock: FakeClock, claims: dict[str, Any]) -> None:
    with pytest.raises(IdentityInvalidError):
        IdentityVerifier(clock=clock, hs256_secret=SECRET).verify(signed(clock, **claims))


def test_odd_characters_in_a_name_keep_nobody_out(clock: FakeClock) -> None:
    identity = IdentityVerifier(clock=clock, hs256_secret=SECRET).verify(signed(clock, name="two\nlines\u202e"))
    assert identity.name == "twolines"


def test_the_audience_is_checked_where_one_is_set(clock: FakeClock) -> None:
    verifier = IdentityVerifier(clock=clock, hs256_secret=SECRET, audience="warmline")
    assert verifier.verify(signed(clock, aud="warmline")).external_ref == "C-1"
    assert verifier.verify(signed(clock, aud=["warmline", "other"])).external_ref == "C-1"
    for encoded in (signed(clock), signed(clock, aud="other")):
        with pytest.raises(IdentityInvalidError):
            verifier.verify(encoded)


def test_rs256_and_no_confusion_of_keys(clock: FakeClock) -> None:
    private = RSAKey.generate_key(2048)
    public = private.as_pem(private=False).decode()
    verifier = IdentityVerifier(clock=clock, rs256_public_pem=public)
    assert verifier.verify(signed(clock, alg="RS256", key=private)).external_ref == "C-1"
    forged = signed(clock, alg="HS256", key=OctKey.import_key(public.encode().replace(b"-", b"_")))
    stranger = signed(clock, alg="RS256", key=RSAKey.generate_key(2048))
    header, payload, _ = signed(clock, alg="RS256", key=private).split(".")
    for encoded in (forged, stranger, f"{header}.{payload}.", "x" * 9000, "", "a.b.c"):
        with pytest.raises(IdentityInvalidError):
            verifier.verify(encoded)


def test_a_verifier_needs_a_good_key(clock: FakeClock) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        IdentityVerifier(clock=clock, hs256_secret=b"short")
    with pytest.raises(ValueError, match="need a secret"):
        IdentityVerifier(clock=clock)
