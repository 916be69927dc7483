"""Throttling: how many calls a second one token, or one address without a token, may make."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from tracepro.access.errors import Throttled

MAX_KEYS = 20_000
WRONG_PER_SECOND = 10.0
WRONG_AT_ONCE = 50.0
WRONG_SECONDS = 0.25

Bucket = int | str
"""Whom calls are counted against: a token's id, or the address of a caller without a token."""


class Throttle:
    """A bucket of ``rate`` calls a second, two seconds' worth at once, for each token or address; 0 lets all pass.

    It keeps a runaway client from using up one server process, no more; so the counts belong to the process. Wrong
    tokens are counted by address, apart from the good ones behind it.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._calls = _Buckets(float(rate), 2.0 * rate, clock) if rate else None
        self._wrong = _Buckets(WRONG_PER_SECOND, WRONG_AT_ONCE, clock)

    def take(self, bucket: Bucket, calls: int = 1) -> None:
        """Count calls that are made together; raises Throttled (429) when there is no room for them.

        More than fit at all are taken when nothing else is counted, and paid off afterwards.
        """
        if self._calls is not None and not self._calls.take(bucket, calls):
            raise self._refusal()

    def refuse_spent(self, bucket: Bucket) -> None:
        """Refuse what would find no room, counting nothing. Raises Throttled (429)."""
        if self._calls is not None and self._calls.is_spent(bucket):
            raise self._refusal()

    def count_wrong(self, address: str | None) -> None:
        """Count a wrong token of an address; raises Throttled, to be answered late, when there were too many."""
        if not self._wrong.take(address or "", 1):
            info = "Too many wrong tokens came from this address; get a good one with tracepro token create."
            raise Throttled(info, 1 / WRONG_PER_SECOND, delay=WRONG_SECONDS)

    def _refusal(self) -> Throttled:
        info = f"These are more than {self._rate} calls a second; wait and send it again."
        return Throttled(info, 1 / self._rate)


class _Buckets:
    """A bucket for each key; the least recently used are forgotten, so memory is bounded. For all threads."""

    def __init__(self, rate: float, capacity: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._capacity = capacity
        self._clock = clock
        self._lock = Lock()
        self._buckets: OrderedDict[Bucket, tuple[float, float]] = OrderedDict()

    def is_spent(self, key: Bucket) -> bool:
        """Tell whether a bucket is empty, making none: whoever names a token may not have it."""
        with self._lock:
            return key in self._buckets and self._left(self._buckets[key], self._clock()) < 1.0

    def take(self, key: Bucket, calls: int) -> bool:
        """Take from a bucket, and tell whether there was enough; what is not enough stays in it."""
        most = self._capacity - 1.0  # a batch's first call is counted before the others
        with self._lock:
            now = self._clock()
            left = self._left(self._buckets.pop(key, (self._capacity, now)), now)
            enough = left >= max(1.0, min(calls, most))
            self._buckets[key] = (left - calls if enough else left, now)
            if len(self._buckets) > MAX_KEYS:
                self._buckets.popitem(last=False)
            return enough

    def _left(self, bucket: tuple[float, float], now: float) -> float:
        left, seen = bucket
        return min(self._capacity, left + (now - seen) * self._rate)
