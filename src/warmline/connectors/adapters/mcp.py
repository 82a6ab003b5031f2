"""Tools of an MCP server over streamable HTTP: revision 2026-07-28, and 2025-11-25 with its handshake where needed."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import count
from typing import Any

from warmline.connectors.adapters.wire import Reply, UnansweredError, Wire, judge_status
from warmline.connectors.config import Slot, SystemConfig
from warmline.connectors.errors import NotOfferedError, SystemUnreachableError
from warmline.connectors.model import Attempt, Interface, Outcome, Request
from warmline.connectors.shape import Checker, inline, keep, refusal, to_json
from warmline.kit.strict_yaml import suggest

MODERN, LEGACY = "2026-07-28", "2025-11-25"
SPOKEN = frozenset({LEGACY, "2025-06-18", "2025-03-26"})
"""Revisions with a handshake that are understood."""
META = "io.modelcontextprotocol/"
KEY = "idempotencyKey"
DEFAULT_KEY = "idempotency_key"
PAGES = 20
NOTHING_RAN = frozenset({-32700, -32600, -32601, -32602, -32020, -32021, -32022})
"""Errors by which a server says that it never came to the tool."""
PLAIN_TEXT: Mapping[str, Any] = {"type": "object", "properties": {"text": {"type": "string"}}}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool, bound; `mirrored` names the headers that repeat arguments."""

    interface: Interface
    arguments_fit: Checker
    result_fits: Checker
    structured: bool
    taken: frozenset[str]
    mirrored: Mapping[str, str]


