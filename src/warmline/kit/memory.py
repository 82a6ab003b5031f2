"""Keeps a long-lived process small: glibc gives big arrays back as soon as they are freed."""

import ctypes
import sys
from collections.abc import Callable

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_BIG = 2 * 1024 * 1024
_ARENAS = 2


def keep_heap_small() -> None:
    """Set glibc's limits (mallopt(3)) for this process; nothing to do elsewhere.

    Left alone, each worker thread keeps an arena of its own, and the size from which memory is given back grows
    with the largest array ever freed: a process that learns once would stay hundreds of MB larger.
    """
    if mallopt := _of_glibc("mallopt"):
        mallopt(_M_ARENA_MAX, _ARENAS)
        mallopt(_M_MMAP_THRESHOLD, _BIG)


def give_back_memory() -> None:
    """Return free pages between what lives (malloc_trim(3)), after work that made and dropped much."""
    if malloc_trim := _of_glibc("malloc_trim"):
        malloc_trim(0)


def _of_glibc(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
