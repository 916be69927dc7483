"""The master process: starts workers, replaces them on SIGHUP only when the new set is good, stops in order."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Sequence
from queue import SimpleQueue
from typing import TYPE_CHECKING

from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

from tracepro.clock import now_micros
from tracepro.plugin.out_of_service import Outage
from tracepro.plugin.watchdog import LONGEST_TICK
from tracepro.server.crash import crash_of, how_ended
from tracepro.server.ended import EndedWorkers, how_of
from tracepro.server.worker import HAND_OVER, Worker

if TYPE_CHECKING:
    from tracepro.server.server import Server

LOG = logging.getLogger("tracepro.server")
READY_SECONDS = 60.0
MAX_BACKOFF = 10.0
SILENT_SECONDS = 2.0
OVERSLEPT_SECONDS = 5.0
"""Who looks at the workers once a second and finds that so long has passed was paused, as the workers may have been."""
NO_CODE = 1000
"""No process ends with it: gunicorn stops the whole server on two codes, which a plugin may end its process with."""


# gunicorn documents none of the Arbiter's methods as a way in; every one overridden here is listed in
# tests/packaging/test_private_seams.py, and setup.cfg pins gunicorn to one minor release.
class Master(Arbiter):
    """gunicorn's arbiter, except where a plant could not live with it.

    A reload is checked in a child process first and old workers leave only when new ones serve; a worker that
    can't start stops the server at its first start only, later it is tried again; workers are counted
    without those that leave.
    """

    app: Server
    num_workers: int
    WORKERS: dict[int, Worker]
    SIG_QUEUE: SimpleQueue[int]

    def __init__(self, app: Server) -> None:
        self._served = False
        self._backoff = 0.0
        self._next_attempt = 0.0
        self._looked = self._awake_since = time.monotonic()
        self._ended = EndedWorkers()
        self.WORKER_BOOT_ERROR = self.APP_LOAD_ERROR = NO_CODE
        super().__init__(app)

    # Workers

    def spawn_worker(self) -> int:
        """Start one worker; the master keeps the reading end of its report."""
        pid: int = super().spawn_worker()
        self.WORKERS[pid].report.keep_reader()
        return pid

    # Overridden: gunicorn counts leaving workers too, kills the oldest of them, and starts a broken one at once again.
    def manage_workers(self) -> None:
        """Start what is missing, counting only workers that stay; one that can't start is not hurried."""
        self._note_ready()
        self._forget_written()
        self._ended.add_up(self.WORKERS)
        staying = sorted((w for w in self.WORKERS.values() if not w.leaving), key=lambda worker: worker.age)
        if len(staying) < self.num_workers and time.monotonic() >= self._next_attempt:
            new = self._spawn(self.num_workers - len(staying))
            if not self._served and self._wait_ready(new):
                self._note_ready()
        for worker in staying[: max(0, len(staying) - self.num_workers)]:
            self._dismiss(worker)

    def _spawn(self, count: int) -> list[Worker]:
        return [self.WORKERS[self.spawn_worker()] for _ in range(count)]

    def _dismiss(self, worker: Worker, number: int = signal.SIGTERM) -> None:
        worker.leaving = True
        self.kill_worker(worker.pid, number)

    def _note_ready(self) -> None:
        if any(worker.report.is_ready() for worker in self.WORKERS.values()):
            self._backoff = 0.0
            if not self._served:
                self._served = True
                self.app.callbacks.on_serving()

    # Overridden: gunicorn keeps it to itself how a worker ended.
    def reap_workers(self) -> None:
        """Follow the end of every worker that has ended, knowing how."""
        for worker in self.WORKERS.values():
            worker.how_ended = how_ended(worker.pid)
        super().reap_workers()

    def worker_ended(self, worker: Worker) -> None:
        """Follow the end of a worker (gunicorn's ``child_exit``)."""
        ready, sentence = worker.report.is_ready(), worker.report.sentence()
        blamed = worker.report.blamed()
        outage = crash_of(worker) if blamed is None else blamed[0]
        self._forget_written_by(worker)
        self._ended.ended(worker.pid, how_of(worker, blamed=outage is not None))
        self._ended.add_up(self.WORKERS)
        if outage is not None:
            self._note_outage(outage)
        worker.report.close()
        worker.scoreboard.close()
        if ready or worker.leaving:
            return
        sentence = sentence or "A worker ended before it served; its log says why."
        if not self._served:
            raise HaltServer(sentence, 1)
        self._backoff = min(MAX_BACKOFF, self._backoff * 2 or 1.0)
        self._next_attempt = time.monotonic() + self._backoff
        LOG.error("A worker could not start: %s It is tried again in %g s.", sentence, self._backoff)

    # Plugins that hang

    # Overridden: gunicorn sees only that a worker's event loop stands still, and has no idea why.
    def murder_workers(self) -> None:
        """Kill a worker whose interpreter is held by a plugin, and blame what it runs."""
        now = time.monotonic()
        if now - self._looked > OVERSLEPT_SECONDS:
            self._awake_since = now
        # A worker that slept as long as this master is given the time anew.
        if now - self._awake_since > self.timeout:
            super().murder_workers()
        seconds, self._looked = min(now - self._looked, LONGEST_TICK), now
        for worker in list(self.WORKERS.values()):
            if (
                not worker.leaving
                and self._silence_of(worker, seconds) > worker.scoreboard.limit + SILENT_SECONDS
            ):
                self._kill_silent(worker)

    @staticmethod
    def _silence_of(worker: Worker, seconds: float) -> float:
        """Return how long a worker's watchdog has been silent; 0 before it began."""
        beats = worker.scoreboard.beats
        worker.silent_seconds = worker.silent_seconds + seconds if 0 < beats == worker.beats else 0.0
        worker.beats = beats
        return worker.silent_seconds

    def _kill_silent(self, worker: Worker) -> None:
        run = worker.scoreboard.suspect()
        LOG.error(
            "Worker %d gave no sign of life for %.0f s and is killed.", worker.pid, worker.silent_seconds
        )
        if run is not None:
            reason = f"held the interpreter for more than {worker.scoreboard.limit:g} s"
            self._note_outage(Outage(run.plugin, run.hook, reason, now_micros()))
        worker.silent_seconds = 0.0
        self.kill_worker(worker.pid, signal.SIGKILL)

    def _note_outage(self, outage: Outage) -> None:
        """Have the next worker take a plugin out of service and write it down.

        What stands written by now is left to its row, which may have been released again since.
        """
        LOG.error("%s", outage)
        self._forget_written()
        if all(known.plugin != outage.plugin for known in self.app.outages):
            self.app.outages.append(outage)

    def _forget_written(self) -> None:
        for worker in self.WORKERS.values():
            self._forget_written_by(worker)

    def _forget_written_by(self, worker: Worker) -> None:
        if worker.outages and worker.report.has_recorded():
            self.app.outages = [outage for outage in self.app.outages if outage not in worker.outages]
            worker.outages = ()

    # Signals

    # Overridden: gunicorn reloads without asking whether the new configuration is any good.
    def handle_hup(self) -> None:
        """Check the new configuration and hand the work over to new workers (SIGHUP)."""
        sentence = self.app.callbacks.check()
        if sentence is not None:
            LOG.error("Reload refused, the old set goes on serving: %s", sentence)
            return
        self.app.outages.clear()
        self.reload()

    # Overridden: gunicorn lets the old workers go without waiting for the new ones.
    def reload(self) -> None:
        """Start new workers, wait until they serve, and only then let the old ones go."""
        old = [worker for worker in self.WORKERS.values() if not worker.leaving]
        new = self._spawn(self.num_workers)
        if not self._wait_ready(new):
            for worker in new:
                self._dismiss(worker)
            if self._stop_requested():
                LOG.info("The reload was given up, for the server was told to stop.")
            else:
                LOG.error("Reload failed, the old set goes on serving: %s", _why_not_ready(new))
            return
        for worker in old:
            self._dismiss(worker, HAND_OVER)
        LOG.info("Reloaded: new workers serve, the old ones finish what they began.")

    def _wait_ready(self, workers: list[Worker]) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if all(worker.report.is_ready() for worker in workers):
                return True
            if any(worker.report.ended for worker in workers) or self._stop_requested():
                return False
            time.sleep(0.02)
        return False

    # Reads gunicorn's queue and fills it again: the loop that empties it stands still while this master waits.
    def _stop_requested(self) -> bool:
        numbers = []
        while not self.SIG_QUEUE.empty():
            numbers.append(self.SIG_QUEUE.get())
        for number in numbers:
            self.SIG_QUEUE.put(number)
        return any(number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT) for number in numbers)

    # Overridden: gunicorn stops at once on Ctrl-C, dropping what is under way.
    def handle_int(self) -> None:
        """Stop in order (Ctrl-C), as on SIGTERM."""
        self.handle_term()

    # Overridden: gunicorn has no say in how many workers there may be.
    def handle_ttin(self) -> None:
        """Start one worker more, where the database allows it (SIGTTIN)."""
        sentence = self.app.callbacks.reason_against_workers(self.num_workers + 1)
        if sentence is None:
            super().handle_ttin()
        else:
            LOG.error("%s", sentence)

    # Overridden: gunicorn would start a second master beside this one.
    def handle_usr2(self) -> None:
        """Refuse a second master (SIGUSR2)."""
        LOG.error("SIGUSR2 is not served: send SIGHUP for a new plugin set, restart for a new core.")

    # The end

    # Overridden: a worker that ends now is expected to, and no other is started for it.
    def stop(self, graceful: bool = True) -> None:
        """Let every worker go."""
        for worker in self.WORKERS.values():
            worker.leaving = True
        super().stop(graceful)

    # Overridden: gunicorn writes the reason into its log only.
    def halt(self, reason: str | None = None, exit_status: int = 0) -> None:
        """Stop and say in one sentence what kept the server from serving, if anything did."""
        began = time.monotonic()
        self.stop()
        if reason is not None:
            print(reason, file=sys.stderr, flush=True)
        elif self._served:
            self.app.callbacks.on_stopped(time.monotonic() - began)
        sys.exit(exit_status)


def _why_not_ready(workers: Sequence[Worker]) -> str:
    """Return the sentence of a worker that could not start, else what can be told without one."""
    sentences = [worker.report.sentence() or "" for worker in workers]
    if any(sentences):
        return max(sentences, key=len)
    if any(worker.report.ended for worker in workers):
        return "a new worker ended before it served, and left no reason."
    return f"the new workers did not serve within {READY_SECONDS:g} s."
