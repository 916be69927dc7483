"""P3: addop over HTTP at 32 connections, against a straightforward gthread server with peewee models."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from benchmarks import load
from benchmarks.results import Result, at_least, at_most
from benchmarks.scene import PLANT, Folder, Scene
from benchmarks.server import serve
from benchmarks.timing import percentile
from examples.generator.driver import connected
from tracepro.testing.server import free_port

CONNECTIONS = 32
WHERE = {
    "op": 10,
    "act": 1,
    "wp_id": PLANT.workplace(1, 1),
    "workers": [1],
    "data": [[2, "VCC", {"value": 3.3}]],
}


def run(arguments: Namespace) -> list[Result]:
    """Measure both servers in turns on databases of the same content."""
    seconds, turns = (10.0, 5) if arguments.full else (3.0, 2)
    with Folder() as folder:
        calls = _prepared(folder, int(4000 * seconds * turns))
        naive = folder.copy("ours", "naive").removeprefix("sqlite:///")
        ours_found, naive_found = [], []
        with serve(folder, folder.url("ours")) as server, _naive_server(naive, folder.path) as port:
            for turn in range(turns):
                part = [of_connection[turn::turns] for of_connection in calls]
                ours_found.append(load.closed(server.port, part, seconds))
                naive_found.append(load.closed(port, part, seconds))
    return _results(ours_found, naive_found)


def _results(ours: list[load.Load], naive: list[load.Load]) -> list[Result]:
    assert not sum(run.failed for run in ours), "calls were refused"
    rates = [sum(run.rate for run in runs) / len(runs) for runs in (ours, naive)]
    worst = [percentile([seconds for run in runs for seconds in run.all], 0.99) for runs in (ours, naive)]
    shown = f"{rates[0]:.0f} against {rates[1]:.0f} calls/s"
    late = f"{worst[0] * 1e3:.1f} against {worst[1] * 1e3:.0f} ms"
    return [
        at_least(
            "P3",
            f"HTTP addop at {CONNECTIONS} connections against gthread and models",
            rates[0] / rates[1],
            10,
            shown,
        ),
        at_most("P3 p99", "its p99 against that server's", worst[0] / worst[1], 0.05, late),
    ]


def _prepared(folder: Folder, count: int) -> list[list[dict[str, Any]]]:
    """Make units that nothing was done on and return the first operation of each, dealt to the connections."""
    scene = Scene(folder.url("ours"), plant=PLANT.file())
    order = scene.order("VP-1")
    unit = scene.units(order, 1)[0]
    scene.close()
    units = _copies_of(folder.url("ours"), unit, count)
    calls = [{"method": "addop", "params": {"item_id": unit, **WHERE}} for unit in units]
    return [calls[number::CONNECTIONS] for number in range(CONNECTIONS)]


def _copies_of(url: str, unit: int, count: int) -> range:
    """Make many units like another, by SQL; they need no codes, for nobody scans them."""
    with connected(url) as (run_sql, _):
        columns = "order_id, tp, barcode2, bad, bad_reason, bad_by_panel, rt_flags, created"
        run_sql(
            f"INSERT INTO items_unit (id, barcode, {columns}) WITH RECURSIVE copy(k) AS "
            f"(SELECT 1 UNION ALL SELECT k + 1 FROM copy WHERE k < ?) "
            f"SELECT id + k, barcode || '-' || k, {columns} FROM items_unit CROSS JOIN copy WHERE id = ?",
            (count, unit),
        )
    return range(unit + 1, unit + 1 + count)


@contextmanager
def _naive_server(database: str, folder: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "benchmarks.contenders.naive:application()"]
    command += ["-k", "gthread", "--threads", "8", "-b", f"127.0.0.1:{port}", "--keep-alive", "60"]
    with (folder / "naive.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env={**os.environ, "NAIVE_DATABASE": database},
            stdout=log,
            stderr=log,
            cwd=Path(__file__).parents[1],
        )
    try:
        _wait_until_it_answers(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except (OSError, HTTPException):
            time.sleep(0.05)
    raise AssertionError("The server to compare with did not start.")
