"""P1: what an addop is made of, counted; and against the bare SQL of the same statements, durable and without fsync, on SQLite.

The calls of one scene are recorded statement by statement; a copy of the same database gets the same
statements from the bare driver. Idempotency and audit rows are among them.
"""

from __future__ import annotations

import itertools
import sqlite3
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.results import Found, Result, at_most
from benchmarks.scene import PLANT, Folder, Scene, addops, body
from benchmarks.scene import __file__ as scene_file
from benchmarks.timing import interleaved, micros, ratio
from tracepro.database import Limits
from tracepro.database.sqlite_pool import PRAGMAS, WRITER_PRAGMAS
from tracepro.testing.counting import cyclic_objects, function_calls, without_collector
from tracepro.testing.watched import is_framing, watched

Statements = list[tuple[str, Any]]
BASE = ("workplaces", "workers", "orders", "items")
COUNTED, WARM = 20, 5


def run(arguments: Namespace) -> list[Found]:
    """Count first, then measure durable and without fsync."""
    calls, rounds = (20, 4) if arguments.quick else (400, 25)
    return [
        *_counted(),
        _measured("P1 durable", "addop against its bare SQL, durable", "FULL", calls, rounds, 1.5),
        _measured("P1 no fsync", "addop against its bare SQL, without fsync", "OFF", calls, rounds, 2.0),
    ]


def _counted() -> list[Found]:
    """Count what tests/http/test_counts.py and test_cost.py assert."""
    told: list[str] = []
    with Folder() as folder, watched(lambda sql, values: None if is_framing(sql) else told.append(sql)):
        scene = Scene(folder.url("counted"), BASE, plant=PLANT.file())
        units = scene.units(scene.order("VP-1"), WARM + 2 * COUNTED)
        asks = [partial(_ask, scene, request, number) for number, request in enumerate(_bodies(units))]
        for ask in asks[:WARM]:
            ask()
        told.clear()
        functions = function_calls(asks[WARM], scene_file, __file__)
        statements = len(told)
        told.clear()
        _ask(scene, _bodies(units)[-1], None)
        without_key = len(told)
        with without_collector():
            for ask in asks[WARM + 1 : WARM + 1 + COUNTED]:
                ask()
            cyclic = cyclic_objects().total() / COUNTED
        scene.close()
    return [
        at_most("P1 functions", "function calls of an addop with a key", functions, 300, unit=""),
        at_most("P1 statements", "its statements", statements, 9, unit=""),
        at_most("P1 statements without key", "statements of one without a key", without_key, 9, unit=""),
        at_most("P1 cyclic", "objects that it leaves to the garbage collector", cyclic, 0, unit=""),
    ]


def _measured(row: str, what: str, synchronous: str, calls: int, rounds: int, goal: float) -> Result:
    limits = Limits(pragmas={"synchronous": synchronous})
    with Folder() as folder:
        requests = _requests(folder.url("start"), calls * (rounds + 1), limits)
        recorded = _recorded(folder.copy("start", "recorded"), requests, limits)
        scene = Scene(folder.copy("start", "ours"), BASE, limits=limits)
        folder.copy("start", "bare")
        bare = _bare_connection(str(folder.path / "bare.db"), limits)
        figures = interleaved(
            {"ours": _ours(scene, requests, calls), "bare": _bare(bare, recorded, calls)}, rounds, row
        )
        scene.close()
        bare.close()
    shown = f"{micros(figures['ours'])} against {micros(figures['bare'])}, {len(recorded[-1])} statements"
    return at_most(row, what, ratio(figures, "ours", "bare"), goal, shown)


def _requests(url: str, count: int, limits: Limits) -> list[bytes]:
    scene = Scene(url, BASE, plant=PLANT.file(), limits=limits)
    units = scene.units(scene.order("VP-1"), count)
    scene.close()
    return _bodies(units)


def _bodies(units: list[int]) -> list[bytes]:
    return [body(call["method"], call["params"]) for call in addops(units)]


def _ask(scene: Scene, request: bytes, number: int | None) -> None:
    answer = scene.ask(request, None if number is None else f"terminal-{number}")
    assert b'"op_id"' in answer, answer


def _ours(scene: Scene, requests: list[bytes], calls: int) -> Callable[[], int]:
    numbered = enumerate(requests)

    def work() -> int:
        for number, request in itertools.islice(numbered, calls):
            _ask(scene, request, number)
        return calls

    return work


def _bare(connection: sqlite3.Connection, recorded: list[Statements], calls: int) -> Callable[[], int]:
    transactions = iter(recorded)
    cursor = connection.cursor()
    execute, many = cursor.execute, cursor.executemany

    def work() -> int:
        for statements in itertools.islice(transactions, calls):
            execute("BEGIN IMMEDIATE")
            for sql, values in statements:
                if type(values) is list:
                    many(sql, values)
                else:
                    execute(sql, values).fetchall()
            execute("COMMIT")
        return calls

    return work


def _bare_connection(path: str, limits: Limits) -> sqlite3.Connection:
    """Open the bare driver with the server's own settings: a longer log between checkpoints changes what a commit costs."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for name, value in {**PRAGMAS, **WRITER_PRAGMAS, **limits.pragmas}.items():
        connection.execute(f"PRAGMA {name} = {value}")
    return connection


def _recorded(url: str, requests: list[bytes], limits: Limits) -> list[Statements]:
    """Return the statements of each call's transaction, with their values; begin, savepoint and commit are not among them."""
    recorded: list[Statements] = []
    statements: Statements = []

    def note(sql: str, values: Any) -> None:
        if not is_framing(sql):
            statements.append((sql, values))

    with watched(note):
        scene = Scene(url, BASE, limits=limits)
        statements.clear()
        for number, request in enumerate(requests):
            _ask(scene, request, number)
            recorded.append(list(statements))
            statements.clear()
        scene.close()
    return recorded
