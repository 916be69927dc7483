"""Watching hooks: which failed and which ran too long, for the log and for /plugins."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from dataclasses import dataclass

from tracepro.calls.running import Running

LOG = logging.getLogger("tracepro.plugin")
LONGEST = 500
"""Characters of an exception's text that are told; the log has the rest in its traceback."""


@dataclass
class Tally:
    """What was seen of one plugin's hook since the start."""

    failures: int = 0
    last_failure: str = ""
    overruns: int = 0
    hangs: int = 0
    longest_ms: float = 0.0
    skipped: int = 0


class Watch:
    """Counts failures and overruns of hooks; the counts belong to one process and begin with it.

    ``lost`` are the plugins a notify hook of which still runs in a thread that was given up.
    """

    def __init__(self) -> None:
        self.lost: dict[str, Running] = {}
        self._tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
        self._lock = threading.Lock()

    def failed(self, plugin: str, hook: str, error: BaseException) -> None:
        """Note that a hook raised or answered what it may not, and log it with its traceback."""
        LOG.error("Hook %s of plugin %s failed: %s", hook, plugin, described(error), exc_info=error)
        with self._lock:
            tally = self._tallies[plugin, hook]
            tally.failures += 1
            tally.last_failure = described(error)

    def overran(self, run: Running) -> None:
        """Note that a hook runs longer than it should, the first time and then for how long."""
        with self._lock:
            tally = self._tallies[run.plugin, run.hook]
            tally.overruns += not run.warned
            tally.longest_ms = max(tally.longest_ms, round(run.all_seconds * 1000, 1))
        run.warned = True

    def hung(self, run: Running) -> None:
        """Note, once, that a hook ran into the limit."""
        if not run.hangs:
            run.hangs = True
            with self._lock:
                self._tallies[run.plugin, run.hook].hangs += 1

    def skipped(self, plugin: str, hook: str) -> None:
        """Note that a notify hook was not run because another of its plugin hangs."""
        with self._lock:
            self._tallies[plugin, hook].skipped += 1

    def report(self, plugin: str) -> dict[str, dict[str, object]]:
        """Return what was noted of a plugin, by hook; empty when all went well."""
        with self._lock:
            seen = {
                hook: vars(tally).copy() for (name, hook), tally in self._tallies.items() if name == plugin
            }
        return dict(sorted(seen.items()))

    def totals(self, plugin: str) -> Tally:
        """Return what was counted of all hooks of a plugin together."""
        total = Tally()
        with self._lock:
            for (name, _), tally in self._tallies.items():
                if name == plugin:
                    total.failures += tally.failures
                    total.overruns += tally.overruns
                    total.hangs += tally.hangs
                    total.skipped += tally.skipped
        return total


def described(error: BaseException) -> str:
    """Say what an exception is, also when its own text can't be had; of a long text the beginning."""
    try:
        return f"{type(error).__name__}: {error}"[:LONGEST]
    except BaseException:
        return type(error).__name__
