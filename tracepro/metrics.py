"""What the server counts, as Prometheus text; several workers are summed by prometheus_client's own files.

``tracepro serve`` names the directory of those files in ``PROMETHEUS_MULTIPROC_DIR`` before the library is
first imported, which is why the import is inside; without it (tests, commands) one process counts alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
OTHER = "other"
MOST_CODES = 300


class Metrics:
    """The counters of one process. Labels come from what the site declares, never from what a client sends."""

    def __init__(self, methods: Iterable[str]) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._methods = frozenset(methods)
        self._codes: set[str] = set()
        self._children: dict[tuple[Any, ...], Any] = {}
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

    def call(self, method: str, number: int | None, code: str | None, seconds: float) -> None:
        """Count one call: ``number`` is the JSON-RPC error's, None when it went well; ``code`` its stable word."""
        known = method if method in self._methods else OTHER
        self._child(self._calls, known, "ok" if number is None else str(number)).inc()
        self._child(self._seconds, known).observe(seconds)
        if code:
            self._child(self._refusals, self._bounded(code)).inc()

    def response(self, status: int) -> None:
        """Count one HTTP answer."""
        self._child(self._responses, str(status)).inc()

    def waited(self, kind: str, seconds: float) -> None:
        """Note how long a call waited for ``thread`` or ``write``."""
        self._child(self._waits, kind).observe(seconds)

    def text(self) -> bytes:
        """Return everything counted by all workers, in Prometheus' text format."""
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
