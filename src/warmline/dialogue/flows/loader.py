"""Reading flow files: YAML to a `Flow`, with line and column of whatever is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from warmline.dialogue.flows import schema as f
from warmline.dialogue.flows.mistakes import Note, has_words, near, note
from warmline.dialogue.flows.mistakes import Problem as Problem
from warmline.kit.errors import InvalidError

Place = tuple[str | int, ...]
"""Keys and indices from the top of a file down to a value."""
HINTS = {
    "got '?'": "quote_question",
    "mapping values are not allowed": "quote_colon",
    "found character '\\t'": "use_spaces",
    "cannot start any token": "quote_text",
    "could not find expected": "key_ends",
    "expected <block end>": "same_indent",
    "expected ','": "same_indent",
    "unexpected end of stream": "same_indent",
}
"""What to write where YAML stumbles over a text."""
LONGEST = 200_000
"""Characters of a file."""
SHOWN = 60
"""Characters of a value that cannot stand where it does."""


class FlowFileError(InvalidError):
    """A flow file that cannot be used; `problems` says where and why."""

    code = "flow_file_invalid"

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(name=name, problems="\n".join(f"{name}:{problem}" for problem in problems))


@dataclass(frozen=True)
class Source:
    """A file's text with the places of its values."""

    name: str
    data: Any
    marks: Mapping[Place, tuple[int, int]]

    def mark(self, place: Place) -> tuple[int, int]:
        """Return line and column of a value, or of the nearest thing around it that is in the file."""
        while place not in self.marks and place:
            place = place[:-1]
        return self.marks.get(place, (1, 1))

    def problem(self, place: Place, told: Note | str, advice: Note | str | None = None) -> Problem:
        """Return a problem at a place; a text is told as it is in every language."""
        told = note("plain", text=told) if isinstance(told, str) else told
        return Problem(*self.mark(place), told, note("plain", text=advice) if isinstance(advice, str) else advice)


Loaded = TypeVar("Loaded", bound=BaseModel)


def load_flow(text: str, name: str) -> tuple[f.Flow, Source]:
    """Read a flow file; `FlowFileError`."""
    return _load(text, name, f.Flow)


def load_identity(text: str, name: str) -> tuple[f.IdentityPolicy, Source]:
    """Read an identity file; `FlowFileError`."""
    return _load(text, name, f.IdentityPolicy)


def _load(text: str, name: str, model: type[Loaded]) -> tuple[Loaded, Source]:
    source = read_yaml(text, name)
    try:
        return model.model_validate(source.data), source
    except ValidationError as error:
        raise FlowFileError(name, _explain(error, source)) from None


