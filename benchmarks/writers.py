"""P4: 32 writers on SQLite where a commit takes 2 ms more, against threads that each begin for themselves."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from peewee import Query
from tqdm import tqdm

from benchmarks.results import Found, at_least
from tracepro.database import Insert, Integer, Key, Model, Session, ShortText, p, statement
from tracepro.database.sqlite import SqliteStore
from tracepro.testing.watched import watched

WRITERS, FSYNC = 32, 0.002


class Record(Model):
    """What the writers write."""

    id = Key()
    writer = Integer(index=True)
    number = Integer()
    text = ShortText()

    class Meta:
        table_name = "record"


NEW = Insert(Record)


@statement
def last_number() -> Query:
    """The number that a writer wrote last."""
    numbers = Record.select(Record.number).where(Record.writer == p("writer"))
    return numbers.order_by(Record.id.desc()).limit(1)


def _slow_commit(sql: str, values: Any) -> None:
    """Let a commit take 2 ms more, as a disk with a slow fsync does."""
    if sql == "COMMIT":
        time.sleep(FSYNC)


def run(arguments: Namespace) -> list[Found]:
    """Run both for the same time, in turns."""
    seconds = 0.8 if arguments.quick else 6.0
    ours, naive = [], []
    with watched(_slow_commit):
        for _ in tqdm(range(3), "P4", leave=False):
            ours.append(_ours(seconds))
            naive.append(_naive(seconds))
    rate = [sum(map(sum, figures)) / len(figures) / seconds for figures in (ours, naive)]
    fairness = min(min(counts) / max(counts) for counts in ours)
    figures = f"{rate[0]:.0f} against {rate[1]:.0f} writes/s"
    return [
        at_least("P4", "32 writers, 2 ms fsync, against naive threads", rate[0] / rate[1], 8, figures),
        at_least("P4 fair", "slowest writer per fastest", fairness, 0.9, unit=""),
    ]


def _database(folder: str) -> Path:
    path = Path(folder) / "plant.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE record (id INTEGER PRIMARY KEY AUTOINCREMENT, writer, number, text)")
        connection.execute("CREATE INDEX record_writer ON record (writer)")
    return path


def _ours(seconds: float) -> list[int]:
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(_database(folder))
        store.start()

        def write(writer: int) -> None:
            store.write(partial(_work, writer)).result()

        try:
            return _all_at_once(lambda writer: partial(write, writer), seconds)
        finally:
            store.close()


def _work(writer: int, db: Session) -> None:
    number = db.value(last_number, writer=writer) or 0
    for _ in range(4):
        number += 1
        db.insert(NEW, writer=writer, number=number, text="recorded")


def _naive(seconds: float) -> list[int]:
    with tempfile.TemporaryDirectory() as folder:
        path = _database(folder)
        return _all_at_once(partial(_naive_writer, path), seconds)


def _naive_writer(path: Path, writer: int) -> Callable[[], None]:
    cursor = sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=False).cursor()
    cursor.execute("PRAGMA synchronous = FULL")
    last = "SELECT number FROM record WHERE writer = ? ORDER BY id DESC LIMIT 1"

    def write() -> None:
        cursor.execute("BEGIN IMMEDIATE")
        row = cursor.execute(last, (writer,)).fetchone()
        number = row[0] if row else 0
        for _ in range(4):
            number += 1
            values = (writer, number, "recorded")
            cursor.execute("INSERT INTO record (writer, number, text) VALUES (?, ?, ?)", values)
        cursor.execute("COMMIT")

    return write


def _all_at_once(writer: Callable[[int], Callable[[], None]], seconds: float) -> list[int]:
    """Return how often each of the writers wrote in the time."""
    counts, ready = [0] * WRITERS, threading.Barrier(WRITERS)

    def count_writes(number: int) -> None:
        write = writer(number)
        ready.wait()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            write()
            counts[number] += 1

    threads = [threading.Thread(target=count_writes, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts
