"""Conditions (`card.kind == 'credit' and not known(amount)`) and templates (`尾号 {card.last4}`) of flow files. Pure.

A condition is parsed by Python's own parser and only what is listed here is carried out: names, fields, `known(x)`,
comparisons, `in`, `and`, `or`, `not`, texts and numbers.
"""

from __future__ import annotations

import ast
import contextlib
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

Values = Mapping[str, Any]
"""Names to values: texts, numbers, and nested mappings of them."""

WEEKDAYS = "一二三四五六日"
CONSTANTS = {"true": True, "false": False, "nothing": None}
_HOLE = re.compile(r"\{([a-z_][a-z0-9_.]*)(?:\|([a-z]+|[a-z0-9_]+=[^|{}]+))?\}")
_BRACED = re.compile(r"\{[^}]*\}?|\}")
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip


class ExpressionError(ValueError):
    """A condition or a template that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a template: the path of a value, and how it is written."""

    path: str
    style: str


@lru_cache(maxsize=4_096)
def find_holes(template: str) -> tuple[Hole, ...]:
    """Return the places of a template."""
    return tuple(Hole(path, style or "") for path, style in _HOLE.findall(template))


def find_stray(template: str) -> str:
    """Return what stands in braces, or is a brace, and is no place for a value; empty where all is well."""
    rest = _HOLE.sub("", template)
    found = _BRACED.search(rest)
    return found[0] if found else ""


def look_up(path: str, values: Values) -> Any:
    """Return the value at `card.last4`; None where there is none."""
    found: Any = values
    for name in path.split("."):
        if isinstance(found, dict) or isinstance(found, Mapping):  # noqa: SIM101 - a dict is told at once
            found = found.get(name)
        elif isinstance(found, list | tuple) and name.isdigit():
            found = found[int(name)] if int(name) < len(found) else None
        else:
            return None
    return found


def fill(template: str, values: Values, locale: str) -> str:
    """Put values into a template. A value that is missing is an `ExpressionError`: half a sentence is never said."""

    def put(match: re.Match[str]) -> str:
        value = look_up(match[1], values)
        if value is None:
            raise ExpressionError(f"nothing is known as {match[1]}")
        style = match[2] or "text"
        return name_value(style, value) if "=" in style else STYLES[style](value, locale)

    return _HOLE.sub(put, template)


def argument(template: str | int | bool, values: Values) -> Any:
    """Return the value of an argument: the value itself where the template is one place and nothing else."""
    whole = _HOLE.fullmatch(template) if isinstance(template, str) else None
    if whole is None:
        return fill(template, values, "en") if isinstance(template, str) else template
    value = look_up(whole[1], values)
    return int(value) if whole[2] == "number" and value is not None else value


def names_of(style: str) -> dict[str, str]:
    """Return the words of a style like `in=received, out=paid`, by the value they stand for."""
    return {value.strip(): word.strip() for value, _, word in (one.partition("=") for one in style.split(","))}


def name_value(style: str, value: Any) -> str:
    """Return the word for a value; `ExpressionError` where there is none."""
    word = names_of(style).get(str(value).lower() if isinstance(value, bool) else str(value))
    if word is None:
        raise ExpressionError(f"there is no word for {value!r}")
    return word


def _money(value: Any, locale: str) -> str:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise ExpressionError(f"{value!r} is no sum of money") from None
    shown = f"{amount:,.2f}".removesuffix(".00")
    return f"CNY {shown}" if locale == "en" else f"{shown} 元"


def _date(value: Any, locale: str) -> str:
    day = date.fromisoformat(str(value)[:10])
    return f"{day.day} {day:%B %Y}" if locale == "en" else f"{day.year}年{day.month}月{day.day}日"


def _day(value: Any, locale: str) -> str:
    day = date.fromisoformat(str(value)[:10])
    return (
        f"{day:%A} {day.day} {day:%B}" if locale == "en" else f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"
    )


def _moment(value: Any, locale: str) -> str:
    at = datetime.fromisoformat(str(value))
    return f"{at.day} {at:%B} at {at:%H:%M}" if locale == "en" else f"{at.month}月{at.day}日 {at:%H:%M}"


def _list(value: Any, locale: str) -> str:
    each = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    return (", " if locale == "en" else "、").join(each)


STYLES: dict[str, Callable[[Any, str], str]] = {
    "text": lambda value, locale: str(value),
    "number": lambda value, locale: str(value),
    "list": _list,
    "money": _money,
    "date": _date,
    "day": _day,
    "moment": _moment,
}
"""How a value is written: as it is, as a whole number, a list in a row, as money, as a date, as a day of this year with
its weekday, as a day and time."""


@lru_cache(maxsize=1_024)
def parse(condition: str) -> ast.expr:
    """Parse a condition; `ExpressionError` for anything that is not allowed in one."""
    try:
        tree = ast.parse(condition.strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"`{condition}` is no condition: {error.msg}") from None
    for node in ast.walk(tree):
        _check(node, condition)
    return tree


_ALLOWED = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Name, ast.Attribute, ast.Constant,
    ast.Load, ast.Tuple, ast.List, ast.Call, *_COMPARE,
)  # fmt: skip


def _check(node: ast.AST, condition: str) -> None:
    if not isinstance(node, _ALLOWED):
        raise ExpressionError(f"`{condition}`: {type(node).__name__} cannot stand in a condition")
    if isinstance(node, ast.Call):
        known = isinstance(node.func, ast.Name) and node.func.id == "known" and len(node.args) == 1
        if not known or node.keywords or not isinstance(node.args[0], ast.Name | ast.Attribute):
            raise ExpressionError(f"`{condition}`: the only call is known(name)")


def paths_of(condition: str) -> Iterator[str]:
    """Yield the names and fields a condition reads."""
    inner: set[int] = set()
    for node in ast.walk(parse(condition)):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            path = _path(node)
            inner.update(id(below) for below in ast.walk(node))
            if path != "known" and path not in CONSTANTS:
                yield path


def holds(condition: str, values: Values) -> bool:
    """Tell whether a condition holds; an empty one does. What is not known equals nothing and is below nothing."""
    return not condition or bool(_value(parse(condition), values))


def _value(node: ast.expr, values: Values) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return [_value(element, values) for element in elements]
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, values) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, values) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, values)
        case ast.UnaryOp(operand=operand):
            return -_value(operand, values)
        case ast.Call(args=[asked]):
            return look_up(_path(asked), values) is not None
        case ast.Compare():
            return _compare(node, values)
        case ast.Name(id=name) if name in CONSTANTS:
            return CONSTANTS[name]
        case _:
            return _plain(look_up(_path(node), values))


def _compare(node: ast.Compare, values: Values) -> bool:
    left = _value(node.left, values)
    for sign, comparator in zip(node.ops, node.comparators, strict=True):
        right = _value(comparator, values)
        if not _compare_two(sign, left, right):
            return False
        left = right
    return True


def _compare_two(sign: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(sign, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        with contextlib.suppress(InvalidOperation):
            left, right = Decimal(str(left)), Decimal(str(right))
        if left is None or right is None or type(left) is not type(right):
            return False
    elif isinstance(sign, ast.In | ast.NotIn):
        return _COMPARE[type(sign)](left, right or ())
    return _COMPARE[type(sign)](left, right)


def _plain(value: Any) -> Any:
    """A chosen item stands for its own value where it is compared whole."""
    return value.get("value") if isinstance(value, Mapping) and "value" in value else value


def _path(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{_path(value)}.{attr}"
        case _:
            raise ExpressionError("a field belongs to a name")