def read_yaml(text: str, name: str) -> Source:
    """Read YAML with the places of its values; `FlowFileError` for what is no YAML, or has a key twice."""
    if len(text) > LONGEST:
        raise FlowFileError(name, [Problem(1, 1, note("too_long", limit=LONGEST))])
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            raise FlowFileError(name, [Problem(1, 1, note("empty"))])
        reader = _Reader(name)
        return Source(name, reader.read(root, ()), reader.marks)
    except RecursionError:
        raise FlowFileError(name, [Problem(1, 1, note("too_deep"))]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = str(error.problem or error.context)
        hint = next((hint for sign, hint in HINTS.items() if sign in reason), None)
        told, advice = note("no_yaml", reason=reason), note(hint) if hint else None
        raise FlowFileError(name, [Problem(line, column, told, advice)]) from None
    except yaml.reader.ReaderError as error:
        before = text[: int(error.position)].split("\n")
        raise FlowFileError(name, [Problem(len(before), len(before[-1]) + 1, note("no_text_sign"))]) from None


class _Reader:
    """Builds plain data from YAML nodes and notes where each value stands."""

    def __init__(self, name: str) -> None:
        self.name, self.marks = name, dict[Place, tuple[int, int]]()
        self._scalars = yaml.SafeLoader("")
        self._seen: dict[int, yaml.Node] = {}

    def read(self, node: yaml.Node, place: Place) -> Any:
        self.marks[place] = (node.start_mark.line + 1, node.start_mark.column + 1)
        # A node that comes twice was written once and referred to: a short file could stand for an endless one.
        if id(node) in self._seen:
            raise self._refuse(self.marks[place], note("contains_itself"), note("write_it_here"))
        self._seen[id(node)] = node
        if isinstance(node, yaml.ScalarNode):
            return self._read_scalar(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(one, (*place, index)) for index, one in enumerate(node.value)]
        assert isinstance(node, yaml.MappingNode)
        return self._read_mapping(node, place)

    def _read_scalar(self, node: yaml.ScalarNode, place: Place) -> Any:
        try:
            return self._scalars.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            told = note("no_value", value=node.value[:SHOWN])
            raise self._refuse(self.marks[place], told, note("quote_text")) from None

    def _read_mapping(self, node: yaml.MappingNode, place: Place) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            where = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            # YAML 1.1 reads a bare `on` or `no` as true or false; in these files they are names of keys.
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                raise self._refuse(where, note("key_is_word"))
            if key in found:
                raise self._refuse(where, note("key_twice", key=key[:SHOWN]), note("keep_one"))
            found[key] = self.read(value_node, (*place, key))
            self.marks[(*place, key)] = where
        return found

    def _refuse(self, where: tuple[int, int], told: Note, advice: Note | None = None) -> FlowFileError:
        return FlowFileError(self.name, [Problem(*where, told, advice)])


def _explain(error: ValidationError, source: Source) -> list[Problem]:
    """Return a problem for each error, at one place the most definite: of what may be two things, both complain."""
    found: dict[tuple[Place, str], Problem] = {}
    for each in error.errors(include_url=False, include_input=True):
        place, (told, advice) = _real_place(each["loc"], source), _say(each)
        found.setdefault((place, told.key + str(told.fields)), source.problem(place, told, advice))
    definite = {place for (place, _), one in found.items() if one.told.key not in FORMS.values()}
    kept: dict[tuple[Place, str], Problem] = {}
    for (place, key), one in found.items():
        if one.told.key not in FORMS.values():
            kept[place, key] = one
        elif place not in definite:
            kept.setdefault((place, "form"), one)
    return sorted(kept.values(), key=lambda problem: (problem.line, problem.column))


def _real_place(loc: Sequence[str | int], source: Source) -> Place:
    """Leave out what pydantic adds to a place, such as the kind of a step, which stands behind the step's number."""
    place: Place = ()
    for number, part in enumerate(loc):
        is_kind = number > 1 and loc[number - 2] == "steps" and isinstance(loc[number - 1], int)
        if not is_kind and (*place, part) in source.marks:
            place = (*place, part)
    return place


def _keys_of(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


_KEYS = tuple(
    {
        key
        for model in (f.Flow, f.Starts, f.Slot, f.Option, f.Ask, f.Identify, f.Call, f.Retry, f.Confirm, f.Say, f.Go)
        for key in _keys_of(model)
    }
    | {key for model in (f.End, f.HandOff, f.IdentityPolicy, f.Way, f.Ways) for key in _keys_of(model)}
)
"""What a file may have as keys, to tell what was meant."""


FORMS = {
    "string_type": "needs_text",
    "dict_type": "needs_keys",
    "model_type": "needs_keys",
    "model_attributes_type": "needs_keys",
    "tuple_type": "needs_list",
    "int_type": "needs_number",
    "int_parsing": "needs_number",
    "int_from_float": "needs_number",
    "bool_type": "needs_true",
    "bool_parsing": "needs_true",
}
"""Errors of kind: what should stand there."""
EMPTY = ("string_too_short", "too_short")


def _say(error: Mapping[str, Any]) -> tuple[Note, Note | None]:
    """Say what is wrong, and what to write instead."""
    last, kind = str(error["loc"][-1]) if error["loc"] else "", str(error["type"])
    shown = str(error["input"])[:SHOWN]
    match kind:
        case "extra_forbidden":
            meant = get_close_matches(last, _KEYS, 1)
            return note("unknown_key", key=last[:SHOWN]), near(last, meant) or note("leave_out")
        case "missing" if last in f.LOCALES:
            return note("translation_missing", key=last), note("add_translation", key=last)
        case "missing":
            return note("missing", key=last), note("add_key", key=last)
        case "literal_error":
            return note("not_here", value=shown), note("write_one_of", names=error["ctx"]["expected"])
        case "step_kind":
            return note("step_kind", kinds=", ".join(f.KINDS)), note("write_kind")
        case "string_pattern_mismatch":
            return note("bad_name", value=shown), note("small_letters")
        case _ if kind in FORMS:
            return note(FORMS[kind]), _advise_form(error)
        case _ if kind in EMPTY:
            return note("needs_words"), None
        case _ if has_words(kind):
            return note(kind, **error.get("ctx", {})), None
        case _:
            return note("no_such_form", reason=str(error["msg"])), None


def _advise_form(error: Mapping[str, Any]) -> Note | None:
    """Say how to write a text, a list or keys."""
    if error.get("ctx", {}).get("class_name") == "Text":
        return note("three_languages")
    if error["type"] == "tuple_type":
        return note("with_dashes")
    is_plain = error["input"] is not None and not isinstance(error["input"], dict | list)
    return note("in_quotes") if error["type"] == "string_type" and is_plain else None
