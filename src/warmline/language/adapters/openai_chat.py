"""Any OpenAI-compatible `/v1/chat/completions` (vLLM, Ollama, llama.cpp), read as a stream within hard bounds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING, Any

from warmline.language.lm.ports import Failure, Reply
from warmline.language.lm.prompts import Prompt

if TYPE_CHECKING:
    import httpx  # loaded only where there is an endpoint

BYTES_A_TOKEN, LEAST_BYTES = 1_024, 16_384
"""What a streamed token may weigh with everything that comes along with it."""
CHARACTERS_A_TOKEN = 8
STATUS = {429: Failure.LIMITED, 503: Failure.LIMITED}


class OpenAIChatModel:
    """`read_key` is asked before each call, so that a key in a file may be replaced meanwhile.

    Redirects are not followed and no proxy of the environment is used: nothing goes anywhere but to `base_url`.
    """

    def __init__(self, base_url: str, model: str, *, read_key: Callable[[], str] = str) -> None:
        import httpx

        self._model, self._read_key = model, read_key
        self._client = httpx.AsyncClient(
            base_url=base_url.rstrip("/").removesuffix("/v1") + "/",
            headers={"Accept": "text/event-stream, application/json", "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
            timeout=None,
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=5),
        )

    async def complete(self, prompt: Prompt, values: Mapping[str, str], *, within: float, most_tokens: int) -> Reply:
        """Complete a prompt by the port's contract."""
        import httpx

        body = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.fill(values)},
            ],
            "max_tokens": most_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        try:
            async with asyncio.timeout(within):
                return await self._ask(body, most_tokens)
        except TimeoutError:
            return Reply(failure=Failure.TIMEOUT)
        except (httpx.ConnectError, OSError):
            return Reply(failure=Failure.UNREACHABLE)
        except httpx.HTTPError:
            return Reply(failure=Failure.CUT_OFF)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            return Reply(failure=Failure.MALFORMED)

    async def _ask(self, body: Mapping[str, Any], most_tokens: int) -> Reply:
        key = self._read_key()
        request = self._client.build_request(
            "POST", "v1/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"} if key else {}
        )
        answer = await self._client.send(request, stream=True)
        try:
            if not 200 <= answer.status_code < 300:
                return Reply(failure=STATUS.get(answer.status_code, Failure.ERROR))
            if answer.headers.get("content-encoding", "identity") != "identity":  # unpacked it could be any size
                return Reply(failure=Failure.MALFORMED)
            bounded = _bounded(answer, max(LEAST_BYTES, most_tokens * BYTES_A_TOKEN))
            if answer.headers.get("content-type", "").startswith("application/json"):
                return _read_whole(json.loads(b"".join([part async for part in bounded])), most_tokens)
            return await _read_stream(bounded, most_tokens)
        except _TooLargeError:
            return Reply(failure=Failure.TOO_LARGE)
        finally:
            await answer.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class _TooLargeError(Exception):
    """More came than can be an answer."""


async def _bounded(answer: httpx.Response, most: int) -> AsyncIterator[bytes]:
    size = 0
    async for part in answer.aiter_raw():
        size += len(part)
        if size > most:
            raise _TooLargeError
        yield part


async def _read_stream(parts: AsyncIterator[bytes], most_tokens: int) -> Reply:
    """Read server-sent events up to `[DONE]`; an end before it means that the text is not whole."""
    text, tokens, finished, rest = "", 0, False, b""
    async for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            data = line.strip().removeprefix(b"data:").strip() if line.startswith(b"data:") else b""
            if data == b"[DONE]":
                return _whole(text, tokens) if finished else Reply(failure=Failure.CUT_OFF)
            if not data:
                continue
            event = json.loads(data)
            tokens = _tokens(event) or tokens
            for choice in event["choices"][:1]:
                text += choice["delta"].get("content") or ""
                if choice.get("finish_reason"):
                    finished = choice["finish_reason"] == "stop"
            if len(text) > most_tokens * CHARACTERS_A_TOKEN:
                raise _TooLargeError
    return _whole(text, tokens) if finished else Reply(failure=Failure.CUT_OFF)


def _read_whole(answer: Any, most_tokens: int) -> Reply:
    """Read the answer of a server that does not stream."""
    choice = answer["choices"][0]
    text = choice["message"]["content"] or ""
    if len(text) > most_tokens * CHARACTERS_A_TOKEN:
        raise _TooLargeError
    return _whole(text, _tokens(answer)) if choice.get("finish_reason") == "stop" else Reply(failure=Failure.CUT_OFF)


def _whole(text: Any, tokens: int) -> Reply:
    text = str(text).strip()
    return Reply(text, tokens=tokens) if text else Reply(failure=Failure.EMPTY, tokens=tokens)


def _tokens(answer: Mapping[str, Any]) -> int:
    usage = answer.get("usage") or {}
    total = usage.get("total_tokens") if isinstance(usage, Mapping) else 0
    return total if isinstance(total, int) and 0 < total < 1_000_000 else 0
