"""A small MCP server over streamable HTTP: the newest revision without sessions, or an older one with a handshake."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.server import free_port, wait_for

META = "io.modelcontextprotocol/"
NEAR = {"near": {"type": "string"}}
TOOLS = [
    {
        "name": "find_atm",
        "inputSchema": {
            "type": "object",
            "properties": {"near": {"type": "string", "x-mcp-header": "Near"}},
            "required": ["near"],
        },
        "outputSchema": {
            "type": "object",
            "properties": {"atms": {"type": "array", "items": {"$ref": "#/$defs/Atm"}}},
            "required": ["atms"],
            "$defs": {"Atm": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
        },
    },
    {"name": "describe", "inputSchema": {"type": "object", "properties": NEAR}},
    {
        "name": "book",
        "inputSchema": {
            "type": "object",
            "properties": {**NEAR, "customer": {"type": "string"}, "idempotency_key": {"type": "string"}},
            "required": ["near", "customer", "idempotency_key"],
        },
        "outputSchema": {
            "type": "object",
            "properties": {"reference": {"type": "string"}},
            "required": ["reference"],
        },
    },
    {"name": "fail", "inputSchema": {"type": "object", "properties": NEAR}},
]


class McpServer:
    """`modern`: the newest revision; else 2025-11-25. `mood` bends the answers; `calls` is what tools were asked."""

    def __init__(self, *, modern: bool = True) -> None:
        self.modern, self.mood = modern, ""
        self.calls: list[dict[str, Any]] = []
        self.sessions: set[str] = set()
        self.booked: dict[str, str] = {}
        self.url = f"http://127.0.0.1:{free_port()}"
        self._app = Starlette(routes=[Route("/mcp", self._post, methods=["POST"])])

    @contextmanager
    def running(self) -> Iterator[McpServer]:
        """Serve while the context lasts."""
        port = int(self.url.rsplit(":", 1)[1])
        server = uvicorn.Server(uvicorn.Config(self._app, port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        wait_for(lambda: server.started, 30, "the MCP server did not start")
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join(30)

    async def _post(self, request: Request) -> Response:
        message = await request.json()
        if "id" not in message:
            return Response(status_code=202)
        refused = self._check_modern(request, message) if self.modern else self._check_session(request, message)
        if refused is not None:
            return refused
        method, params = message["method"], message.get("params", {})
        if method == "initialize":
            session = f"session-{len(self.sessions) + 1}"
            self.sessions.add(session)
            agreed = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "maps"}}
            return self._answer(message, agreed, {"mcp-session-id": session})
        if method == "server/discover":
            return self._answer(message, {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}})
        if method == "tools/list":
            return self._answer(message, self._list(params))
        self.calls.append({"params": params, "headers": dict(request.headers)})
        if self.mood == "slow":
            await asyncio.sleep(2)
        if self.mood == "broken":
            return Response(status_code=503)
        return self._answer(message, self._call(params["name"], params["arguments"]))

    def _check_modern(self, request: Request, message: dict[str, Any]) -> Response | None:
        meta = message.get("params", {}).get("_meta", {})
        wanted = {
            "mcp-protocol-version": meta.get(f"{META}protocolVersion"),
            "mcp-method": message["method"],
            "accept": "application/json, text/event-stream",
        }
        held = all(request.headers.get(name) == value for name, value in wanted.items())
        if not held or f"{META}clientCapabilities" not in meta or meta[f"{META}protocolVersion"] != "2026-07-28":
            return _error(message, -32022, 400)
        if message["method"] == "tools/call" and request.headers.get("mcp-name") != message["params"]["name"]:
            return _error(message, -32020, 400)
        return None

    def _check_session(self, request: Request, message: dict[str, Any]) -> Response | None:
        if message["method"] == "initialize":
            return None
        if request.headers.get("mcp-protocol-version") != "2025-11-25":
            return _error({"id": None}, -32000, 400)
        return None if request.headers.get("mcp-session-id") in self.sessions else Response(status_code=404)

    def _list(self, params: dict[str, Any]) -> dict[str, Any]:
        """Return the tools on two pages."""
        return {"tools": TOOLS[2:]} if params.get("cursor") == "more" else {"tools": TOOLS[:2], "nextCursor": "more"}

    def _call(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if self.mood == "asks":
            return {"resultType": "input_required", "inputRequests": {}}
        match name:
            case "find_atm":
                found = {"atms": [{"name": f"{arguments['near']} 1 号机", "secret": "x"}]}
                return {"content": [], "structuredContent": {} if self.mood == "wrong" else found}
            case "describe":
                return {"content": [{"type": "text", "text": f"{arguments['near']}\u200b\u202e有停车场"}]}
            case "book":
                key = arguments["idempotency_key"]
                self.booked.setdefault(key, f"V{len(self.booked) + 1}")
                return {"content": [], "structuredContent": {"reference": self.booked[key]}}
        told = {"code": "closed", "until": "2026-11-30"} if arguments.get("near") == "code" else {"oops": 1}
        return {"isError": True, "content": [{"type": "text", "text": json.dumps(told)}]}

    def _answer(
        self, message: dict[str, Any], result: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Response:
        answer = {"jsonrpc": "2.0", "id": message["id"], "result": {"resultType": "complete", **result}}
        if self.mood != "stream":
            return JSONResponse(answer, headers=headers)
        note = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"data": "working"}}
        body = "".join(f"event: message\r\ndata: {json.dumps(one)}\r\n\r\n" for one in (note, answer))
        return Response(body, media_type="text/event-stream", headers=headers)


def _error(message: dict[str, Any], code: int, status: int) -> Response:
    error = {"code": code, "message": "no"}
    return JSONResponse({"jsonrpc": "2.0", "id": message["id"], "error": error}, status_code=status)
