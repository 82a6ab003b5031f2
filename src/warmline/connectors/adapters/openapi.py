"""Operations of an OpenAPI 3.1 document, called by their operationId."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from warmline.connectors.adapters.wire import Reply, UnansweredError, Wire, judge_status
from warmline.connectors.config import Slot, SystemConfig
from warmline.connectors.errors import NotOfferedError, SystemUnreachableError
from warmline.connectors.model import Attempt, Interface, Outcome, Request
from warmline.connectors.shape import Checker, inline, keep, refusal, to_json
from warmline.kit.strict_yaml import suggest

METHODS = ("get", "put", "post", "delete", "patch")
DEFAULT_KEY = "Idempotency-Key"
LIST = "items"
"""The field that holds a result which is itself a list or a single value."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, bound: where each argument goes, and what fits."""

    method: str
    path: str
    places: Mapping[str, str]
    has_body: bool
    interface: Interface
    arguments_fit: Checker
    result_fits: Checker


class OpenApiSystem:
    """A system described by an OpenAPI document. `folder` is where its `file` is looked for."""

    def __init__(self, config: SystemConfig, wire: Wire, folder: Path) -> None:
        assert config.openapi is not None
        assert config.base_url is not None
        self._config, self._wire, self._folder = config, wire, folder
        self._source, self._base = config.openapi, config.base_url.rstrip("/")
        self._document: Mapping[str, Any] = {}
        self._bound: dict[str, Operation] = {}

    async def open(self, seconds: float) -> None:
        """Read the document."""
        if self._source.file:
            raw = (self._folder / self._source.file).read_bytes()
        else:
            assert self._source.url is not None
            raw = await self._fetch(self._source.url, seconds)
        try:
            document = yaml.safe_load(raw) if self._source.file else json.loads(raw)
            version = str(document["openapi"])
        except (ValueError, KeyError, TypeError, yaml.YAMLError) as error:
            raise SystemUnreachableError(reason="what it gives is no OpenAPI document") from error
        if not version.startswith("3.1"):
            raise SystemUnreachableError(reason=f"its document is OpenAPI {version[:8]}; 3.1 is needed")
        self._document, self._bound = document, {}

    async def _fetch(self, url: str, seconds: float) -> bytes:
        try:
            reply = await self._wire.send("GET", url, seconds=seconds, headers={"Accept": "application/json"})
        except UnansweredError as error:
            raise SystemUnreachableError(reason=f"its OpenAPI document did not come: {error.code}") from error
        if reply.status != 200:
            raise SystemUnreachableError(reason=f"its OpenAPI document did not come: http_{reply.status}")
        return reply.body

    def interface(self, name: str) -> Interface:
        """Return an operation's schemas."""
        return self._bind(name).interface

    async def attempt(self, name: str, request: Request, seconds: float) -> Attempt:
        """Call an operation once."""
        operation = self._bind(name)
        arguments = to_json(request.arguments)
        if not operation.arguments_fit.fits(arguments) or not _paths_hold(operation, arguments):
            return Attempt(Outcome.NOT_DONE, code="invalid_arguments")
        placed = self._place(operation, arguments, request)
        body = json.dumps(placed["body"], ensure_ascii=False).encode() if operation.has_body else None
        headers = {"Accept": "application/json", **placed["header"]}
        if body is not None:
            headers["Content-Type"] = "application/json"
        path = operation.path
        for argument, value in placed["path"].items():
            path = path.replace(f"{{{argument}}}", quote(str(value), safe=""))
        try:
            reply = await self._wire.send(
                operation.method,
                self._base + path,
                seconds=seconds,
                headers=headers,
                params=placed["query"] or None,
                body=body,
            )
        except UnansweredError as error:
            return error.as_attempt()
        return _judge(operation, reply)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._wire.aclose()

    def _place(self, operation: Operation, arguments: Mapping[str, Any], request: Request) -> dict[str, dict[str, Any]]:
        placed: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}, "body": {}}
        for argument, value in arguments.items():
            where = operation.places[argument]
            placed[where][argument] = value if where == "body" else _spell(value)
        for slot, value in ((self._config.subject, request.subject), (self._key_slot(), request.key)):
            if slot is None or not value:
                continue
            if slot.header:
                placed["header"][slot.header] = value
            elif slot.argument and slot.argument in operation.places:
                placed[operation.places[slot.argument]][slot.argument] = value
        return placed

    def _key_slot(self) -> Slot:
        return self._config.key or Slot(header=DEFAULT_KEY)

    def _bind(self, name: str) -> Operation:
        if name not in self._bound:
            try:
                self._bound[name] = self._build(name)
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                reason = f"operation {name!r} is not described in a way that can be called"
                raise NotOfferedError(reason=reason) from error
        return self._bound[name]

    def _build(self, name: str) -> Operation:
        found = {operation["operationId"]: (path, method, operation) for path, method, operation in self._all()}
        if name not in found:
            raise NotOfferedError(reason=f"there is no operation {name!r}{suggest(name, found)}")
        path, method, described = found[name]
        shared = self._document["paths"][path].get("parameters", [])
        fields = [*self._parameters([*shared, *described.get("parameters", [])]), *self._body(described)]
        places = {argument: where for argument, where, _, _ in fields}
        hidden = self._hidden()
        shown = [one for one in fields if one[0] not in hidden and one[0].lower() not in hidden]
        parameters = {
            "type": "object",
            "properties": {argument: schema for argument, _, schema, _ in shown},
            "required": [argument for argument, _, _, required in shown if required],
            "additionalProperties": False,
        }
        result = self._result(described)
        key = self._key_slot()
        keyed = any(key.argument == argument or (key.header or "").lower() == argument.lower() for argument in places)
        return Operation(
            method=method.upper(),
            path=path,
            places=places,
            has_body="requestBody" in described,
            interface=Interface(parameters, result, keyed),
            arguments_fit=Checker(parameters),
            result_fits=Checker(result),
        )

    def _all(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for path, item in self._document.get("paths", {}).items():
            for method in METHODS:
                if isinstance(item.get(method), Mapping) and "operationId" in item[method]:
                    yield path, method, item[method]

    def _parameters(self, described: list[Any]) -> Iterator[tuple[str, str, Mapping[str, Any], bool]]:
        for one in described:
            parameter = inline(one, self._document)
            if parameter["in"] == "cookie":
                continue
            required = parameter["in"] == "path" or bool(parameter.get("required"))
            yield parameter["name"], parameter["in"], parameter["schema"], required

    def _body(self, described: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any], bool]]:
        if "requestBody" not in described:
            return
        content = inline(described["requestBody"], self._document)["content"]
        schema = content["application/json"]["schema"]
        required = schema.get("required", ())
        for name, inner in schema.get("properties", {}).items():
            yield name, "body", inner, name in required

    def _result(self, described: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the schema of the first success that has one, as an object."""
        responses = described.get("responses", {})
        for status in ("200", "201", "202", "203", "2XX"):
            content = inline(responses.get(status, {}), self._document).get("content", {})
            if "application/json" in content:
                schema = content["application/json"].get("schema", {})
                is_object = schema.get("type", "object") == "object"
                return schema if is_object else {"type": "object", "properties": {LIST: schema}, "required": [LIST]}
        return {"type": "object"}

    def _hidden(self) -> frozenset[str]:
        """What the connector itself fills in, never the caller; header names in lower case."""
        slots = [slot for slot in (self._config.subject, self._key_slot()) if slot]
        return frozenset({(slot.header or "").lower() or slot.argument or "" for slot in slots})


def _paths_hold(operation: Operation, arguments: Mapping[str, Any]) -> bool:
    """Tell whether no argument would lead to another path."""
    return all(
        str(value) not in ("", ".", "..") for name, value in arguments.items() if operation.places[name] == "path"
    )


def _spell(value: Any) -> Any:
    """Spell a value as parameters have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return [_spell(one) for one in value] if isinstance(value, list) else str(value)


def _judge(operation: Operation, reply: Reply) -> Attempt:
    if 400 <= reply.status < 500 and reply.status != 401:
        told = refusal(_parse(reply))
        if told is not None and reply.status not in (408, 425, 429):
            return Attempt(Outcome.REFUSED, data=told[1], code=told[0])
    judged = judge_status(reply.status)
    if judged is not None:
        return judged
    schema = operation.interface.result
    given = _parse(reply) if reply.body else {}
    wrapped = {LIST: given} if isinstance(given, list) and LIST in schema.get("properties", {}) else given
    if not isinstance(wrapped, dict) or not operation.result_fits.fits(wrapped):
        return Attempt(Outcome.UNCLEAR, code="wrong_schema", again=True)
    return Attempt(Outcome.DONE, data=keep(wrapped, schema))


def _parse(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        return None
