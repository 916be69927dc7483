"""The files in which several processes count together: read as one, and those of ended processes added up."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Metric

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder of the files."""
ENDED = "ended"
"""In the place of a process's number: those that have ended."""
ROOM = {"counter": 256 * 1024, "histogram": 1024 * 1024} | dict.fromkeys(
    ("gauge_livesum", "gauge_livemin", "gauge_livemax"), 64 * 1024
)
"""Bytes that are kept for each file; a hundred methods take half of them."""
ADDED_UP = ("counter", "histogram")
"""What is kept of ended processes."""
_OF_PROCESS = re.compile(r"(counter|histogram|gauge_\w+)_(\d+)\.db")


def folder() -> Path | None:
    """Return the folder, None where a process counts alone."""
    named = os.environ.get(DIRECTORY)
    return Path(named) if named else None


def reserve(files: Path, process: int | str, kinds: Iterable[str] = ROOM) -> None:
    """Have the disk keep room for what a process counts, or what those that have ended did.

    The library writes into files that have no room yet; when the disk is full, that ends the process.
    """
    for kind in kinds:
        with suppress(OSError), open(files / f"{kind}_{process}.db", "ab") as file:
            os.posix_fallocate(file.fileno(), 0, ROOM[kind])


def read_all(files: Path) -> list[Metric]:
    """Return what all processes have counted together."""
    from prometheus_client.multiprocess import MultiProcessCollector

    with _locked(files, fcntl.LOCK_SH):
        return list(MultiProcessCollector(None, str(files)).collect())


def processes(files: Path) -> set[int]:
    """Return the processes that count."""
    found = (_OF_PROCESS.fullmatch(path.name) for path in files.iterdir())
    return {int(match[2]) for match in found if match}


def add_up(files: Path, process: int) -> None:
    """Add what an ended process has counted to that of those before it, and delete its files; gauges end with it.

    Else each restart would leave files that every reader reads for ever. Raises BlockingIOError while somebody reads.
    """
    with _locked(files, fcntl.LOCK_EX | fcntl.LOCK_NB):
        for path in list(files.iterdir()):
            match = _OF_PROCESS.fullmatch(path.name)
            if match and int(match[2]) == process:
                if match[1] in ADDED_UP:
                    _add(path, files / f"{match[1]}_{ENDED}.db")
                path.unlink()


def _add(path: Path, to: Path) -> None:
    """Add the counters of one file to those of another. The library has no public way to write them."""
    from prometheus_client.mmap_dict import MmapedDict

    sums = MmapedDict(str(to))
    try:
        for key, value, *_ in MmapedDict.read_all_values_from_file(str(path)):
            sums.write_value(key, sums.read_value(key)[0] + value, 0.0)
    finally:
        sums.close()


@contextmanager
def _locked(files: Path, how: int) -> Iterator[None]:
    """Hold the lock of the folder: nobody reads while files are added up. Whoever dies lets go of it."""
    with open(files / "lock", "a") as lock:
        fcntl.flock(lock, how)
        yield
