"""The master process: starts workers, replaces them on SIGHUP only when the new set is good, stops in order."""

from __future__ import annotations

import logging
import signal
import sys
import time
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

from tracepro.server.worker import PASS_ON

LOG = logging.getLogger("tracepro.server")
READY_SECONDS = 60.0
MOST_WAIT = 10.0


class Master(Arbiter):
    """gunicorn's arbiter, except where a plant could not live with it.

    A reload is checked in a child process first and old workers leave only when new ones serve; a worker that
    can't start stops the server at its first start only, later it is tried again; workers are counted
    without those that leave.
    """

    def __init__(self, app: Any) -> None:
        self._served = False
        self._pause = 0.0
        self._not_before = 0.0
        super().__init__(app)

    # Workers

    def spawn_worker(self) -> int:
        """Starts one worker; the master keeps the reading end of its report."""
        pid = super().spawn_worker()
        self.WORKERS[pid].report.keep_reader()
        return pid

    def spawn_workers(self) -> None:
        """Is gunicorn's way to start what is missing; ``manage_workers`` does it here."""
        self.manage_workers()

    def manage_workers(self) -> None:
        """Starts what is missing, counting only workers that stay; a worker that can't start is not hurried."""
        self._note_ready()
        staying = sorted((w for w in self.WORKERS.values() if not w.leaving), key=lambda worker: worker.age)
        if len(staying) < self.num_workers and time.monotonic() >= self._not_before:
            new = self._spawn(self.num_workers - len(staying))
            if not self._served and self._wait_ready(new):
                self._note_ready()
        for worker in staying[: max(0, len(staying) - self.num_workers)]:
            self._dismiss(worker)

    def _spawn(self, count: int) -> list[Any]:
        return [self.WORKERS[self.spawn_worker()] for _ in range(count)]

    def _dismiss(self, worker: Any, number: int = signal.SIGTERM) -> None:
        worker.leaving = True
        self.kill_worker(worker.pid, number)

    def _note_ready(self) -> None:
        ready = [worker for worker in self.WORKERS.values() if worker.report.is_ready()]
        if ready:
            self._pause = 0.0
            if not self._served:
                self._served = True
                self.app.serving()

    def worker_ended(self, worker: Any) -> None:
        """Follows the end of a worker (gunicorn's ``child_exit``)."""
        ready, sentence = worker.report.is_ready(), worker.report.sentence()
        worker.report.close()
        if ready or worker.leaving:
            return
        sentence = sentence or "A worker ended before it served; its log says why."
        if not self._served:
            raise HaltServer(sentence, 1)
        self._pause = min(MOST_WAIT, self._pause * 2 or 1.0)
        self._not_before = time.monotonic() + self._pause
        LOG.error("A worker could not start: %s Tried again in %g s.", sentence, self._pause)

    # Signals

    def handle_hup(self) -> None:
        """SIGHUP: checks the new configuration, then passes the work on to new workers."""
        sentence = self.app.check()
        if sentence is not None:
            LOG.error("Reload refused, the old set goes on serving: %s", sentence)
            return
        self.reload()

    def reload(self) -> None:
        """Starts new workers, waits until they serve, and only then lets the old ones go."""
        old = [worker for worker in self.WORKERS.values() if not worker.leaving]
        new = self._spawn(self.num_workers)
        if not self._wait_ready(new):
            for worker in new:
                self._dismiss(worker)
            sentences = [worker.report.sentence() or "" for worker in new]
            LOG.error("Reload failed, the old set goes on serving: %s", max(sentences, key=len))
            return
        for worker in old:
            self._dismiss(worker, PASS_ON)
        LOG.info("Reloaded: new workers serve, the old ones finish what they began.")

    def _wait_ready(self, workers: list[Any]) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if all(worker.report.is_ready() for worker in workers):
                return True
            if any(worker.report.ended for worker in workers) or self._told_to_stop():
                return False
            time.sleep(0.02)
        return False

    def _told_to_stop(self) -> bool:
        heard = []
        while not self.SIG_QUEUE.empty():
            heard.append(self.SIG_QUEUE.get())
        for number in heard:
            self.SIG_QUEUE.put(number)
        return any(number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT) for number in heard)

    def handle_int(self) -> None:
        """Ctrl-C means what SIGTERM means."""
        self.handle_term()

    def handle_ttin(self) -> None:
        """SIGTTIN: one worker more, where the database allows it."""
        sentence = self.app.refuse_workers(self.num_workers + 1)
        if sentence is None:
            super().handle_ttin()
        else:
            LOG.error("%s", sentence)

    def handle_usr2(self) -> None:
        """SIGUSR2: is refused; a second master has no place beside this one."""
        LOG.error("SIGUSR2 is not served: send SIGHUP for a new plugin set, restart for a new core.")

    # The end

    def stop(self, graceful: bool = True) -> None:
        """Lets every worker go."""
        for worker in self.WORKERS.values():
            worker.leaving = True
        super().stop(graceful)

    def halt(self, reason: str | None = None, exit_status: int = 0) -> None:
        """Stops and says in one sentence what kept the server from serving, if anything did."""
        self.stop()
        if reason is not None:
            self.app.tell(reason)
        sys.exit(exit_status)
