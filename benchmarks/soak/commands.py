"""What runs beside the server: the export to the ERP, backups, reloads, and, when asked for, a kill of the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from benchmarks.soak.journal import Journal
from tracepro.testing.server import COMMAND, Server

FOLLOW = 2
KILLS = "workers killed"
SECONDS = 120.0


class Export:
    """``tracepro erp export --follow`` into a file, from ``start`` to ``stop``."""

    def __init__(self, server: Server) -> None:
        self.file = server.folder / "erp.jsonl"
        words = [*COMMAND, "erp", "export", "--file", str(self.file), "--follow", str(FOLLOW)]
        with (server.folder / "erp.log").open("wb") as log:
            self._process = subprocess.Popen(words, cwd=server.folder, env=server.environment, stderr=log)
        self.pid = self._process.pid

    def stop(self, journal: Journal) -> None:
        """End it; one that has ended by itself is a fault."""
        if self._process.poll() is not None:
            journal.fault(f"The export ended by itself with {self._process.returncode}")
        self._process.terminate()
        self._process.wait(SECONDS)


def back_up(server: Server, journal: Journal) -> None:
    """Make a backup while the server works."""
    words = [*COMMAND, "backup", str(server.folder / "backup.db"), "--overwrite"]
    done = subprocess.run(
        words, cwd=server.folder, env=server.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        journal.fault(f"A backup failed: {done.stderr}")
    journal.count("backups")


def reload(server: Server, journal: Journal) -> None:
    """Reload the configuration, which takes a new worker."""
    os.kill(server.pid, signal.SIGHUP)
    journal.count("reloads")


def kill_worker(server: Server, journal: Journal) -> None:
    """Kill the worker where it stands."""
    with suppress(ProcessLookupError):
        os.kill(server.workers()[0], signal.SIGKILL)
    journal.count(KILLS)


Deed = Callable[[Server, Journal], None]


def timetable(
    server: Server, journal: Journal, stop: threading.Event, times: Sequence[tuple[float, Deed]]
) -> Callable[[], None]:
    """Return work that does deeds at their times, in seconds since the load began."""

    def work() -> None:
        for when, deed in sorted(times, key=lambda each: each[0]):
            if stop.wait(max(0.0, when - journal.elapsed)):
                return
            deed(server, journal)

    return work
