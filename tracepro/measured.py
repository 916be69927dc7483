"""What the parts of a site know of themselves, told to the metrics."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator

from tracepro.calls.running import functions
from tracepro.clock import now_micros
from tracepro.metrics import Figure, Metrics
from tracepro.metrics import declared as d
from tracepro.pages import release
from tracepro.site import Site

CORE_CODES = (
    "answer-too-large",
    "bad-json",
    "busy",
    "database-unavailable",
    "internal-error",
    "invalid-params",
    "invalid-request",
    "key-in-progress",
    "key-reused",
    "method-not-found",
    "parse-error",
    "plugin-failed",
    "plugin-off",
    "scope-missing",
    "throttled",
    "unauthenticated",
)
"""What the core refuses calls with; plugins name their own codes in their schemas."""
SIZES = {"database": d.DATABASE_BYTES, "wal": d.WAL_BYTES, "free": d.DISK_FREE}
TRY_SECONDS = 1.0
"""How often a database that could not be written is tried while nobody writes."""


def codes_of(site: Site) -> set[str]:
    """Return the codes that the core and the plugins of a site declare."""
    return {*CORE_CODES}.union(*(fragment.get("x-codes", ()) for fragment in site.fragments.values()))


class Measured:
    """Tells the metrics of a process what its site knows: of its writes, its plugins, and whether it is ready."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._names = frozenset(plugin.name for plugin in site.plugins)
        self._tried_at = 0.0

    def tell(self, metrics: Metrics) -> None:
        """Tell everything, to be added to that of other processes."""
        self._tell_of_writes(metrics)
        self._tell_of_functions(metrics)
        self._tell_of_plugins(metrics)
        notifier = self._site.notifier
        metrics.set(d.NOTIFICATIONS, notifier.waiting)
        metrics.reach(d.NOTIFICATIONS_DROPPED, notifier.dropped)
        metrics.reach(d.CPU, time.process_time())

    def _tell_of_writes(self, metrics: Metrics) -> None:
        writes, figures = self._site.store.writes, self._site.store.writes.figures
        commits = [figures.commits.popleft() for _ in range(len(figures.commits))]
        metrics.observe(d.COMMIT_CALLS, [calls for calls, _ in commits])
        metrics.observe(d.COMMIT, [seconds for _, seconds in commits])
        metrics.observe(d.WRITE_QUEUE, [figures.waits.popleft() for _ in range(len(figures.waits))])
        metrics.observe(d.WRITE, [figures.writes.popleft() for _ in range(len(figures.writes))])
        metrics.reach(d.WRITES_EXPIRED, figures.expired)
        metrics.reach(d.WRITE_RETRIES, figures.retries)
        metrics.set(d.WRITES_WAITING, writes.waiting)
        metrics.set(d.WRITE_AGE, writes.age())
        metrics.set(d.LAST_WRITE, now_micros() / 1_000_000 - (time.monotonic() - figures.last_through))

    def _tell_of_functions(self, metrics: Metrics) -> None:
        calls: dict[tuple[str, str], int] = defaultdict(int)
        seconds: dict[tuple[str, str], float] = defaultdict(float)
        for function in functions():
            if function.plugin in self._names and function.kind != "register":
                calls[function.plugin, function.kind] += function.calls
                seconds[function.plugin, function.kind] += function.seconds
        for labels, count in calls.items():
            metrics.reach(d.PLUGIN_CALLS, count, *labels)
            metrics.reach(d.PLUGIN_SECONDS, seconds[labels], *labels)

    def _tell_of_plugins(self, metrics: Metrics) -> None:
        for name in self._names:
            total = self._site.watch.totals(name)
            metrics.reach(d.PLUGIN_FAILURES, total.failures, name)
            metrics.reach(d.PLUGIN_OVERRUNS, total.overruns, name)
            metrics.reach(d.PLUGIN_HANGS, total.hangs, name)
            metrics.reach(d.PLUGIN_SKIPPED, total.skipped, name)
            metrics.set(d.OUT_OF_SERVICE, name in self._site.outages.by_plugin, name)

    def try_to_write(self) -> None:
        """Have a database that could not be written tried once a second, so that it is noticed when it can be again."""
        if time.monotonic() - self._tried_at >= TRY_SECONDS:
            self._tried_at = time.monotonic()
            self._site.store.writes.try_again()

    def ask(self) -> Iterator[Figure]:
        """Yield what is the same whichever process is asked."""
        yield d.INFO, 1, (release(), self._site.store.dialect)
        for name, size in self._site.store.sizes().items():
            yield SIZES[name], size, ()
