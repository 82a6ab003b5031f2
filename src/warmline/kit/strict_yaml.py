"""Files that people write, read strictly: a mistake has its line, its column and what to write instead."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from warmline.kit.errors import UsageError

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
"""Where in the file, as keys and list positions."""
Mark = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing to put right."""

    line: int
    column: int
    what: str


class FileMistakeError(UsageError):
    """A file cannot be used; `reason` is its first mistake with line and column, `mistakes` are all of them."""

    code = "file_mistake"

    def __init__(self, path: Path, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        first = self.mistakes[0]
        more = f" (and {len(self.mistakes) - 1} more)" if len(self.mistakes) > 1 else ""
        super().__init__(reason=f"{path}:{first.line}:{first.column}: {first.what}{more}")


@dataclass(frozen=True)
class Sheet(Generic[Model]):
    """A file's content, and where in the file each part of it stands."""

    path: Path
    content: Model
    marks: Mapping[Place, Mark]

    def mistake(self, place: Place, what: str) -> Mistake:
        """Return a mistake at that place, or at the nearest place around it that is written in the file."""
        return Mistake(*_mark_of(self.marks, place), what)


def read_sheet(path: Path, model: type[Model], *, context: Any = None, text: str | None = None) -> Sheet[Model]:
    """Read a file (or the `text` meant for it) as `model`; raise `FileMistakeError` with every mistake there is."""
    try:
        raw, marks = _compose(path.read_text(encoding="utf-8") if text is None else text)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        where = (at.line + 1, at.column + 1) if at else (1, 1)
        raise FileMistakeError(path, [Mistake(*where, f"no YAML: {error.problem or error.context}")]) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileMistakeError(path, [Mistake(1, 1, f"cannot be read: {error}")]) from error
    try:
        return Sheet(path, model.model_validate(raw, context=context), marks)
    except ValidationError as error:
        raise FileMistakeError(path, _tell(error.errors(), model, marks)) from error


def _tell(errors: Iterable[Any], model: type[BaseModel], marks: Mapping[Place, Mark]) -> list[Mistake]:
    """Return the mistakes; a key that is missing because it was misspelt is one, not two."""
    told = {one["loc"]: _say(one, model, marks) for one in errors}
    meant = {(*place[:-1], name) for place, what in told.items() for name in re.findall(r"did you mean '(.*)'", what)}
    kept = {place: what for place, what in told.items() if place not in meant or not what.endswith("is missing")}
    return [Mistake(*_mark_of(marks, _written(marks, place)), what) for place, what in kept.items()]


def suggest(given: object, known: Iterable[str]) -> str:
    """Return `; did you mean …?` when something close is known, else the whole list."""
    names = [str(name) for name in known]
    close = difflib.get_close_matches(str(given), names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(sorted(names)) or 'nothing'}"


def _compose(text: str) -> tuple[Any, dict[Place, Mark]]:
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        marks: dict[Place, Mark] = {(): (1, 1)}
        return (None if root is None else _build(loader, root, (), marks, set())), marks
    finally:
        loader.dispose()


def _build(loader: yaml.SafeLoader, node: yaml.Node, place: Place, marks: dict[Place, Mark], seen: set[int]) -> Any:
    if id(node) in seen:
        raise yaml.MarkedYAMLError(problem="anchors and aliases are not used here", problem_mark=node.start_mark)
    seen.add(id(node))
    marks.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, one, (*place, number), marks, seen) for number, one in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    built: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _build(loader, key_node, (*place, f"key {id(key_node)}"), marks, seen)
        if not isinstance(key, str | int) or key in built:
            what = f"{key!r} stands here twice" if isinstance(key, str | int) else "a key is a word"
            raise yaml.MarkedYAMLError(problem=what, problem_mark=key_node.start_mark)
        marks[(*place, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        built[key] = _build(loader, value_node, (*place, key), marks, seen)
    return built


def _mark_of(marks: Mapping[Place, Mark], place: Place) -> Mark:
    while place not in marks:
        place = place[:-1]
    return marks[place]


def _written(marks: Mapping[Place, Mark], location: Place) -> Place:
    """Leave out of a validator's location what is not in the file, such as the names of a union's members."""
    place: Place = ()
    for part in location:
        if (*place, part) in marks:
            place = (*place, part)
    return place


def _say(error: Any, model: type[BaseModel], marks: Mapping[Place, Mark]) -> str:
    name, given = error["loc"][-1] if error["loc"] else "", error["input"]
    match error["type"]:
        case "extra_forbidden":
            around = _written(marks, error["loc"][:-1])
            return f"unknown key {name!r}{suggest(name, _keys_at(model, around))}"
        case "missing":
            return f"{name!r} is missing"
        case "literal_error" | "enum":
            expected = [one.strip("' ") for one in str(error["ctx"]["expected"]).replace(" or ", ", ").split(",")]
            return f"{given!r} is not possible{suggest(given, expected)}"
        case "string_type":
            plain = isinstance(given, bool | int | float)
            return f"{given!r} is no text: put it in quotes" if plain else "text is needed"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")


def _keys_at(model: type[BaseModel], place: Place) -> set[str]:
    """Return the keys that may stand at a place, over all members of the unions on the way."""
    kinds: list[Any] = [model]
    for part in place:
        kinds = [inner for kind in kinds for inner in _inside(kind, part)]
    return {
        field.alias or name
        for kind in kinds
        for plain in _plain(kind)
        if isinstance(plain, type) and issubclass(plain, BaseModel)
        for name, field in plain.model_fields.items()
    }


def _inside(kind: Any, part: str | int) -> Iterator[Any]:
    for plain in _plain(kind):
        if isinstance(plain, type) and issubclass(plain, BaseModel):
            fields = {field.alias or name: field.annotation for name, field in plain.model_fields.items()}
            yield from [fields[part]] if part in fields else []
        elif get_origin(plain) in (dict, list, tuple, Mapping) or (get_origin(plain) and get_args(plain)):
            yield from get_args(plain)[-1:]


def _plain(kind: Any) -> Iterator[Any]:
    """Take a type out of `Annotated`, and a union apart."""
    if get_origin(kind) is Annotated:
        yield from _plain(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for one in get_args(kind):
            yield from _plain(one)
    elif get_origin(kind) is not Literal and not (isinstance(kind, type) and issubclass(kind, Enum)):
        yield kind
