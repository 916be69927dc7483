"""What a server holds, once every few seconds: memory, descriptors, threads, its database's files and connections."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.usage import processes
from examples.generator.driver import connected
from tracepro.testing.server import Server

_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)
_SHARED = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)
_THREADS = re.compile(r"^Threads:\s+(\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Sample:
    """Bytes and counts at a moment; ``seconds`` since the load began.

    ``resident`` is the memory of all processes of the server, ``proportional`` with what they share counted once (PSS),
    ``worker`` that of the processes that run calls. ``wal`` is SQLite's log, ``connections`` those to PostgreSQL.
    """

    seconds: float
    resident: int
    proportional: int
    worker: int
    export: int
    descriptors: int
    threads: int
    temporary: int
    wal: int
    database: int
    connections: int
    waiting: int
    log: int


class Database:
    """The size of a plant's database, by its kind."""

    def __init__(self, url: str, run_sql: Callable[[str], list[tuple[int, ...]]]) -> None:
        self._run_sql = run_sql
        self._file = Path(urlsplit(url).path) if url.startswith("sqlite") else None

    def wal(self) -> int:
        """Return the bytes of SQLite's log; 0 on PostgreSQL."""
        return _bytes(Path(f"{self._file}-wal")) if self._file else 0

    def bytes(self) -> int:
        """Return the bytes of the database without its log."""
        if self._file:
            return _bytes(self._file)
        return self._run_sql("SELECT pg_database_size(current_database())")[0][0]

    def connections(self) -> tuple[int, int]:
        """Return how many others are connected to PostgreSQL, and how many of them wait inside a transaction."""
        if self._file:
            return 0, 0
        ((all_of_them, waiting),) = self._run_sql(
            "SELECT count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%') FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return all_of_them, waiting


@contextmanager
def watching(url: str) -> Iterator[Database]:
    """Give the database; on PostgreSQL over a connection of its own."""
    with ExitStack() as stack:
        if url.startswith("sqlite"):
            yield Database(url, lambda sql: [])
        else:
            run_sql, _ = stack.enter_context(connected(url))
            yield Database(url, lambda sql: [tuple(row) for row in run_sql(sql, ())])


class Sampler:
    """Takes samples of a server until it is stopped, in a thread of its own."""

    def __init__(self, server: Server, export: int, elapsed: Callable[[], float], every: float) -> None:
        self.samples: list[Sample] = []
        self._server, self._export, self._elapsed, self._every = server, export, elapsed, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with watching(self._server.database) as database:
            self.samples.append(self._take(database))
            while not self._stop.wait(self._every):
                self.samples.append(self._take(database))

    def _take(self, database: Database) -> Sample:
        pids = list(processes(self._server.pid))
        connections, waiting = database.connections()
        return Sample(
            seconds=self._elapsed(),
            resident=sum(_kilobytes(pid, "status", _RESIDENT) for pid in pids),
            proportional=sum(_kilobytes(pid, "smaps_rollup", _SHARED) for pid in pids),
            worker=sum(_kilobytes(pid, "status", _RESIDENT) for pid in pids[1:]),
            export=_kilobytes(self._export, "status", _RESIDENT),
            descriptors=sum(map(descriptors, pids)),
            threads=sum(_number(pid, "status", _THREADS) for pid in pids),
            temporary=sum(1 for _ in (self._server.folder / "tmp").rglob("*")),
            wal=database.wal(),
            database=database.bytes(),
            connections=connections,
            waiting=waiting,
            log=_bytes(self._server.folder / "server.log"),
        )


def descriptors(pid: int) -> int:
    """Return how many files, sockets and pipes a process has open."""
    with suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0


def _kilobytes(pid: int, file: str, pattern: re.Pattern[str]) -> int:
    return _number(pid, file, pattern) * 1024


def _number(pid: int, file: str, pattern: re.Pattern[str]) -> int:
    """Read a number of a process, 0 when it has ended meanwhile."""
    with suppress(OSError):
        found = pattern.search(Path(f"/proc/{pid}/{file}").read_text())
        return int(found[1]) if found else 0
    return 0


def _bytes(file: Path) -> int:
    with suppress(OSError):
        return file.stat().st_size
    return 0
