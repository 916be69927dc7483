"""P1: a whole addop against the bare SQL of the same statements, durable and without fsync, on SQLite.

The calls of one scene are recorded statement by statement; a copy of the same database gets the same
statements from the bare driver. Idempotency and audit rows are among them.
"""

from __future__ import annotations

import itertools
import sqlite3
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from benchmarks.results import Result, at_most
from benchmarks.scene import PLANT, PLUGINS, Folder, Scene, body
from benchmarks.timing import interleaved, micros, ratio
from tracepro.database import Limits
from tracepro.database.sqlite import PRAGMAS, WRITER_PRAGMAS
from tracepro.testing.watched import is_framing, watched

Statements = list[tuple[str, Any]]
ACTIVE = (*PLUGINS, "tooling", "erp")
WHERE = {
    "op": 10,
    "act": 1,
    "wp_id": PLANT.workplace(1, 1),
    "workers": [1],
    "data": [[2, "VCC", {"value": 3.3}]],
}


def run(arguments: Namespace) -> list[Result]:
    """Measure durable first, then without fsync."""
    calls, rounds = (400, 25) if arguments.full else (60, 12)
    return [
        _measured("P1", "addop against its bare SQL, durable", "FULL", calls, rounds, 1.35),
        _measured("P1 no fsync", "addop against its bare SQL, without fsync", "OFF", calls, rounds, 1.7),
    ]


def _measured(row: str, what: str, synchronous: str, calls: int, rounds: int, goal: float) -> Result:
    limits = Limits(pragmas={"synchronous": synchronous})
    with Folder() as folder:
        requests = _requests(folder.url("start"), calls * (rounds + 1), limits)
        recorded = _recorded(folder.copy("start", "recorded"), requests, limits)
        scene = Scene(folder.copy("start", "ours"), _installed(), limits=limits)
        folder.copy("start", "bare")
        bare = _bare_connection(str(folder.path / "bare.db"), limits)
        figures = interleaved(
            {"ours": _ours(scene, requests, calls), "bare": _bare(bare, recorded, calls)}, rounds
        )
        scene.close()
        bare.close()
    shown = f"{micros(figures['ours'])} against {micros(figures['bare'])}, {len(recorded[-1])} statements"
    return at_most(row, what, ratio(figures, "ours", "bare"), goal, shown)


def _requests(url: str, count: int, limits: Limits) -> list[bytes]:
    scene = Scene(url, _installed(), plant=PLANT.file(), limits=limits)
    units = scene.units(scene.order("VP-1"), count)
    scene.close()
    return [body("addop", {"item_id": unit, **WHERE}) for unit in units]


def _installed() -> tuple[str, ...]:
    from importlib.metadata import entry_points

    there = {entry.name for entry in entry_points(group="tracepro.plugins")}
    return tuple(name for name in ACTIVE if name in there)


def _ours(scene: Scene, requests: list[bytes], calls: int) -> Callable[[], int]:
    numbered = enumerate(requests)

    def work() -> int:
        for number, request in itertools.islice(numbered, calls):
            answer = scene.ask(request, f"terminal-{number}")
            assert b'"op_id"' in answer, answer
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
        scene = Scene(url, _installed(), limits=limits)
        statements.clear()
        for number, request in enumerate(requests):
            answer = scene.ask(request, f"terminal-{number}")
            assert b'"op_id"' in answer, answer
            recorded.append(list(statements))
            statements.clear()
        scene.close()
    return recorded
