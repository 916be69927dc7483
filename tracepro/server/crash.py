"""The end of a worker that nobody asked for: a plugin's function that ends the process, or breaks it in a C library."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from tracepro.clock import now_micros
from tracepro.plugin.out_of_service import Outage

if TYPE_CHECKING:
    from tracepro.server.worker import Worker

CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE)
"""What a broken function causes; others come from an operator or from a machine without memory."""


def how_ended(pid: int) -> os.waitid_result | None:
    """Return how a child ended, and leave it to be reaped; None when it runs."""
    with suppress(ChildProcessError):
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return None


def crash_of(worker: Worker) -> Outage | None:
    """Blame the suspect among what an ended worker ran, if the worker neither left nor was ended by others."""
    run, how = worker.scoreboard.suspect(), _how_it_crashed(worker)
    if run is None or how is None or run.kind == "register":
        return None
    return Outage(run.plugin, run.hook, f"ended its process ({how})", now_micros())


def _how_it_crashed(worker: Worker) -> str | None:
    end = worker.how_ended
    if end is None or worker.aborted:
        return None
    if end.si_code == os.CLD_EXITED:
        in_order = end.si_status == 0 and worker.scoreboard.left
        return None if in_order else f"exit code {end.si_status}"
    return signal.Signals(end.si_status).name if end.si_status in CRASHES else None
