"""What a piece of work costs, counted exactly: the functions it calls, and what it leaves to the garbage collector."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def function_calls(work: Callable[[], object], *beside: str) -> int:
    """Return how many Python functions ``work`` calls, but for those that stand in the files ``beside``.

    The garbage collector doesn't run meanwhile: what it frees, of whatever went before, may call functions too.
    """
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_filename not in beside

    with without_collector():
        sys.setprofile(note)
        try:
            work()
        finally:
            sys.setprofile(None)
    return count


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep the garbage collector from running inside, and what is there already out of :func:`cyclic_objects`."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def cyclic_objects() -> Counter[str]:
    """Return what only the collector can free, counted by type; then it is freed."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        return Counter(type(thing).__name__ for thing in gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.collect()
