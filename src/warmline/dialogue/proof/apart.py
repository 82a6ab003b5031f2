"""Proves one flow in a process of its own: what it takes comes in on standard input, what came of it goes out."""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import time
from dataclasses import replace
from typing import Any

import orjson

from warmline.dialogue.flows.engine import FlowFaultError
from warmline.dialogue.flows.expressions import ExpressionError
from warmline.dialogue.flows.proofs import Task
from warmline.dialogue.proof.config import Config, MistakesError, make_config
from warmline.dialogue.proof.prove import Certificate, CounterExample, prove

GENTLY = 10
"""How much everything else on the machine goes first."""


def prove_one(config: Config, flow_id: str) -> Certificate | CounterExample:
    """Prove one flow of a configuration, in this process alone."""
    return prove(replace(config, flows={flow_id: config.flows[flow_id]}), processes=1)


def prove_task(task: Task) -> dict[str, Any]:
    """Return whether it `holds`, and what was visited, or what is wrong with a dialogue that shows it."""
    started = time.perf_counter()
    try:
        config = make_config(
            task.flow_id, {**task.others, task.flow_id: task.text}, task.identity, task.actions,
            policy=task.policy, hours=task.hours,
        )  # fmt: skip
        proved = prove_one(config, task.flow_id)
    except MistakesError as error:
        return {"holds": False, "mistakes": list(error.mistakes)}
    except (ExpressionError, FlowFaultError) as error:
        # The decision itself breaks, where the proof has no dialogue for it: that is no proof either.
        return {"holds": False, "invariant": "I10", "what": str(error)}
    result = {
        "holds": proved.holds,
        "states": proved.states,
        "transitions": proved.transitions,
        "seconds": round(time.perf_counter() - started, 1),
    }
    if isinstance(proved, Certificate):
        return result | {"longest_path_to_human": proved.longest_path_to_human, "assumed": list(proved.assumed)}
    return result | {
        "invariant": proved.invariant,
        "what": proved.what,
        "dialogue": [list(line) for line in proved.dialogue],
        "failed": dict(proved.failed),
    }


def main() -> None:
    """Read, prove, write."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(GENTLY)
    # Whatever is printed on the way would be read as the result.
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    task = pickle.load(sys.stdin.buffer)
    out.write(orjson.dumps(prove_task(task)))
    out.flush()


if __name__ == "__main__":
    main()
