"""`warmline eval wish`: whether a wish for a person is heard, and a mention of people is none."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from warmline.evaluation.rows import Console, read_rows, text_of

Row = tuple[str, str, str, str]
"""Text, locale, kind, half; what a row lacks is empty."""


def evaluate_wish(
    test: Sequence[str], mentions: Sequence[str], half: str | None, hears: Callable[[str], bool],
    console: Console,
) -> dict[str, Any]:  # fmt: skip
    """Recall on `test`, false alarms on `mentions`, in all, by locale and kind; of one half where it is named."""
    found: dict[str, Any] = {"task": "wish"}
    for name, paths in (("recall", test), ("false_alarms", mentions)):
        if not paths:
            continue
        rows = [row for row in read_rows(paths, _parse, console) if half in (None, row[3])]
        heard = [hears(row[0]) for row in rows]
        found |= {f"n_{name}": len(rows), name: _rate(heard)}
        for column, by in ((1, "locale"), (2, "kind")):
            found[f"{name}_by_{by}"] = _rates(zip((row[column] for row in rows), heard, strict=True))
    return found


def _parse(row: dict[str, Any]) -> Row:
    return text_of(row, "text"), str(row.get("locale", "")), str(row.get("kind", "")), str(row.get("half", ""))


def _rates(heard: Iterable[tuple[str, bool]]) -> dict[str, float]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for name, one in heard:
        groups[name].append(one)
    return {name: _rate(found) for name, found in sorted(groups.items())}


def _rate(heard: Sequence[bool]) -> float:
    return round(sum(heard) / len(heard), 5) if heard else float("nan")
