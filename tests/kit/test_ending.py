"""A command that is interrupted cleans up and does not wait for what its threads compute."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

LONG = 60
CLEANS_UP = """
import asyncio, sys, time
from warmline.kit.ending import Interrupted, heed_signals, leave, run_async

async def work():
    try:
        print("working", flush=True)
        await asyncio.to_thread(time.sleep, 60)
    finally:
        print("cleaned up", flush=True)

heed_signals()
try:
    run_async(work())
except KeyboardInterrupt as error:
    leave(128 + (error.number if isinstance(error, Interrupted) else 2))
"""
STARTS = """
import asyncio, os, time, uvicorn
from warmline.commands.serve import _Server
from warmline.kit.ending import heed_signals

async def app(scope, receive, send):
    print("working", flush=True)
    await asyncio.to_thread(time.sleep, 60)

heed_signals()
server = _Server(uvicorn.Config(app, port=0, lifespan="on"), lambda: os.write(1, b"cleaned up\\n"))
asyncio.Runner(loop_factory=server.config.get_loop_factory()).run(server.serve())
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)], ids=str
)
@pytest.mark.parametrize("script", [CLEANS_UP, STARTS], ids=["a command", "a server that starts"])
def test_an_interrupt_ends_it_at_once_and_whole(script: str, number: signal.Signals, status: int) -> None:
    """It may come while a line is being printed, as here while "working" is."""
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=buffered) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        begun = time.monotonic()
        process.send_signal(number)
        assert process.wait(LONG) == status
        assert time.monotonic() - begun < LONG / 4
        assert process.stdout.read() == "cleaned up\n"


def test_what_was_started_to_outlive_its_terminal_does() -> None:
    script = "import signal; from warmline.kit.ending import heed_signals; heed_signals(); signal.raise_signal(1)"
    ignoring = f"import signal; signal.signal(1, signal.SIG_IGN); {script}"
    assert subprocess.run([sys.executable, "-c", ignoring], check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode != 0
