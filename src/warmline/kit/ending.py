"""How a command ends before its time: what it started is stopped, its worker threads are left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Coroutine
from types import FrameType
from typing import Any, NoReturn, TypeVar

UNWIND_SECONDS = 5
Result = TypeVar("Result")


class Interrupted(KeyboardInterrupt):
    """A signal asked the process to end; `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def heed_signals() -> None:
    """SIGTERM and SIGHUP end the process as Ctrl-C does, unless it was started to outlive them (nohup)."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        # Sent on, as whoever serves has a handler of its own for SIGTERM.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))


def run_async(work: Coroutine[Any, Any, Result]) -> Result:
    """As `asyncio.run`; but interrupted it lets `work` clean up and then does not wait for its worker threads.

    A thread cannot be stopped and may compute for a minute. Whoever catches the interrupt ends with `leave`.
    """
    runner = asyncio.Runner()
    try:
        result = runner.run(work)
    except KeyboardInterrupt:
        _unwind(runner.get_loop())
        raise
    except BaseException:
        runner.close()
        raise
    runner.close()
    return result


def leave(code: int) -> NoReturn:
    """End the process now. What worker threads were making is made again; what must last is in the database."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # a signal may come while it prints
            stream.flush()
    os._exit(code)


def _unwind(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks, timeout=UNWIND_SECONDS))


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    raise Interrupted(number)
