"""Reading flow files: YAML to a `Flow`, with line and column of whatever is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from warmline.dialogue.flows import schema as f
from warmline.kit.errors import InvalidError

Place = tuple[str | int, ...]
"""Keys and indices from the top of a file down to a value."""
QUOTES = {
    "got '?'": 'put the text in quotes: "Which one?"',
    "mapping values are not allowed": 'put a text with a colon in quotes: "Note: …"',
    "cannot start any token": "put the text in quotes",
    "could not find expected": "a key ends with a colon and a space",
}
"""What to write where YAML stumbles over a text."""
LONGEST = 200_000
"""Characters of a file."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file, where, and what to write instead. `line` and `column` count from 1."""

    line: int
    column: int
    what: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.what}" + (f"; {self.instead}" if self.instead else "")


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

    def problem(self, place: Place, what: str, instead: str = "") -> Problem:
        """Return a problem at a place."""
        return Problem(*self.mark(place), what, instead)


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
        raise FlowFileError(name, [Problem(1, 1, f"the file is longer than {LONGEST} characters")])
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = f"this is no YAML: {error.problem or error.context}"
        instead = next((hint for sign, hint in QUOTES.items() if sign in what), "")
        raise FlowFileError(name, [Problem(line, column, what, instead)]) from None
    except yaml.YAMLError as error:
        raise FlowFileError(name, [Problem(1, 1, f"this is no YAML: {error}")]) from None
    if root is None:
        raise FlowFileError(name, [Problem(1, 1, "the file is empty")])
    reader = _Reader(name)
    return Source(name, reader.read(root, ()), reader.marks)


class _Reader:
    """Builds plain data from YAML nodes and notes where each value stands."""

    def __init__(self, name: str) -> None:
        self.name, self.marks = name, dict[Place, tuple[int, int]]()
        self._scalars = yaml.SafeLoader("")
        self._open: set[int] = set()

    def read(self, node: yaml.Node, place: Place) -> Any:
        self.marks[place] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.ScalarNode):
            return self._scalars.construct_object(node)
        if id(node) in self._open:
            raise FlowFileError(self.name, [Problem(*self.marks[place], "this contains itself")])
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.read(one, (*place, index)) for index, one in enumerate(node.value)]
            assert isinstance(node, yaml.MappingNode)
            return self._read_mapping(node, place)
        finally:
            self._open.discard(id(node))

    def _read_mapping(self, node: yaml.MappingNode, place: Place) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            where = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            # YAML 1.1 reads a bare `on` or `no` as true or false; in these files they are names of keys.
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                raise FlowFileError(self.name, [Problem(*where, "a key is a word")])
            if key in found:
                raise FlowFileError(self.name, [Problem(*where, f"the key `{key}` is here twice", "keep one of them")])
            found[key] = self.read(value_node, (*place, key))
            self.marks[(*place, key)] = where
        return found


def _explain(error: ValidationError, source: Source) -> list[Problem]:
    problems = []
    for one in error.errors(include_url=False, include_input=True):
        problems.append(source.problem(_real_place(one["loc"], source), *_say(one)))
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


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


def _say(error: Mapping[str, Any]) -> tuple[str, str]:
    """Say what is wrong, and what to write instead."""
    last = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(last, _KEYS, 1)
            return f"the key `{last}` is unknown", f"did you mean `{near[0]}`?" if near else "leave it out"
        case "missing" if last in ("zh-Hans", "zh-Hant", "en"):
            return f"the translation `{last}` is missing", f"add `{last}: …` beside the others"
        case "missing":
            return f"`{last}` is missing", f"add `{last}: …`"
        case "literal_error":
            return f"`{error['input']}` cannot stand here", f"write one of {error['ctx']['expected']}"
        case "value_error":
            return str(error["ctx"]["error"]), ""
        case _:
            return str(error["msg"]), ""
