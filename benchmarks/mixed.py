"""P5: a server at 200 calls a second, half checks and half bookings, on both databases."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from benchmarks import load
from benchmarks.postgresql import empty_database
from benchmarks.results import Result, at_most
from benchmarks.scene import PLANT, Folder, Scene
from benchmarks.server import serve
from benchmarks.timing import percentile

RATE, CONNECTIONS = 200.0, 32
WHERE = {"wp_id": PLANT.workplace(1, 1), "workers": [1]}


def run(arguments: Namespace) -> list[Result]:
    """Run once on each database."""
    seconds = 60 if arguments.full else 8
    with Folder() as folder:
        found = _measured("P5 SQLite", folder, folder.url("mixed"), seconds)
        with empty_database(arguments) as postgresql:
            found += _measured("P5 PostgreSQL", folder, postgresql, seconds)
    return found


def _measured(row: str, folder: Folder, url: str, seconds: int) -> list[Result]:
    scene = Scene(url, plant=PLANT.file())
    units = scene.units(scene.order("VP-1"), int(RATE * seconds / 2))
    scene.close()
    calls = [call for unit in units for call in _checked_and_booked(unit)]
    with serve(folder, url) as server:
        load.paced(server.port, calls[:100:2], RATE, CONNECTIONS)
        found = load.paced(server.port, calls, RATE, CONNECTIONS)
    times = found.seconds[0]
    assert not found.failed, f"{found.failed} calls were refused"
    return [
        _p99(f"{row} canaddop", "canaddop p99 at 200 calls/s mixed", times[::2], 20),
        _p99(f"{row} addop", "durable addop p99 at 200 calls/s mixed", times[1::2], 50),
    ]


def _checked_and_booked(unit: int) -> list[dict[str, Any]]:
    return [
        {"method": "canaddop", "params": {"item_id": unit, "op_act_list": [[10, 1]], **WHERE}},
        {"method": "addop", "params": {"item_id": unit, "op": 10, "act": 1, **WHERE}},
    ]


def _p99(row: str, what: str, times: list[float], goal: float) -> Result:
    figures = f"median {percentile(times, 0.5) * 1e3:.1f} ms, worst {max(times) * 1e3:.0f} ms"
    return at_most(row, what, percentile(times, 0.99) * 1e3, goal, figures, "ms")