class RpcError(Exception):
    """The server answered with a JSON-RPC error."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class McpSystem:
    """An MCP server."""

    def __init__(self, config: SystemConfig, wire: Wire) -> None:
        assert config.mcp is not None
        self._config, self._wire, self._url = config, wire, config.mcp.url
        self._numbers = count(1)
        self._revision = MODERN
        self._session = ""
        self._session_gone = False
        self._tools: dict[str, Tool] = {}

    async def open(self, seconds: float) -> None:
        """Agree on a revision and list the tools."""
        try:
            await self._agree(seconds)
            self._tools = {name: tool async for name, tool in self._list(seconds)}
        except UnansweredError as error:
            raise SystemUnreachableError(reason=f"it did not list its tools: {error.code}") from error
        except RpcError as error:
            raise SystemUnreachableError(reason=f"it did not list its tools: rpc_error {error.code}") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SystemUnreachableError(reason="what it lists are no MCP tools") from error

    def interface(self, name: str) -> Interface:
        """Return a tool's schemas."""
        return self._tool(name).interface

    async def attempt(self, name: str, request: Request, seconds: float) -> Attempt:
        """Call a tool once."""
        tool, arguments = self._tool(name), to_json(request.arguments)
        if not tool.arguments_fit.fits(arguments):
            return Attempt(Outcome.NOT_DONE, code="invalid_arguments")
        headers, filled = self._fill(tool, request)
        arguments |= filled
        headers |= {
            f"Mcp-Param-{header}": _header_text(arguments[argument])
            for argument, header in tool.mirrored.items()
            if argument in arguments
        }
        params = {"name": name, "arguments": arguments, "_meta": {KEY: request.key} if request.key else {}}
        until = asyncio.get_running_loop().time() + seconds
        try:
            if self._session_gone:
                async with asyncio.timeout(seconds):
                    await self._agree(seconds)
        except (TimeoutError, UnansweredError, RpcError, KeyError):
            return Attempt(Outcome.NOT_DONE, code="session_gone", alive=False, again=True)
        seconds = until - asyncio.get_running_loop().time()
        try:
            result = await self._call("tools/call", params, seconds, headers)
        except UnansweredError as error:
            return error.as_attempt()
        except RpcError as error:
            return Attempt(Outcome.NOT_DONE if error.code in NOTHING_RAN else Outcome.UNCLEAR, code="rpc_error")
        except _StatusError as error:
            return error.attempt
        return _judge(tool, result)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._wire.aclose()

    async def _agree(self, seconds: float) -> None:
        """Find out which revision the server speaks: whatever is no answer to the newest means an older one."""
        self._revision, self._session, self._session_gone = MODERN, "", False
        try:
            offered = await self._call("server/discover", {}, seconds)
            if MODERN in offered.get("supportedVersions", ()):
                return
        except RpcError:
            pass
        except _StatusError as error:
            if error.status >= 500:
                raise UnansweredError(error.attempt.code, sent=True) from error
        self._revision = LEGACY
        hello = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": _client()}
        try:
            agreed = await self._call("initialize", hello, seconds)
            self._revision = agreed["protocolVersion"]
            if self._revision not in SPOKEN:
                raise UnansweredError("unknown_protocol", sent=True)
            await self._notify("notifications/initialized", seconds)
        except _StatusError as error:
            raise UnansweredError(error.attempt.code, sent=True) from error

    async def _list(self, seconds: float) -> AsyncIterator[tuple[str, Tool]]:
        cursor: dict[str, Any] = {}
        for _ in range(PAGES):
            page = await self._call("tools/list", cursor, seconds)
            for described in page["tools"]:
                yield described["name"], self._bind(described)
            if not page.get("nextCursor"):
                return
            cursor = {"cursor": page["nextCursor"]}

    def _bind(self, described: Mapping[str, Any]) -> Tool:
        schema = inline(described["inputSchema"], described["inputSchema"])
        slots = [slot.argument for slot in (self._config.subject, self._key_slot()) if slot and slot.argument]
        taken = frozenset(slots) & frozenset(schema.get("properties", {}))
        parameters = {
            **schema,
            "properties": {name: one for name, one in schema.get("properties", {}).items() if name not in taken},
            "required": [name for name in schema.get("required", ()) if name not in taken],
        }
        result = described.get("outputSchema", PLAIN_TEXT)
        result = inline(result, result)
        idempotent = bool((described.get("annotations") or {}).get("idempotentHint"))
        return Tool(
            interface=Interface(parameters, result, idempotent or self._key_slot().argument in taken),
            arguments_fit=Checker(parameters),
            result_fits=Checker(result),
            structured="outputSchema" in described,
            taken=taken,
            mirrored={
                name: one["x-mcp-header"]
                for name, one in schema.get("properties", {}).items()
                if isinstance(one, Mapping) and isinstance(one.get("x-mcp-header"), str)
            },
        )

    def _tool(self, name: str) -> Tool:
        if name not in self._tools:
            raise NotOfferedError(reason=f"there is no tool {name!r}{suggest(name, self._tools)}")
        return self._tools[name]

    def _key_slot(self) -> Slot:
        return self._config.key or Slot(argument=DEFAULT_KEY)

    def _fill(self, tool: Tool, request: Request) -> tuple[dict[str, str], dict[str, str]]:
        """Return the headers and arguments that say for whom it is and which deed."""
        headers: dict[str, str] = {}
        arguments: dict[str, str] = {}
        for slot, value in ((self._config.subject, request.subject), (self._key_slot(), request.key)):
            if slot and slot.header and value:
                headers[slot.header] = value
            elif slot and slot.argument in tool.taken and slot.argument and value:
                arguments[slot.argument] = value
        return headers, arguments

    async def _call(
        self, method: str, params: Mapping[str, Any], seconds: float, extra: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return a JSON-RPC result; raise `RpcError` for an error, `_StatusError` for an answer that is neither."""
        number = next(self._numbers)
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": self._stamp(params)}
        reply = await self._post(message, seconds, extra, lambda kind, body: _find(kind, body, number) is not None)
        if reply.status == 404 and self._session:
            self._session_gone = True
            raise _StatusError(404, Attempt(Outcome.NOT_DONE, code="session_gone", again=True))
        if "mcp-session-id" in reply.headers:
            self._session = reply.headers["mcp-session-id"]
        answer = _find(reply.kind, reply.body, number)
        if answer is not None and "error" in answer:
            raise RpcError(_int(answer["error"].get("code")) if isinstance(answer["error"], Mapping) else 0)
        judged = judge_status(reply.status)
        if judged is not None:
            raise _StatusError(reply.status, judged)
        if answer is None or not isinstance(answer.get("result"), dict):
            raise _StatusError(reply.status, Attempt(Outcome.UNCLEAR, code="wrong_schema", again=True))
        result: dict[str, Any] = answer["result"]
        return result

    async def _notify(self, method: str, seconds: float) -> None:
        await self._post({"jsonrpc": "2.0", "method": method}, seconds, None, None)

    async def _post(self, message: Mapping[str, Any], seconds: float, extra: Any, enough: Any) -> Reply:
        headers = {
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
            **(extra or {}),
        }
        if message["method"] != "initialize":
            headers["MCP-Protocol-Version"] = self._revision
        if self._session:
            headers["Mcp-Session-Id"] = self._session
        if self._revision == MODERN:
            headers["Mcp-Method"] = message["method"]
            if message["method"] == "tools/call":
                headers["Mcp-Name"] = _header_text(message["params"]["name"])
        body = json.dumps(message, ensure_ascii=False).encode()
        return await self._wire.send("POST", self._url, seconds=seconds, headers=headers, body=body, enough=enough)

    def _stamp(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters with what each request of the newest revision says about itself."""
        if self._revision != MODERN:
            return {name: value for name, value in params.items() if value or name != "_meta"}
        said = {
            f"{META}protocolVersion": MODERN,
            f"{META}clientCapabilities": {},
            f"{META}clientInfo": _client(),
        }
        return {**params, "_meta": {**params.get("_meta", {}), **said}}


class _StatusError(Exception):
    """The answer is no JSON-RPC message; `attempt` is what a call comes to by that."""

    def __init__(self, status: int, attempt: Attempt) -> None:
        super().__init__(status)
        self.status, self.attempt = status, attempt


def _client() -> dict[str, str]:
    return {"name": "warmline", "version": version("warmline")}


def _header_text(value: object) -> str:
    """Spell a value for a header; what a header cannot hold goes in Base64, as the protocol has it."""
    text = json.dumps(value) if isinstance(value, bool) else str(value)
    if text.isascii() and text.isprintable() and text == text.strip() and not text.startswith("=?base64?"):
        return text
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


def _find(kind: str, body: bytes, number: int) -> dict[str, Any] | None:
    """Return the answer to a request out of a JSON body or an event stream; None while it is not there."""
    for message in _messages(kind, body):
        if isinstance(message, dict) and message.get("id") in (number, None) and {"result", "error"} & message.keys():
            return message
    return None


def _messages(kind: str, body: bytes) -> list[Any]:
    if kind != "text/event-stream":
        texts = [body]
    else:
        blocks = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n")[:-1]
        texts = [
            b"\n".join(line[5:].removeprefix(b" ") for line in block.split(b"\n") if line.startswith(b"data:"))
            for block in blocks
        ]
    return [_parse(text) for text in texts]


def _judge(tool: Tool, result: Mapping[str, Any]) -> Attempt:
    if result.get("resultType", "complete") != "complete":
        return Attempt(Outcome.NOT_DONE, code="input_required")
    text = _text(result)
    if result.get("isError"):
        told = refusal(result.get("structuredContent")) or refusal(_parse(text))
        unclear = Attempt(Outcome.UNCLEAR, code="tool_error")
        return replace(unclear, outcome=Outcome.REFUSED, code=told[0], data=told[1]) if told else unclear
    data = result.get("structuredContent") if tool.structured else {"text": text}
    if not isinstance(data, dict) or not tool.result_fits.fits(data):
        return Attempt(Outcome.UNCLEAR, code="wrong_schema", again=True)
    return Attempt(Outcome.DONE, data=keep(data, tool.interface.result))


def _text(result: Mapping[str, Any]) -> str:
    content = result.get("content")
    parts = [one for one in content if isinstance(one, Mapping)] if isinstance(content, list) else []
    return "\n".join(str(one.get("text", "")) for one in parts if one.get("type") == "text")


def _parse(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
