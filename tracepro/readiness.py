"""Whether a server process can take calls, as ``/readyz`` tells."""

from __future__ import annotations

from typing import Any

from tracepro.calls.running import Running, threads
from tracepro.site import Site
from tracepro_hookspecs import TryAgain


def readiness(site: Site) -> dict[str, Any]:
    """Return the answer of a server that is ready, naming plugins out of service. Raises TryAgain."""
    site.store.ping()
    trouble = site.store.trouble()
    if trouble is not None:
        raise TryAgain("database-unavailable", trouble + _what_runs(), outcome="none")
    out = [outage.told for outage in site.outages.by_plugin.values()]
    return {"status": "ready"} | ({"out_of_service": out} if out else {})


def _what_runs() -> str:
    runs: list[Running] = [run for stack in list(threads.values()) for run in stack[-1:] if run.warned]
    return "".join(f" The {run} has been running for {run.all_seconds:.1f} s." for run in runs)
