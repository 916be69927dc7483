"""How the C library keeps the memory that calls have given back."""

from __future__ import annotations

import ctypes

M_ARENA_MAX = -8  # malloc.h of glibc


def use_one_heap() -> None:
    """Have the threads of this process, and of those it forks, share one heap.

    glibc gives each thread one of its own, which keeps what its largest call once needed: with twenty threads a server grew
    by 10 MB an hour for hours. Only one thread at a time runs Python anyway. Other C libraries have one heap.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(M_ARENA_MAX, 1)
