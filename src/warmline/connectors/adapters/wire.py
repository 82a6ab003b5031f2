"""HTTP to one system: a pool of connections, a token, a bound on time and size, and whether a call went out at all."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from warmline.connectors.model import Attempt, Outcome

LARGEST_ANSWER = 1 << 20
POOL = httpx.Limits(max_connections=32, max_keepalive_connections=16, keepalive_expiry=2)
"""Idle connections go before the other side closes them: a deed sent into a closing one would be unclear."""
SENDING = "http11.send_request_headers.started"
"""What the transport says when the first byte of a request is about to go out."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str]


class UnansweredError(Exception):
    """No answer came; `sent` says whether the other side may have heard the call."""

    def __init__(self, code: str, *, sent: bool) -> None:
        super().__init__(code)
        self.code, self.sent = code, sent

    def as_attempt(self) -> Attempt:
        """Return what the try came to."""
        outcome = Outcome.UNCLEAR if self.sent else Outcome.NOT_DONE
        return Attempt(outcome, code=self.code, alive=False, again=True)


class Wire:
    """Calls one origin. `read_token` is asked before each call, so that a token may be replaced meanwhile."""

    def __init__(self, origin_of: str, read_token: Callable[[], str], ca_file: Path | None = None) -> None:
        self._origin = urlsplit(origin_of)[:2]
        self._read_token = read_token
        verify = ssl.create_default_context(cafile=ca_file) if ca_file else True
        unpacked = {"Accept-Encoding": "identity"}  # so that what is read is no larger than what came
        self._client = httpx.AsyncClient(headers=unpacked, limits=POOL, verify=verify, trust_env=False)

    async def send(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        enough: Callable[[str, bytes], bool] | None = None,
    ) -> Reply:
        """Return the answer; raise `UnansweredError` without one in time. `enough` ends reading a stream."""
        sent = False

        async def trace(event: str, _: Mapping[str, Any]) -> None:
            nonlocal sent
            sent = sent or event == SENDING

        try:
            async with asyncio.timeout(seconds):
                request = self._client.build_request(
                    method,
                    url,
                    headers=[(name.encode(), _encode(value)) for name, value in self._headers(url, headers).items()],
                    params=params,
                    content=body,
                    timeout=None,
                    extensions={"trace": trace},
                )
                return await self._read(request, enough)
        except TimeoutError:
            raise UnansweredError("timeout", sent=sent) from None
        except httpx.HTTPError as error:
            code = "disconnected" if sent else "unreachable"
            raise UnansweredError(code, sent=sent) from error
        except (OSError, ValueError) as error:  # a token file is gone, or a value no header can hold
            raise UnansweredError("unsendable", sent=sent) from error

    async def _read(self, request: httpx.Request, enough: Callable[[str, bytes], bool] | None) -> Reply:
        answer = await self._client.send(request, stream=True)
        try:
            body, kind = b"", answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise UnansweredError("too_large", sent=True)
                if enough is not None and enough(kind, body):
                    break
            return Reply(answer.status_code, kind, body, answer.headers)
        finally:
            await answer.aclose()

    def _headers(self, url: str, given: Mapping[str, str] | None) -> dict[str, str]:
        """Return the headers; the token goes to its own origin alone."""
        token = self._read_token() if urlsplit(url)[:2] == self._origin else ""
        return {**(given or {}), **({"Authorization": f"Bearer {token}"} if token else {})}

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _encode(value: str) -> bytes:
    """Return a header's value; raise `ValueError` for signs that would end it."""
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
        raise ValueError("a header cannot hold control characters")
    return value.strip().encode()


def judge_status(status: int) -> Attempt | None:
    """Return what an answer without a usable body comes to by its status alone; None for 2xx."""
    code = f"http_{status}"
    if 200 <= status < 300:
        return None
    if status in (408, 425, 429):
        return Attempt(Outcome.NOT_DONE, code=code, alive=False, again=True)
    if 400 <= status < 500:
        return Attempt(Outcome.NOT_DONE, code="unauthenticated" if status == 401 else code)
    return Attempt(Outcome.UNCLEAR, code=code, alive=status < 500, again=status >= 500)
