"""`warmline eval calls`: a call centre's log, told its waits and simulated."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from warmline.evaluation.call_rows import read_calls
from warmline.evaluation.rows import Console
from warmline.evaluation.waits import measure_waits


def evaluate_calls(paths: Sequence[str], columns: Mapping[str, str], console: Console) -> dict[str, Any]:
    """The waits told to callers as they came, against what came."""
    calls = read_calls(paths, columns, console)
    started = time.perf_counter()
    waits = measure_waits(calls)
    each = (time.perf_counter() - started) / len(calls)
    return {"task": "calls", "n": len(calls), "ms_per_query": round(each * 1000, 3), **waits}
