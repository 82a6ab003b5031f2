"""A small OpenID Connect provider that really runs, on loopback, with RS256 keys; it can be told to cheat."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import Key, RSAKey

CLIENT_ID, CLIENT_SECRET = "warm line", "s%cret: with/odd+letters"


class OidcServer:
    """Discovery, keys, authorization, token and userinfo endpoint.

    `cheat` alters the claims of the next ID tokens, `userinfo` what is told of a person; what is `left_out` of ID
    tokens is told there alone.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.person: dict[str, Any] = {
            "sub": "0001",
            "email": "chenxi@chunhe.example",
            "email_verified": True,
            "name": "陈曦",
            "roles": ["desk-agents", "everyone"],
        }
        self.keys: list[Key] = []
        self.cheat: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.sign: Callable[[dict[str, Any]], str] = self.sign_properly
        self.discovery: dict[str, Any] = {}
        self.token_status = 200
        self.left_out: set[str] = set()
        self.userinfo: Callable[[dict[str, Any]], dict[str, Any]] = lambda person: person
        self.access_tokens: set[str] = set()
        self.codes: dict[str, dict[str, str]] = {}
        self.requests: list[str] = []
        self.new_key()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def new_key(self) -> None:
        """Sign by a fresh key from now on; the older ones are no longer published."""
        number = len(self.requests)
        self.keys = [RSAKey.generate_key(2048, {"kid": f"key-{number}", "use": "sig", "alg": "RS256"})]

    def sign_properly(self, claims: dict[str, Any]) -> str:
        """Sign as the discovery document promises."""
        key = self.keys[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    @contextmanager
    def running(self) -> Iterator[OidcServer]:
        """Serve until the end of the block."""
        thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def describe(self) -> dict[str, Any]:
        """Return the discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256"],
        } | self.discovery

    def authorize(self, query: dict[str, str]) -> str:
        """Return where to send the browser: back, with a code."""
        code = secrets.token_urlsafe()
        self.codes[code] = query
        answer = {"code": code, "state": query["state"], "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and answer of the token endpoint; a code is good once, for who has its verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        decoded = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        client = tuple(unquote_plus(part) for part in decoded.split(":", 1))
        verifier = form.get("code_verifier", "").encode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
        good = (
            asked is not None
            and client == (CLIENT_ID, CLIENT_SECRET)
            and form.get("redirect_uri") == asked["redirect_uri"]
            and (asked["code_challenge_method"], asked["code_challenge"]) == ("S256", challenge)
        )
        if not good or asked is None:
            return 400, {"error": "invalid_grant"}
        now = int(self.now())
        access_token = secrets.token_urlsafe()
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
        }
        self.access_tokens.add(access_token)
        told = {name: value for name, value in self.person.items() if name not in self.left_out}
        encoded = self.sign(self.cheat(told | claims))
        answer = {"access_token": access_token, "token_type": "Bearer", "id_token": encoded}
        return self.token_status, answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                provider.requests.append(parts.path)
                if parts.path == "/authorize":
                    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self.answer(302, {}, Location=provider.authorize(query))
                elif parts.path == "/userinfo":
                    token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                    good = token in provider.access_tokens
                    self.answer(200 if good else 401, provider.userinfo(provider.person) if good else {"error": "no"})
                elif parts.path == "/keys":
                    self.answer(200, {"keys": [key.as_dict(private=False) for key in provider.keys]})
                else:
                    self.answer(200, provider.describe())

            def do_POST(self) -> None:
                provider.requests.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self.answer(*provider.exchange(form, self.headers.get("Authorization", "")))

            def answer(self, status: int, document: dict[str, Any], **headers: str) -> None:
                body = json.dumps(document).encode()
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
