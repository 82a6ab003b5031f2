"""OpenID Connect with Authlib: code flow, PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1)."""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from warmline.kit.clock import Clock
from warmline.kit.crypto import Cipher
from warmline.kit.ids import new_secret
from warmline.staff.errors import OidcRefusedError, OidcUnavailableError
from warmline.staff.model import Role, StaffIdentity, normalise_email
from warmline.staff.ports import Redirect

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "EdDSA")
FLOW_LIFETIME = timedelta(minutes=10)
METADATA_LIFETIME = timedelta(hours=1)
KEYS_PAUSE = timedelta(minutes=1)
"""Unknown key ids make the key set be fetched anew at most this often."""
LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 5.0
_CONTEXT = b"oidc flow"


@dataclass(frozen=True)
class OidcSettings:
    """The bank's identity provider. `names` by locale; `roles` maps values of `role_claim` (dots descend) to roles."""

    issuer: str
    client_id: str
    client_secret: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    scope: str = "openid profile email"
    role_claim: str = "roles"
    roles: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True)
class _Fetched:
    """A document and when it was fetched."""

    document: Mapping[str, Any]
    at: datetime


class OidcProvider:
    """The identity provider at `settings.issuer`; `flow_key` (32 bytes) seals what the browser keeps."""

    def __init__(self, settings: OidcSettings, *, flow_key: bytes, clock: Clock) -> None:
        _require_secure(settings.issuer)
        self._settings, self._clock, self._cipher = settings, clock, Cipher(flow_key)
        self._metadata: _Fetched | None = None
        self._keys: _Fetched | None = None

    @property
    def names(self) -> Mapping[str, str]:
        """What the button calls it, by locale."""
        return self._settings.names

    async def start(self, redirect_uri: str) -> Redirect:
        """Begin a sign-in: the provider's URL, and the sealed state, nonce and verifier."""
        metadata = await self._get_metadata()
        state, nonce, verifier = new_secret(), new_secret(), new_secret(48)
        url = prepare_grant_uri(
            metadata["authorization_endpoint"],
            client_id=self._settings.client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=self._settings.scope,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        until = (self._clock.now() + FLOW_LIFETIME).timestamp()
        secrets = {"state": state, "nonce": nonce, "verifier": verifier, "until": until}
        sealed = self._cipher.seal(json.dumps(secrets).encode(), _CONTEXT)
        return Redirect(url, base64.urlsafe_b64encode(sealed).decode())

    async def finish(self, flow: str, answer_url: str, redirect_uri: str) -> StaffIdentity:
        """Check the provider's answer and exchange its code; nothing is trusted before it is verified."""
        secrets = self._open_flow(flow)
        metadata = await self._get_metadata()
        code = self._code_of(answer_url, secrets["state"])
        tokens = await self._exchange(metadata, code, secrets["verifier"], redirect_uri)
        claims = await self._check_id_token(metadata, tokens, secrets["nonce"])
        return self._identity_of(await self._complete(metadata, tokens, claims))

    def _open_flow(self, flow: str) -> Mapping[str, Any]:
        try:
            sealed = base64.urlsafe_b64decode(flow)
            secrets: dict[str, Any] = json.loads(self._cipher.open(sealed, _CONTEXT))
        except ValueError as error:
            raise OidcRefusedError(reason="this browser did not begin the sign-in") from error
        if secrets["until"] < self._clock.now().timestamp():
            raise OidcRefusedError(reason="the sign-in took too long")
        return secrets

    def _code_of(self, answer_url: str, state: str) -> str:
        """Read the code; state as in RFC 6749 section 10.12, `iss` as in RFC 9207."""
        answer = {key: values[0] for key, values in parse_qs(urlsplit(answer_url).query).items()}
        if not compare_digest(answer.get("state", "").encode(), state.encode()):
            raise OidcRefusedError(reason="state differs")
        if answer.get("iss", self._settings.issuer) != self._settings.issuer:
            raise OidcRefusedError(reason="another issuer answered")
        if not answer.get("code"):
            raise OidcRefusedError(reason=f"the provider said {answer.get('error', 'nothing')[:60]}")
        return answer["code"]

    async def _exchange(
        self, metadata: Mapping[str, Any], code: str, verifier: str, redirect_uri: str
    ) -> Mapping[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        form["code_verifier"] = verifier
        auth: httpx.BasicAuth | None = None
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if self._settings.client_secret and "client_secret_basic" in methods:
            # RFC 6749, section 2.3.1: both are form-encoded before they become a Basic header.
            secret = quote_plus(self._settings.client_secret)
            auth = httpx.BasicAuth(quote_plus(self._settings.client_id), secret)
        else:
            form["client_id"] = self._settings.client_id
            if self._settings.client_secret:
                form["client_secret"] = self._settings.client_secret
        return await self._call("POST", metadata["token_endpoint"], data=form, auth=auth)

    async def _check_id_token(
        self, metadata: Mapping[str, Any], tokens: Mapping[str, Any], nonce: str
    ) -> Mapping[str, Any]:
        encoded = tokens.get("id_token")
        if not isinstance(encoded, str):
            raise OidcRefusedError(reason="no ID token")
        now = int(self._clock.now().timestamp())
        options = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        params = {"nonce": nonce, "client_id": self._settings.client_id}
        params["access_token"] = str(tokens.get("access_token", ""))
        try:
            token = await self._decode(metadata, encoded)
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=now, leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError) as error:
            raise OidcRefusedError(reason=f"ID token: {type(error).__name__}") from error
        return token.claims

    async def _complete(
        self, metadata: Mapping[str, Any], tokens: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Ask the userinfo endpoint for what the ID token leaves out (OpenID Connect Core 1.0, section 5.3)."""
        wanted = {"email", "name", *([self._settings.role_claim.split(".")[0]] if self._settings.roles else [])}
        url, access_token = metadata.get("userinfo_endpoint"), tokens.get("access_token")
        if not (wanted - claims.keys() and url and access_token):
            return claims
        told = await self._call("GET", url, headers={"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != claims["sub"]:
            raise OidcRefusedError(reason="userinfo is about somebody else")
        if told.get("email") != claims.get("email", told.get("email")):
            told = {name: value for name, value in told.items() if name != "email_verified"}
        return {**told, **claims}

    async def _decode(self, metadata: Mapping[str, Any], encoded: str) -> jwt.Token:
        """Verify the signature; a key not known yet may be a new one, so the key set is fetched once more."""
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        algorithms = [algorithm for algorithm in ALGORITHMS if algorithm in offered]
        for last in (False, True):
            keys = await self._get_keys(metadata["jwks_uri"], again=last)
            try:
                return jwt.decode(encoded, keys, algorithms=algorithms)
            except InvalidKeyIdError:
                if last:
                    raise
        raise AssertionError("unreachable")

    async def _get_metadata(self) -> Mapping[str, Any]:
        now = self._clock.now()
        if self._metadata is None or now - self._metadata.at > METADATA_LIFETIME:
            url = self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
            document = await self._call("GET", url)
            if document.get("issuer") != self._settings.issuer:
                raise OidcUnavailableError(reason="the discovery document names another issuer")
            try:
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    _require_secure(document[name])
                if "userinfo_endpoint" in document:
                    _require_secure(document["userinfo_endpoint"])
            except (KeyError, ValueError, TypeError) as error:
                raise OidcUnavailableError(reason=f"discovery document: {error}") from error
            self._metadata = _Fetched(document, now)
        return self._metadata.document

    async def _get_keys(self, url: str, *, again: bool) -> KeySet:
        now = self._clock.now()
        lifetime = KEYS_PAUSE if again else METADATA_LIFETIME
        if self._keys is None or now - self._keys.at > lifetime:
            self._keys = _Fetched(await self._call("GET", url), now)
        return KeySet.import_key_set({"keys": self._keys.document.get("keys") or []})

    async def _call(self, method: str, url: str, **arguments: Any) -> Mapping[str, Any]:
        headers = {"Accept": "application/json", **arguments.pop("headers", {})}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, headers=headers) as client:
                response = await client.request(method, url, **arguments)
                document = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise OidcUnavailableError(reason=type(error).__name__) from error
        if response.is_server_error or not isinstance(document, dict):
            raise OidcUnavailableError(reason=f"HTTP {response.status_code}")
        if not response.is_success:
            raise OidcRefusedError(reason=f"the provider said {str(document.get('error'))[:60]}")
        return document

    def _identity_of(self, claims: Mapping[str, Any]) -> StaffIdentity:
        email = claims.get("email")
        return StaffIdentity(
            issuer=self._settings.issuer,
            subject=str(claims["sub"]),
            email=normalise_email(email) if isinstance(email, str) and "@" in email else None,
            email_verified=claims.get("email_verified") is True,
            name=str(claims.get("name") or claims.get("preferred_username") or "")[:80],
            roles=self._roles_of(claims) if self._settings.roles else None,
        )

    def _roles_of(self, claims: Mapping[str, Any]) -> frozenset[Role]:
        value: Any = claims
        for part in self._settings.role_claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        names: Iterable[Any] = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return frozenset(self._settings.roles[name] for name in names if name in self._settings.roles)


def _require_secure(url: str) -> None:
    """Raise `ValueError` unless https, or http to this very machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if parts.scheme != "http" or not local:
        raise ValueError(f"an identity provider is reached by https, not at {url}")
