"""Files people write, read strictly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from warmline.kit.strict_yaml import FileMistakeError, read_sheet

HERE = Path("flow.yaml")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ask(Strict):
    kind: Literal["ask"]
    slot: str


class Do(Strict):
    kind: Literal["do"]
    action: str
    times: int = 1


class Flow(Strict):
    id: str
    steps: list[Annotated[Ask | Do, Field(discriminator="kind")]] = []
    titles: dict[str, str] = {}
    either: Ask | Do | None = None


GOOD = """\
id: lost
steps:
  - {kind: ask, slot: card}
  - kind: do
    action: freeze
titles:
  en: Lost card
"""


def mistakes(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(FileMistakeError) as told:
        read_sheet(HERE, Flow, text=text)
    return [(one.line, one.column, one.what) for one in told.value.mistakes]


def test_what_stands_where() -> None:
    sheet = read_sheet(HERE, Flow, text=GOOD)
    assert sheet.content.steps[1].kind == "do"
    assert sheet.marks["steps", 1, "action"] == (5, 5)
    assert sheet.mistake(("steps", 1, "nothing"), "x").line == 4


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("slot:", "slots:", (3, 17, "unknown key 'slots'; did you mean 'slot'?")),
        ("    action: freeze", "    action: freeze\n    time: 2", (6, 5, "unknown key 'time'; did you mean 'times'?")),
        ("titles:", "colours:", (6, 1, "unknown key 'colours'; known here: either, id, steps, titles")),
        ("Lost card", "yes", (7, 3, "True is no text: put it in quotes")),
        ("Lost card", "[a]", (7, 3, "text is needed")),
        ("kind: do", "kind: doo", (4, 5, "Input tag 'doo' found using 'kind' does not match")),
        ("id: lost\n", "", (1, 1, "'id' is missing")),
        ("id: lost", "id: lost\nid: found", (2, 1, "no YAML: 'id' stands here twice")),
        ("  - kind: do", "  - [", (6, 1, "no YAML: ")),
    ],
)
def test_a_mistake(old: str, new: str, told: tuple[int, int, str]) -> None:
    (first, *rest) = mistakes(GOOD.replace(old, new, 1))
    assert not rest
    assert first[0] == told[0] or "no YAML" in told[2]
    assert first[2].startswith(told[2])
    assert first[1] == told[1] or "no YAML" in told[2]


@given(st.text())
def test_any_text_is_told_what_is_wrong_with_it(text: str) -> None:
    assert all(line >= 1 and column >= 1 and what for line, column, what in mistakes(f"{text}\nx:"))


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(3))
    assert "anchors and aliases are not used here" in mistakes(bomb)[0][2]
