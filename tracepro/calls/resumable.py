"""What goes on until a queued write must be waited for, so that the write holds no thread."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future, wait
from typing import Any, Protocol

from tracepro.database.inside import refuse_inside
from tracepro_hookspecs import TryAgain

WriteSteps = Generator[Future[Any], None, bytes]
"""A generator that yields each write that must be waited for and returns the encoded answer."""


class Resumable(Protocol):
    """Something that is advanced, in whichever thread is free, from one write to the next."""

    @property
    def needs_thread(self) -> bool:
        """True when the next step may run a plugin's code or read, which the event loop never does."""

    def prepare(self) -> bool:
        """Do of the first step what neither runs a plugin's code nor reads; True when no thread is needed for the rest."""

    def advance(self) -> Future[Any] | None:
        """Go on; return the write to wait for, None when it has ended."""

    def give_up(self, error: TryAgain) -> bool:
        """Answer ``error`` where there is no answer yet, while a thread hangs; False if that is for the caller to do."""


class ResumableCall:
    """A body on its way to its answer; ``answer`` is there once it has ended."""

    answer: bytes

    def __init__(self) -> None:
        refuse_inside("start another call")

    @property
    def needs_thread(self) -> bool:
        """True unless a kind of call knows better."""
        return True

    def prepare(self) -> bool:
        """Leave the whole first step to a thread."""
        return False

    def advance(self) -> Future[Any] | None:
        """Go on; return the write to wait for, None when it has ended."""
        raise NotImplementedError

    def give_up(self, error: TryAgain) -> bool:
        """Leave it to the caller to answer ``error``."""
        return False

    def finish(self) -> bytes:
        """Go on to the end, waiting in this thread, and return the answer."""
        while (future := self.advance()) is not None:
            if not future.done():
                wait((future,))
        return self.answer


class ResumableSteps(ResumableCall):
    """A call held by a generator."""

    def __init__(self, steps: WriteSteps) -> None:
        super().__init__()
        self._steps = steps

    def advance(self) -> Future[Any] | None:
        """Go on; return the write to wait for, None when it has ended. Raises what the steps raise."""
        try:
            return next(self._steps)
        except StopIteration as end:
            self.answer = end.value
            return None
