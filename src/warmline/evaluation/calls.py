"""`warmline eval calls`: a call centre's log, its waits told and its days played anew."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from warmline.evaluation.call_rows import read_calls
from warmline.evaluation.call_simulation import measure_simulation
from warmline.evaluation.rows import Console
from warmline.evaluation.waits import measure_waits


def evaluate_calls(paths: Sequence[str], columns: Mapping[str, str], console: Console) -> dict[str, Any]:
    """What callers would have been told as they came, against what came; the time is that of telling and learning.

    And mean wait and share given up, measured and simulated.
    """
    calls = read_calls(paths, columns, console)
    started = time.perf_counter()
    waits = measure_waits(calls)
    each = (time.perf_counter() - started) / len(calls)
    console.say("playing the log anew …")
    played = {name: round(value, 4) for name, value in measure_simulation(calls).items()}
    return {"task": "calls", "n": len(calls), "ms_per_query": round(each * 1000, 3), **played, **waits}
