"""The end of a worker one of whose plugins hangs: nothing commits any more, everybody is answered, the master told."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from tracepro.calls.log import flush_log
from tracepro.database.errors import busy
from tracepro.plugin.out_of_service import Outage
from tracepro.plugin.watchdog import Hang

if TYPE_CHECKING:
    from tracepro.server.worker import Worker
    from tracepro.site import Site

LOG = logging.getLogger("tracepro.server")
ENDED = 70
STEPS_SECONDS = 0.4
"""How long calls that were answered busy have to come to their end by themselves."""
SENDING_SECONDS = 0.6


class Ending:
    """Ends a worker; ``end(hang)`` is called by the watchdog and returns only if the hook has ended meanwhile."""

    def __init__(self, worker: Worker, site: Site) -> None:
        self._worker = worker
        self._site = site

    def end(self, hang: Hang) -> None:
        """End the process, unless what hung ends while the open transaction is being barred from committing."""
        store = self._site.store
        store.bar()
        if not hang.goes_on:
            store.lift_bar()
            return
        run, limit = hang.run, hang.limit
        outage = Outage(run.plugin, run.hook, f"ran for more than {limit:g} s", self._site.clock())
        LOG.error("The %s hangs; this process ends and another takes its place.\n%s", run, hang.stack)
        try:
            self._answer_everybody()
            self._site.outages.write_aside(outage)
        except Exception:
            LOG.exception("Not everybody could be answered.")
        finally:
            self._leave(outage, hang.stack)

    def _answer_everybody(self) -> None:
        worker, pool = self._worker, self._worker.asgi.pool
        worker.loop.call_soon_threadsafe(worker.take_no_more)
        self._site.store.give_up()
        _until(lambda: pool.idle, STEPS_SECONDS)
        worker.loop.call_soon_threadsafe(pool.give_up, busy())
        _until(lambda: pool.idle and not worker.owed, SENDING_SECONDS)

    def _leave(self, outage: Outage, stack: str) -> NoReturn:
        try:
            self._worker.report.blame(outage, stack)
            self._worker.asgi.metrics.count()
            flush_log()
        finally:
            os._exit(ENDED)


def _until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition, but not longer."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
