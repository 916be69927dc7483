"""P5: a server at 200 calls a second, half checks and half bookings, on both databases."""

from __future__ import annotations

from argparse import Namespace

from benchmarks import load
from benchmarks.postgresql import empty_database
from benchmarks.results import Found, at_most
from benchmarks.scene import PLANT, Folder, Scene, copies_of, scans
from benchmarks.server import serve
from benchmarks.timing import percentile

RATE, CONNECTIONS = 200.0, 32


def run(arguments: Namespace) -> list[Found]:
    """Run once on each database."""
    seconds = 2 if arguments.quick else 60
    with Folder() as folder:
        found = _measured("P5 SQLite", folder, folder.url("mixed"), seconds)
        with empty_database(arguments) as postgresql:
            found += _measured("P5 PostgreSQL", folder, postgresql, seconds)
    return found


def _measured(row: str, folder: Folder, url: str, seconds: int) -> list[Found]:
    scene = Scene(url, plant=PLANT.file())
    first = scene.units(scene.order("VP-1"), 1)[0]
    scene.close()
    units = copies_of(url, first, int(RATE * (seconds + 1) / 2))
    warm, calls = (
        [scans(part[number::CONNECTIONS]) for number in range(CONNECTIONS)]
        for part in (units[: int(RATE / 2)], units[int(RATE / 2) :])
    )
    with serve(folder, url) as server:
        load.paced(server.port, warm, CONNECTIONS / RATE)
        found = load.paced(server.port, calls, CONNECTIONS / RATE)
    assert not found.failed, f"{found.failed} calls were refused"
    asked, recorded = ([s for times in found.seconds for s in times[begin::2]] for begin in (0, 1))
    return [
        _p99(f"{row} canaddop", "canaddop p99 at 200 calls/s mixed", asked, 20),
        _p99(f"{row} addop", "durable addop p99 at 200 calls/s mixed", recorded, 50),
    ]


def _p99(row: str, what: str, times: list[float], goal: float) -> Found:
    figures = f"median {percentile(times, 0.5) * 1e3:.1f} ms, worst {max(times) * 1e3:.0f} ms"
    return at_most(row, what, percentile(times, 0.99) * 1e3, goal, figures, " ms")
