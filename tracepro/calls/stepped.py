"""What goes on step by step, so that a queued write holds no thread."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future, wait
from typing import Any, Generic, TypeVar

from tracepro.inside import refuse_inside

Answer = TypeVar("Answer")


class Talk(Generic[Answer]):
    """Something that goes on until a write must be waited for; ``answer`` is there once it has ended."""

    answer: Answer

    def __init__(self) -> None:
        refuse_inside("start another call")

    def advance(self) -> Future[Any] | None:
        """Goes on; returns the write to wait for, None when it has ended."""
        raise NotImplementedError

    def finish(self) -> Answer:
        """Goes on to the end, waiting in this thread."""
        while (future := self.advance()) is not None:
            if not future.done():
                wait((future,))
        return self.answer


class Stepped(Talk[Answer]):
    """A talk that a generator holds: it yields what to wait for and returns the answer."""

    def __init__(self, steps: Generator[Future[Any], None, Answer]) -> None:
        super().__init__()
        self._steps = steps

    def advance(self) -> Future[Any] | None:
        """Goes on; returns the write to wait for, None when it has ended. Raises what the steps raise."""
        try:
            return next(self._steps)
        except StopIteration as end:
            self.answer = end.value
            return None
