"""What the server counts, as Prometheus text; several workers are summed by prometheus_client's own files.

``tracepro serve`` names the directory of those files in ``PROMETHEUS_MULTIPROC_DIR`` before the library is
first imported, which is why the import is inside; without it (tests, commands) one process counts alone.
"""

from __future__ import annotations

import os
import threading
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import Any

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
OTHER = "other"
MOST_CODES = 300
MOST_NOTED = 10_000
"""How much is noted before whoever notes more counts it."""

Sums = dict[tuple[Any, ...], int]
Spreads = dict[tuple[Any, ...], list[float]]
"""How often each counter is moved, and what falls to each histogram, by metric and labels."""


class Metrics:
    """The counters of one process. Labels come from what the site declares, never from what a client sends.

    A counter lies in a file that all processes share, and moving it costs as much as parsing a call. After :meth:`bunch` a call
    only notes what is to be counted, and :meth:`count` moves each counter once for all that was noted.
    """

    def __init__(self, methods: Iterable[str]) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._methods = frozenset(methods)
        self._codes: set[str] = set()
        self._children: dict[tuple[Any, ...], Any] = {}
        self._calls_noted: deque[tuple[str, int | None, str | None, float]] = deque()
        self._statuses_noted: deque[int] = deque()
        self._waits_noted: deque[tuple[str, float]] = deque()
        self._counting = threading.Lock()
        self._bunching = False
        self._registry = registry = CollectorRegistry()
        self._calls = Counter(
            "tracepro_calls", "Calls by method and outcome.", ["method", "code"], registry=registry
        )
        self._refusals = Counter(
            "tracepro_refusals", "Calls that were not done, by code.", ["code"], registry=registry
        )
        self._seconds = Histogram(
            "tracepro_call_seconds", "Time of a call.", ["method"], buckets=BUCKETS, registry=registry
        )
        self._responses = Counter("tracepro_http_responses", "HTTP answers.", ["status"], registry=registry)
        self._waits = Histogram(
            "tracepro_database_wait_seconds",
            "How long calls waited: for a thread that reads, for the commit of a write.",
            ["kind"],
            buckets=BUCKETS,
            registry=registry,
        )

    def bunch(self) -> None:
        """Only note from now on; somebody calls :meth:`count` now and then, and at the end.

        For a process that counts alone: it counts before it shows. What another one has noted it can't know.
        """
        self._bunching = True

    def call(self, method: str, number: int | None, code: str | None, seconds: float) -> None:
        """Count one call: ``number`` is the JSON-RPC error's, None when it went well; ``code`` its stable word."""
        if self._bunching:
            self._calls_noted.append((method, number, code, seconds))
            self._count_if_full(self._calls_noted)
            return
        known, ended, refusal = self._labels(method, number, code)
        self._child(self._calls, known, ended).inc()
        self._child(self._seconds, known).observe(seconds)
        if refusal:
            self._child(self._refusals, refusal).inc()

    def response(self, status: int) -> None:
        """Count one HTTP answer."""
        if self._bunching:
            self._statuses_noted.append(status)
            self._count_if_full(self._statuses_noted)
        else:
            self._child(self._responses, str(status)).inc()

    def waited(self, kind: str, seconds: float) -> None:
        """Note how long a call waited for ``thread`` or ``write``."""
        if self._bunching:
            self._waits_noted.append((kind, seconds))
            self._count_if_full(self._waits_noted)
        else:
            self._child(self._waits, kind).observe(seconds)

    def _count_if_full(self, noted: deque[Any]) -> None:
        if len(noted) > MOST_NOTED:
            self.count()

    def count(self) -> None:
        """Count what was noted."""
        sums: Sums = defaultdict(int)
        spreads: Spreads = defaultdict(list)
        with self._counting:
            for _ in range(len(self._calls_noted)):
                method, number, code, seconds = self._calls_noted.popleft()
                known, ended, refusal = self._labels(method, number, code)
                sums[self._calls, known, ended] += 1
                spreads[self._seconds, known].append(seconds)
                if refusal:
                    sums[self._refusals, refusal] += 1
            for _ in range(len(self._statuses_noted)):
                sums[self._responses, str(self._statuses_noted.popleft())] += 1
            for _ in range(len(self._waits_noted)):
                kind, seconds = self._waits_noted.popleft()
                spreads[self._waits, kind].append(seconds)
            for key, times in sums.items():
                self._child(*key).inc(times)
            for key, several in spreads.items():
                _observe(self._child(*key), several)

    def _labels(self, method: str, number: int | None, code: str | None) -> tuple[str, str, str | None]:
        """Return the labels of a call: its method, how it ended, and the code of its refusal."""
        known = method if method in self._methods else OTHER
        return known, "ok" if number is None else str(number), self._bounded(code) if code else None

    def text(self) -> bytes:
        """Return everything counted by all workers, in Prometheus' text format."""
        self.count()
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        if DIRECTORY not in os.environ:
            return generate_latest(self._registry)
        merged = CollectorRegistry()
        MultiProcessCollector(merged)
        return generate_latest(merged)

    def _bounded(self, code: str) -> str:
        if code not in self._codes:
            if len(self._codes) >= MOST_CODES:
                return OTHER
            self._codes.add(code)
        return code

    def _child(self, metric: Any, *labels: str) -> Any:
        child = self._children.get((metric, *labels))
        if child is None:
            child = self._children[(metric, *labels)] = metric.labels(*labels)
        return child


def _observe(histogram: Any, seconds: Sequence[float]) -> None:
    """Do what ``observe`` does with each of several, moving each counter once. It has no public way."""
    histogram._sum.inc(sum(seconds))
    buckets = [0] * (len(BUCKETS) + 1)
    for one in seconds:
        buckets[bisect_left(BUCKETS, one)] += 1
    for bucket, times in zip(histogram._buckets, buckets, strict=True):
        if times:
            bucket.inc(times)
