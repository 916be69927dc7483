"""What the server counts, as Prometheus text; several workers are summed by prometheus_client's own files.

``tracepro serve`` names the directory of those files in ``PROMETHEUS_MULTIPROC_DIR`` before the library is
first imported, which is why the import is inside; without it (tests, commands) one process counts alone.
"""

from __future__ import annotations

import logging
import os
import threading
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from tracepro.metrics import shared
from tracepro.metrics.declared import (
    CALL_SECONDS,
    CALLS,
    METRICS,
    REFUSALS,
    RESPONSES,
    THREAD_WAIT,
    Metric,
)
from tracepro.metrics.process import process_figures

LOG = logging.getLogger("tracepro.metrics")
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OTHER = "other"
MOST_UNDECLARED = 100
"""How many codes, and numbers of errors, that nobody declares have a label of their own."""
MOST_NOTED = 10_000
"""How much is noted before whoever notes more counts it."""

Figure = tuple[Metric, float, tuple[str, ...]]
"""A gauge, its value and the values of its labels."""
Sums = dict[tuple[str, ...], int]
Spreads = dict[tuple[str, ...], list[float]]
"""How often each counter is moved, and what falls to each histogram, by the values of its labels."""


class Metrics:
    """The metrics of one process. Labels come from what the site declares, never from what a client sends.

    A counter lies in a file that all processes share, and moving it costs as much as parsing a call. So a call only notes what is
    to be counted, and :meth:`count` moves each counter once for all that was noted; somebody calls it now and then, and at the
    end. What another process has noted since is missing. ``sources`` are asked whenever it is called, to tell what they know by
    :meth:`set`, :meth:`reach` and :meth:`observe`; ``asked`` when somebody reads the metrics: they yield figures that are the same in every process.
    """

    def __init__(self, methods: Iterable[str] = (), codes: Iterable[str] = ()) -> None:
        from prometheus_client import CollectorRegistry, disable_created_metrics

        disable_created_metrics()  # series that several processes don't have together either
        self.sources: list[Callable[[Metrics], object]] = []
        self.asked: list[Callable[[], Iterable[Figure]]] = []
        self._methods = frozenset(methods)
        self._codes = frozenset(codes)
        self._undeclared: dict[str, set[str]] = defaultdict(set)
        self._registry = CollectorRegistry()
        self._families: dict[str, Any] = {}
        self._children: dict[tuple[str, ...], Any] = {}
        self._reached: dict[tuple[str, ...], float] = defaultdict(float)
        self._calls_noted: deque[tuple[str, int | None, str | None, float]] = deque()
        self._statuses_noted: deque[int] = deque()
        self._waits_noted: deque[float] = deque()
        self._counting = threading.Lock()
        if (files := shared.folder()) is not None:
            shared.reserve(files, os.getpid())
        self._begin()

    def _begin(self) -> None:
        """Show what can be told from the start, so that the first time something happens is seen as a change."""
        for metric in METRICS.values():
            if metric.kind != "gauge":
                self._family(metric)
        for code in self._codes:
            self._child(REFUSALS, code)

    def call(self, method: str, number: int | None, code: str | None, seconds: float) -> None:
        """Count one call: ``number`` is the JSON-RPC error's, None when it went well; ``code`` its stable word."""
        self._calls_noted.append((method, number, code, seconds))
        if len(self._calls_noted) > MOST_NOTED:
            self.count()

    def response(self, status: int) -> None:
        """Count one HTTP answer."""
        self._statuses_noted.append(status)
        if len(self._statuses_noted) > MOST_NOTED:
            self.count()

    def thread_waited(self, seconds: float) -> None:
        """Note how long a call waited until somebody began with it."""
        self._waits_noted.append(seconds)
        if len(self._waits_noted) > MOST_NOTED:
            self.count()

    def refused(self, code: str) -> None:
        """Count a request that was refused before it became a call."""
        self._child(REFUSALS, self._code(code)).inc()

    def set(self, metric: Metric, value: float, *labels: str) -> None:
        """Set a gauge."""
        self._child(metric, *labels).set(value)

    def reach(self, metric: Metric, value: float, *labels: str) -> None:
        """Move a counter to what this process has counted of it since it began."""
        child, key = self._child(metric, *labels), (metric.name, *labels)
        if (more := value - self._reached[key]) > 0:
            child.inc(more)
            self._reached[key] = value

    def observe(self, metric: Metric, values: Sequence[float], *labels: str) -> None:
        """Do what ``observe`` of the library does with each value, moving each counter once. It has no public way."""
        histogram = self._child(metric, *labels)
        if not values:
            return
        histogram._sum.inc(sum(values))
        buckets = [0] * (len(metric.buckets) + 1)
        for value in values:
            buckets[bisect_left(metric.buckets, value)] += 1
        for bucket, times in zip(histogram._buckets, buckets, strict=True):
            if times:
                bucket.inc(times)

    def count(self) -> None:
        """Count what was noted, and what the sources know."""
        with self._counting:
            self._count_calls()
            statuses: dict[str, int] = defaultdict(int)
            for status in _taken(self._statuses_noted):
                statuses[str(status)] += 1
            for label, times in statuses.items():
                self._child(RESPONSES, label).inc(times)
            self.observe(THREAD_WAIT, list(_taken(self._waits_noted)))
            for source in self.sources:
                try:
                    source(self)
                except Exception:
                    LOG.exception("Some metrics could not be told.")

    def _count_calls(self) -> None:
        sums: Sums = defaultdict(int)
        refusals: Sums = defaultdict(int)
        spreads: Spreads = defaultdict(list)
        for method, number, code, seconds in _taken(self._calls_noted):
            known = method if method in self._methods else OTHER
            sums[known, self._number(number)] += 1
            spreads[known,].append(seconds)
            if code:
                refusals[self._code(code),] += 1
        for metric, counted in ((CALLS, sums), (REFUSALS, refusals)):
            for labels, times in counted.items():
                self._child(metric, *labels).inc(times)
        for labels, several in spreads.items():
            self.observe(CALL_SECONDS, several, *labels)

    def text(self) -> bytes:
        """Return everything counted by all workers, in Prometheus' text format."""
        from prometheus_client import CollectorRegistry, generate_latest

        self.count()
        shown = CollectorRegistry()
        shown.register(_Shown(self._collected))
        return generate_latest(shown)

    def _collected(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        files = shared.folder()
        yield from self._registry.collect() if files is None else shared.read_all(files)
        families: dict[str, GaugeMetricFamily] = {}
        for metric, value, labels in self._asked(shared.processes(files) if files else [os.getpid()]):
            family = families.setdefault(
                metric.name, GaugeMetricFamily(metric.name, metric.info, labels=metric.labels)
            )
            family.add_metric(labels, value)
        yield from families.values()

    def _asked(self, processes: Iterable[int]) -> Iterator[Figure]:
        for metric, value in process_figures(processes):
            yield metric, value, ()
        for ask in self.asked:
            yield from ask()

    def _number(self, number: int | None) -> str:
        return "ok" if number is None else self._bounded("number", str(number))

    def _code(self, code: str) -> str:
        return code if code in self._codes else self._bounded("code", code)

    def _bounded(self, label: str, value: str) -> str:
        known = self._undeclared[label]
        if value not in known:
            if len(known) >= MOST_UNDECLARED:
                return OTHER
            known.add(value)
        return value

    def _child(self, metric: Metric, *labels: str) -> Any:
        child = self._children.get((metric.name, *labels))
        if child is None:
            family = self._family(metric)
            child = family.labels(*labels) if labels else family
            self._children[(metric.name, *labels)] = child
        return child

    def _family(self, metric: Metric) -> Any:
        """Return the library's object of a metric; a gauge is made when it is first set, for until then it has no value."""
        family = self._families.get(metric.name)
        if family is None:
            family = self._families[metric.name] = made(metric, self._registry)
        return family


class _Shown:
    """What a registry of the library shows."""

    def __init__(self, collect: Callable[[], Iterable[Any]]) -> None:
        self.collect = collect


def made(metric: Metric, registry: Any = None) -> Any:
    """Return the library's object of a metric."""
    from prometheus_client import Counter, Gauge, Histogram

    if metric.kind == "counter":
        return Counter(metric.name, metric.info, metric.labels, registry=registry)
    if metric.kind == "histogram":
        return Histogram(metric.name, metric.info, metric.labels, buckets=metric.buckets, registry=registry)
    return Gauge(
        metric.name, metric.info, metric.labels, registry=registry, multiprocess_mode=metric.over or "all"
    )


def _taken(noted: deque[Any]) -> Iterator[Any]:
    """Take out what is noted now; more may come meanwhile."""
    for _ in range(len(noted)):
        yield noted.popleft()
