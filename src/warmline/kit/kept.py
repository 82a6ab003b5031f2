"""A text made once and kept in a file that its owner alone may read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def keep(path: Path, make: Callable[[], str]) -> str:
    """Return what the file holds; whoever comes first makes it."""
    with suppress(FileNotFoundError):
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as half:  # readable by its owner only
        half.write(make())
        half.flush()
        os.fsync(half.fileno())
        with suppress(FileExistsError):
            os.link(half.name, path)  # whole or not at all, and the first one wins
    return path.read_text().strip()
