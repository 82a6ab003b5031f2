"""Conditions and names of a flow in the words of somebody who writes no programs. Pure."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.expressions import CONSTANTS, ExpressionError, parse
from warmline.kit.i18n import Words


def condition_in_words(condition: str, flow: f.Flow, locale: str) -> str:
    """Return a condition in words; as it is written where it cannot be read."""
    try:
        return _tell(parse(condition), flow, locale)
    except (ExpressionError, RecursionError):
        return condition


def name_of(path: str, flow: f.Flow, locale: str) -> str:
    """Return what `card` or `card.last4` is called: a slot by its name, a field of a result by itself."""
    first, _, rest = path.partition(".")
    slot = flow.slots.get(first)
    if slot is None:
        return rest.replace("_", " ") if rest else first
    name = slot.name.say(locale) if slot.name else first
    return _say("field", locale, name=name, field=rest.replace("_", " ")) if rest else name


def say_code(code: str, locale: str) -> str:
    """Return what a refusal's code says; a bank's own as it is, made readable."""
    key = f"code_{code}"
    return _say(key, locale) if key in _words().sentences else code.replace("_", " ")


def _tell(node: ast.expr, flow: f.Flow, locale: str) -> str:
    match node:
        case ast.BoolOp(op=op, values=values):
            word = "and" if isinstance(op, ast.And) else "or"
            told = _tell(values[0], flow, locale)
            for other in values[1:]:
                told = _say(word, locale, one=told, two=_tell(other, flow, locale))
            return told
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(args=[asked])):
            return _say("not_known", locale, name=_value(asked, flow, locale))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _say("not", locale, what=_tell(operand, flow, locale))
        case ast.Call(args=[asked]):
            return _say("known", locale, name=_value(asked, flow, locale))
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            one, two = _value(left, flow, locale), _value(right, flow, locale, left)
            return _say(type(sign).__name__, locale, one=one, two=two)
        case ast.Compare():
            return ast.unparse(node)
        case _:
            return _value(node, flow, locale)


def _value(node: ast.expr, flow: f.Flow, locale: str, beside: ast.expr | None = None) -> str:
    """Return a name or a value in words; `beside`: what it is compared with, whose options it may be one of."""
    match node:
        case ast.Constant(value=value):
            said = _option(str(value), flow, locale, beside)
            return said if isinstance(value, int | float) else _say("quoted", locale, what=said)
        case ast.Tuple(elts=each) | ast.List(elts=each):
            return (", " if locale == "en" else "、").join(_value(one, flow, locale, beside) for one in each)
        case ast.Name(id=name) if name in CONSTANTS:
            return _say("quoted", locale, what=_say(name, locale))
        case _:
            path = ast.unparse(node)
    if path in _words().sentences:
        return _say(path, locale)
    first, _, rest = path.partition(".")
    if rest == "code" and first not in flow.slots:
        return _say("reply", locale, name=first)
    return name_of(path, flow, locale)


def _option(value: str, flow: f.Flow, locale: str, beside: ast.expr | None) -> str:
    return say_value(ast.unparse(beside), value, flow, locale) if beside is not None else value


def say_value(name: str, value: str, flow: f.Flow, locale: str) -> str:
    """Return a slot's value in words."""
    slot = flow.slots.get(name)
    if slot and value in slot.options:
        return slot.options[value].label.say(locale)
    if slot and slot.type == "yes_no" and value in ("yes", "no"):
        return _say("true" if value == "yes" else "false", locale)
    return value


def _say(key: str, locale: str, /, **fields: str) -> str:
    return _words().say(key, locale, **fields)


@cache
def _words() -> Words:
    return Words.load(Path(__file__).with_name("graph.yaml"))
