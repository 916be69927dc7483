"""What ended workers leave behind: they are counted by how they ended, and what they counted is added up."""

from __future__ import annotations

import os
from collections.abc import Container
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from tracepro.metrics import made, shared
from tracepro.metrics.declared import WORKER_EXITS

if TYPE_CHECKING:
    from tracepro.server.worker import Worker

How = Literal["asked", "plugin", "signal", "exit"]
HOWS: tuple[How, ...] = ("asked", "plugin", "signal", "exit")


def how_of(worker: Worker, *, blamed: bool) -> How:
    """Return how an ended worker ended: as it was asked to, by a plugin that is to blame, by a signal, or by itself."""
    if blamed:
        return "plugin"
    if worker.leaving or worker.scoreboard.left:
        return "asked"
    end = worker.how_ended
    return "exit" if end is None or end.si_code == os.CLD_EXITED else "signal"


class EndedWorkers:
    """Kept by the master; ``add_up`` is called now and then, for files that are being read are left for the next time."""

    def __init__(self) -> None:
        self._files = shared.folder()
        self._left: list[int] = []
        if self._files is not None:  # a full disk must not end the master when it adds up
            shared.reserve(self._files, shared.ENDED, shared.ADDED_UP)
        self._exits = made(WORKER_EXITS)
        for how in HOWS:
            self._exits.labels(how)

    def ended(self, process: int, how: How) -> None:
        """Note that a worker has ended."""
        self._exits.labels(how).inc()
        self._left.append(process)

    def add_up(self, alive: Container[int]) -> None:
        """Add up what ended workers have counted; a number that another one has by now is left alone."""
        if self._files is not None:
            with suppress(BlockingIOError):
                while self._left:
                    if self._left[0] not in alive:
                        shared.add_up(self._files, self._left[0])
                    self._left.pop(0)
