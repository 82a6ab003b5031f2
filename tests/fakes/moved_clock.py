"""`python -m tests.fakes.moved_clock FILE …`: the `warmline` command by a clock so many seconds ahead as stand in FILE.

They may change at any time.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warmline.cli import main
from warmline.kit.clock import SystemClock


def move(file: Path) -> None:
    """Let the machine's clock be ahead."""

    def now(self: SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text()))

    SystemClock.now = now  # type: ignore[method-assign]


if __name__ == "__main__":
    move(Path(sys.argv.pop(1)))
    main()
