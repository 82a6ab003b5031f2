"""What a request may carry has an end: a number too large for the database is refused at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from warmline.web.schema import describe_api

API = describe_api()
ENDS = {"maximum", "exclusiveMaximum", "enum", "const"}


def endless(schema: dict[str, Any], path: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Where in a schema a whole number has no largest value."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name in seen:
            return
        schema, seen = API["components"]["schemas"][name], seen | {name}
    if schema.get("type") == "integer" and not ENDS & schema.keys():
        yield path
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from endless(part, path, seen)
    for name, part in schema.get("properties", {}).items():
        yield from endless(part, f"{path}.{name}", seen)
    if isinstance(schema.get("items"), dict):
        yield from endless(schema["items"], f"{path}[]", seen)


def test_every_whole_number_of_a_request_has_a_largest_value() -> None:
    looked_at, found = 0, list[str]()
    for path, methods in API["paths"].items():
        for method, operation in methods.items():
            for one in operation.get("parameters", ()):
                looked_at += 1
                found += endless(one["schema"], f"{method} {path}?{one['name']}")
            for body in operation.get("requestBody", {}).get("content", {}).values():
                looked_at += 1
                found += endless(body["schema"], f"{method} {path}")
    assert looked_at > 60
    assert found == []
