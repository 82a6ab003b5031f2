"""Work apart: its result and its error come back, and the end of a process does not wait for it."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from warmline.kit.apart import run_apart

ENDS = """
import asyncio, time
from warmline.kit.apart import run_apart

async def main():
    task = asyncio.create_task(run_apart(lambda: time.sleep(60), "sleeps"))
    await asyncio.sleep(0.1)
    task.cancel()

asyncio.run(main())
"""


async def test_result_and_error_come_back() -> None:
    assert await run_apart(lambda: 37, "counts") == 37

    def fails() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await run_apart(fails, "fails")


def test_a_process_that_ends_does_not_wait() -> None:
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", ENDS], check=True, timeout=30)
    assert time.monotonic() - started < 30
