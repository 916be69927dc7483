"""How the C library keeps the memory that calls have given back; glibc's own ways, others have theirs."""

from __future__ import annotations

import ctypes
import time

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # malloc.h
LARGE_BYTES = 128 * 1024
EVERY_SECONDS = 60.0


def use_one_heap() -> None:
    """Have the threads of this process, and of those it forks, share one heap, in which nothing large lies.

    glibc gives each thread one of its own, which keeps what its largest call once needed: with twenty threads a server grew
    by 10 MB an hour for hours. Only one thread at a time runs Python anyway. What is large glibc takes from the system and gives
    back at once, until it has done so once; then it lies in the heap, between small things that stay.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(M_ARENA_MAX, 1)
        set_option(M_MMAP_THRESHOLD, LARGE_BYTES)


class FreeMemory:
    """What lies free between what is in use: glibc keeps it, so that the largest calls so far would set the size of a process."""

    def __init__(self) -> None:
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        self._given_back_at = time.monotonic()

    def give_back(self) -> None:
        """Give it back to the system if that was not done in the last minute; takes about 2 ms."""
        if self._trim is not None and time.monotonic() - self._given_back_at >= EVERY_SECONDS:
            self._given_back_at = time.monotonic()
            self._trim(0)
