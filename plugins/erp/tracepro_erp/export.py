"""``tracepro erp export``: the queue as JSON lines, handed on at least once and in order.

Rows are marked as done when they are on the disk, never before: what a crash leaves in between comes again.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO, TypeVar

from tracepro.database import running_elsewhere
from tracepro_erp import queue
from tracepro_hookspecs import Command, Site, TryAgain

BUNCH = 500
"""How many rows a crash may hand on twice."""
TRIES, PAUSE = 5, 1.0
"""How often an export that doesn't follow tries while the database is busy or away, and the seconds in between."""
Answer = TypeVar("Answer")


def setup(parser: ArgumentParser) -> None:
    """Add export."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="Hand what waits for the ERP on as JSON lines.")
    export.add_argument("--file", metavar="FILE", help="append to this file; without it print")
    export.add_argument(
        "--follow", type=float, metavar="SECONDS", help="don't end, but look again every so many seconds"
    )


def run(site: Site, arguments: Namespace) -> int:
    """Hand on what waits, and with ``--follow`` what comes."""
    if arguments.follow is not None and not 0.1 <= arguments.follow <= 86_400:
        raise ValueError(f"--follow must be from 0.1 to 86400 seconds, not {arguments.follow:g}.")
    patience = Patience(arguments.follow)
    with _opened(arguments.file) as file:
        while True:
            _hand_on(site, file, arguments.file, patience)
            if arguments.follow is None:
                return 0
            time.sleep(arguments.follow)


class Patience:
    """Does again what found the database busy or away, so that one moment of that doesn't end an export that follows.

    With ``follow`` it goes on for ever, so many seconds between two tries; else it gives up after TRIES.
    """

    def __init__(self, follow: float | None) -> None:
        self._follow = follow

    def __call__(self, work: Callable[[], Answer]) -> Answer:
        """Return what the work answers. Raises TryAgain when it gives up."""
        tries = 0
        while True:
            try:
                return work()
            except TryAgain as error:
                tries += 1
                if self._follow is None and tries == TRIES:
                    raise
                if tries == 1:
                    print(
                        f"The database takes nothing now ({error.code}); the export waits.", file=sys.stderr
                    )
            time.sleep(self._follow or PAUSE)


def _hand_on(site: Site, file: BinaryIO, path: str | None, patience: Patience) -> None:
    while rows := patience(lambda: _next_rows(site)):
        _write(file, rows)
        ids = [row["id"] for row in rows]
        patience(partial(_mark_done, site, ids, path))
        if len(rows) < BUNCH:
            break
    keep_days = site.parameter("erp", "keep_days")

    def purge() -> int:
        return site.store.write_inline(lambda db: queue.purge(db, keep_days, site.clock()))

    while patience(purge):
        pass


def _next_rows(site: Site) -> list[dict[str, Any]]:
    elsewhere = site.store.read(running_elsewhere)
    return site.store.read(lambda db: queue.page(db, 0, BUNCH, elsewhere))


def _mark_done(site: Site, ids: list[int], path: str | None) -> None:
    """Mark rows as done; the audit has a row for all of them: how many, and from which to which."""
    asked = {"file": path, "rows": len(ids), "first": ids[0], "last": ids[-1]}
    site.change("erp export", asked, lambda call: queue.mark_done(call.db, ids, call.now))


def _write(file: BinaryIO, rows: list[dict[str, Any]]) -> None:
    """Write rows and come back when they are where they must be. Raises ValueError when they can't get there."""
    left = memoryview(b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows))
    try:
        while left:
            left = left[file.write(left) :]
        file.flush()
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            os.fsync(file.fileno())
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ValueError(
            f"The export can't write to {file.name} ({error.strerror}); mend that, such as by making room there, "
            "and export again: what waits is lost by no failure."
        ) from None


@contextmanager
def _opened(path: str | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        return
    with _created(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"Another export writes to {path}; end it, or name another file.") from None
        _cut_torn_line(file)
        _sync_folder(path)
        yield file


def _created(path: str) -> BinaryIO:
    """Open a file to write at its end; make it where there is none.

    Without a buffer: what could not be written isn't tried again when the file is closed.
    """
    try:
        return open(path, "ab+", buffering=0)
    except OSError as error:
        raise ValueError(
            f"The export can't write to {path} ({error.strerror or error}); make its folder, "
            "or let the user that exports write there."
        ) from None


def _cut_torn_line(file: BinaryIO) -> None:
    """Cut off the line in the middle of which an export ended: its row still waits."""
    end = file.seek(0, os.SEEK_END)
    at = end
    while at:
        begin = max(at - 65_536, 0)
        file.seek(begin)
        newline = file.read(at - begin).rfind(b"\n")
        if newline >= 0:
            at = begin + newline + 1
            break
        at = begin
    if at < end:
        file.truncate(at)


def _sync_folder(path: str) -> None:
    """Make the name of a new file as durable as what is in it."""
    folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


COMMAND = Command("erp", "Hand on what the ERP must hear.", setup, run)
