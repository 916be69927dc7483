"""Whether a server process can take calls, as ``/readyz`` tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracepro.calls.running import threads
from tracepro.site import Site
from tracepro_hookspecs import TryAgain

LONG_SECONDS = 2.0


def readiness(site: Site, trouble_of_threads: Callable[[], str | None]) -> dict[str, Any]:
    """Return the answer of a server that is ready, naming plugins out of service. Raises TryAgain."""
    site.store.ping()
    trouble = site.store.trouble()
    if trouble is not None:
        raise TryAgain("database-unavailable", trouble + _what_runs(), outcome="none")
    trouble = trouble_of_threads()
    if trouble is not None:
        raise TryAgain("busy", trouble + _what_runs(), outcome="none")
    out = [outage.told for outage in site.outages.by_plugin.values()]
    return {"status": "ready"} | ({"out_of_service": out} if out else {})


def known_trouble(site: Site, trouble_of_threads: Callable[[], str | None]) -> str | None:
    """Return why a server process is not ready, as far as it is known without waiting for the database; else None."""
    if not site.outages.answered:
        return "The database gives no answer."
    return site.store.writes.known_trouble() or trouble_of_threads()


def _what_runs() -> str:
    ages: dict[str, float] = {}
    for stack in list(threads.values()):
        for run in stack[-1:]:
            if run.warned or run.age > LONG_SECONDS:
                ages[str(run)] = max(run.age, ages.get(str(run), 0.0))
    return "".join(f" The {run} has been running for {age:.1f} s." for run, age in ages.items())
