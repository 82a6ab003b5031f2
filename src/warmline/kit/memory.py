"""Keeps a long-lived process small: glibc gives big arrays back as soon as they are freed."""

import ctypes
import sys

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_BIG = 2 * 1024 * 1024
_ARENAS = 2


def keep_heap_small() -> None:
    """Set glibc's limits (mallopt(3)) for this process; nothing to do elsewhere.

    Left alone, each worker thread keeps an arena of its own, and the size from which memory is given back grows
    with the largest array ever freed: a process that learns once would stay hundreds of MB larger.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
        mallopt(_M_MMAP_THRESHOLD, _BIG)
