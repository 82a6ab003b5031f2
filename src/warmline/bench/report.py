"""What every benchmark prints: a table for people, one JSON object for machines."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import psutil

from warmline.kit.console import progress, say


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `baseline` and `ratio` where something is measured beside it in the same run."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None


def describe_machine() -> str:
    """Return the machine in one line."""
    memory = psutil.virtual_memory().total / 2**30
    model = platform.processor() or platform.machine()
    with_name = Path("/proc/cpuinfo")
    if with_name.exists():
        lines = [line for line in with_name.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].partition(":")[2].strip() if lines else model
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, CPython {platform.python_version()}"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def publish(bench: str, rows: Sequence[Row], *, as_json: bool, path: Path | None) -> dict[str, Any]:
    """Print the rows and write them to `path` as JSON."""
    result = {"bench": bench, "machine": describe_machine(), "rows": [asdict(row) for row in rows]}
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    if as_json:
        say(orjson.dumps(result).decode())
        return result
    progress(describe_machine())
    width = max(len(row.name) for row in rows)
    for row in rows:
        beside = f"   baseline {row.baseline:,.1f}   ratio {row.ratio:.3f}" if row.baseline and row.ratio else ""
        say(f"{row.name:<{width}}  {row.value:>12,.1f} {row.unit:<8}{beside}")
    return result
