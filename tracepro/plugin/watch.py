"""Watching hooks: which failed and which took longer than their budget, for the log and for /plugins."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from dataclasses import dataclass

LOG = logging.getLogger("tracepro.plugin")


@dataclass
class Tally:
    """What was seen of one plugin's hook since the start."""

    failures: int = 0
    last_failure: str = ""
    overruns: int = 0
    longest_ms: float = 0.0


class Watch:
    """Counts failures and overruns of hooks; the counts belong to one process and begin with it."""

    def __init__(self, budget_ms: int = 200) -> None:
        self.budget = budget_ms / 1000
        self._tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
        self._lock = threading.Lock()

    def failed(self, plugin: str, hook: str, error: BaseException) -> None:
        """Note that a hook raised, and logs it with its traceback."""
        LOG.error("Hook %s of plugin %s failed: %r", hook, plugin, error, exc_info=error)
        with self._lock:
            tally = self._tallies[plugin, hook]
            tally.failures += 1
            tally.last_failure = f"{type(error).__name__}: {error}"

    def overran(self, plugin: str, hook: str, seconds: float) -> None:
        """Note that a hook took longer than its budget."""
        LOG.warning(
            "Hook %s of plugin %s took %.0f ms; its budget is %.0f ms.",
            hook,
            plugin,
            seconds * 1000,
            self.budget * 1000,
        )
        with self._lock:
            tally = self._tallies[plugin, hook]
            tally.overruns += 1
            tally.longest_ms = max(tally.longest_ms, round(seconds * 1000, 1))

    def report(self, plugin: str) -> dict[str, dict[str, object]]:
        """Return what was noted of a plugin, by hook; empty when all went well."""
        with self._lock:
            seen = {
                hook: vars(tally).copy() for (name, hook), tally in self._tallies.items() if name == plugin
            }
        return dict(sorted(seen.items()))
