"""What a store knows of its writes, for whoever counts it."""

from __future__ import annotations

import time
from collections import deque

MOST_NOTED = 20_000
"""How much is kept where nobody counts it, such as in a command; the oldest is forgotten."""


class WriteFigures:
    """Noted in the threads that write, taken out by whoever counts.

    ``waits`` are the seconds until each write was taken, ``writes`` those from then to its end, ``commits`` how many calls shared each
    COMMIT and how long it took. ``expired`` and ``retries`` are counted since the start; ``last_through`` is the instant of the
    monotonic clock when a write was last committed, or the store made.
    """

    def __init__(self) -> None:
        self.waits: deque[float] = deque(maxlen=MOST_NOTED)
        self.writes: deque[float] = deque(maxlen=MOST_NOTED)
        self.commits: deque[tuple[int, float]] = deque(maxlen=MOST_NOTED)
        self.expired = 0
        self.retries = 0
        self.last_through = time.monotonic()
