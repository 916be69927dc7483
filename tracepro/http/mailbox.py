"""What threads and writer have to say to the event loop: gathered, so that it is woken once for many answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

LOG = logging.getLogger("tracepro.http")
Word = Callable[[], object]
GATHER_SECONDS = 0.002
"""For how long answers are gathered before the loop is woken."""


class Mailbox:
    """Functions that the loop is to call, in the order they came. Nobody is woken before :meth:`open`."""

    def __init__(self) -> None:
        self._words: deque[Word] = deque()
        self._first_came = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = False

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Name the loop that reads it, and any other none."""
        self._loop = loop
        self._woken = False

    def leave(self, word: Word) -> None:
        """Have the loop called when it is woken next; whoever leaves a word calls :meth:`wake` in the end."""
        if not self._words:
            self._first_came = time.monotonic()
        self._words.append(word)
        if time.monotonic() - self._first_came > GATHER_SECONDS:
            self.wake()

    def tell(self, word: Word) -> None:
        """Have the loop called soon."""
        self._words.append(word)
        self.wake()

    def wake(self) -> None:
        """Wake the loop if there is a word for it that it doesn't know of."""
        if self._words and not self._woken and self._loop is not None:
            self._woken = True
            with suppress(RuntimeError):  # the loop has ended; nobody waits any more
                self._loop.call_soon_threadsafe(self.read)

    def read(self) -> None:
        """Call what is there; in the loop."""
        self._woken = False
        for _ in range(len(self._words)):
            try:
                self._words.popleft()()
            except Exception:  # whoever stands behind it waits for an answer too
                LOG.exception("What a thread left for the loop failed; the rest goes on.")
