"""The threads that run prepare steps: slow ones wait for each other, and no other call waits for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from tracepro_hookspecs import TryAgain

THREADS = 4
"""A password takes a core and 19 MiB while it is hashed."""
WAIT_SECONDS = 2.0

Answer = TypeVar("Answer")


class PreparePool:
    """A pool of threads beside those that run calls; the call itself holds none while it is prepared."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(THREADS, "tracepro-prepare")

    def submit(self, step: Callable[[], Answer]) -> Future[Answer]:
        """Have a step run in a thread; one that has waited too long when its turn comes is ``busy``."""
        before = time.monotonic() + WAIT_SECONDS

        def in_time() -> Answer:
            if time.monotonic() > before:
                raise TryAgain(
                    "busy",
                    "What this call does before its transaction, such as judging a password, had no turn within two seconds; "
                    "nothing was done, send it again.",
                )
            return step()

        return self._executor.submit(in_time)

    def close(self) -> None:
        """End the threads when what they do is done; what waits is not begun."""
        self._executor.shutdown(wait=True, cancel_futures=True)
