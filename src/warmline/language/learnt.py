"""What was learnt, kept as plain numbers in a file, so that a start need not learn it again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LIBRARIES = ("numpy", "opencc", "rjieba", "scikit-learn", "scipy")
_SEAL_BYTES = 32


def learnt_key(*parts: str) -> str:
    """Return the mark of what is learnt from `parts` by this package as it is, with these libraries."""
    told = hashlib.sha256(_ways_mark())
    for part in parts:
        told.update(f"{len(part)}:{part}".encode())
    return told.hexdigest()


def read_learnt(path: Path, key: str) -> dict[str, NDArray[Any]] | None:
    """Return what was kept under this key; None where nothing whole is. Nothing in the file is ever run."""
    try:
        told = path.read_bytes()
        if told[:_SEAL_BYTES] != _seal(key, told[_SEAL_BYTES:]):
            return None
        with np.load(BytesIO(told[_SEAL_BYTES:]), allow_pickle=False) as stored:
            return dict(stored.items())
    except (OSError, ValueError):
        return None


def keep_learnt(path: Path, key: str, arrays: Mapping[str, Any]) -> None:
    """Keep it in place of what was kept before: whole or not at all, whoever else does so at the same time."""
    body = BytesIO()
    np.savez(body, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-", suffix=".half")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_seal(key, body.getvalue()) + body.getvalue())
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


def _seal(key: str, body: bytes) -> bytes:
    """What stands before the numbers: only a whole file made under this key begins so."""
    return hashlib.sha256(key.encode() + body).digest()


@lru_cache(maxsize=1)
def _ways_mark() -> bytes:
    """Whatever of this package or its libraries changes may change what is learnt: nobody has to remember to say so."""
    told = hashlib.sha256(repr([(name, version(name)) for name in _LIBRARIES]).encode())
    package = files("warmline.language")
    for source in sorted((one for one in package.iterdir() if one.name.endswith(".py")), key=lambda one: one.name):
        told.update(source.read_bytes())
    told.update(package.joinpath("data/markers.yaml").read_bytes())
    return told.digest()
