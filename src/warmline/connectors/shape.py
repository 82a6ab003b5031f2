"""JSON by its schema: arguments checked before they go out, results cut down to what is expected. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

LONGEST_TEXT = 500
LONGEST_LIST = 50
DEEPEST = 12
LARGEST_NUMBER = 10**18
CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_STANDARD = frozenset({"type", "title", "status", "detail", "instance", "code"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of what is not seen: controls, zero-width and direction marks, line separators."""
MOST_FIELDS = 20


class Checker:
    """Tells whether values fit a schema; nothing is ever fetched for it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._validator = jsonschema_rs.validator_for(dict(schema), offline=True)

    def fits(self, value: Any) -> bool:
        """Tell whether the value fits."""
        return self._validator.is_valid(value)


def to_json(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments as JSON has them: dates and decimals as text, without those that have no value."""
    given = {name: value for name, value in arguments.items() if value is not None}
    plain: dict[str, Any] = json.loads(json.dumps(given, default=str))
    return plain


def keep(value: Any, schema: Mapping[str, Any], depth: int = 0) -> Any:
    """Return of a value only what the schema names, with texts and lists cut; the value fits the schema."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value if abs(value) < LARGEST_NUMBER else None
    if depth > DEEPEST:
        return None
    members = list(_members(schema))
    if isinstance(value, list):
        items: Mapping[str, Any] = next((one["items"] for one in members if isinstance(one.get("items"), Mapping)), {})
        return [keep(one, items, depth + 1) for one in value[:LONGEST_LIST]]
    named = {name: inner for one in members for name, inner in one.get("properties", {}).items()}
    return {name: keep(value[name], named[name], depth + 1) for name in value if name in named}


def clean(text: str) -> str:
    """Return text without what is not seen, cut at 500 characters."""
    return "".join(" " if sign in "\n\t" else sign for sign in text if sign in "\n\t" or _is_seen(sign))[:LONGEST_TEXT]


def refusal(problem: object) -> tuple[str, dict[str, Any]] | None:
    """Return the stable code of an RFC 9457 problem and what else it tells, in single values; None without a code."""
    if not isinstance(problem, Mapping):
        return None
    code = problem.get("code")
    if not isinstance(code, str) or CODE.fullmatch(code) is None:
        return None
    told = {name: keep(value, {}) for name, value in problem.items() if _is_told(name, value)}
    return code, dict(list(told.items())[:MOST_FIELDS])


def inline(schema: Any, document: Mapping[str, Any], within: tuple[str, ...] = ()) -> Any:
    """Return a schema that stands alone: references into the document replaced by what they name.

    What contains itself ends in a schema that lets anything through, of which `keep` keeps nothing.
    """
    if isinstance(schema, list):
        return [inline(one, document, within) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return {name: inline(one, document, within) for name, one in schema.items()}
    if reference in within:
        return {}
    found = inline(_look_up(document, reference), document, (*within, reference))
    beside = {name: inline(one, document, within) for name, one in schema.items() if name != "$ref"}
    return {**found, **beside} if isinstance(found, Mapping) else found


def _look_up(document: Any, reference: str) -> Any:
    if not reference.startswith("#/"):
        raise KeyError(reference)
    for part in reference[2:].split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def _members(schema: object) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and, as a value fits one of them, its alternatives."""
    if not isinstance(schema, Mapping):  # `true`: anything fits, and nothing is named
        return
    yield schema
    for word in ("allOf", "anyOf", "oneOf"):
        for one in schema.get(word, ()):
            yield from _members(one)


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in _UNSEEN


def _is_told(name: object, value: object) -> bool:
    single = isinstance(value, str | int | float | bool)
    return single and isinstance(name, str) and CODE.fullmatch(name) is not None and name not in _STANDARD
