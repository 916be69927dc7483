"""Throttling: how many requests a second one connection or one token may make."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from tracepro.access.errors import Throttled

MAX_KEYS = 20_000


class Throttle:
    """A bucket of ``rate`` requests a second, two seconds' worth at once, for each key; 0 lets everything pass.

    It keeps a runaway client from using up one server process, no more; so the counts belong to the process.
    Only the event loop uses it. The least recently seen keys are forgotten, so memory is bounded.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, *keys: Hashable) -> None:
        """Count one request of every key; raises Throttled (429) when one of them has none left."""
        if self._rate:
            now = self._clock()
            if not all(self._take(key, now) for key in keys):
                info = f"These are more than {self._rate} requests a second; wait and send it again."
                raise Throttled(info, 1 / self._rate)

    def _take(self, key: Hashable, now: float) -> bool:
        capacity = 2.0 * self._rate
        left, seen = self._buckets.pop(key, (capacity, now))
        left = min(capacity, left + (now - seen) * self._rate)
        self._buckets[key] = (left - 1 if left >= 1 else left, now)
        if len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
        return left >= 1
