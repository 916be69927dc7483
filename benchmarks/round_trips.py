"""P3c: what an addop on PostgreSQL waits for, counted; and how long it takes beside an older state of this repository."""

from __future__ import annotations

from argparse import Namespace

from benchmarks import older
from benchmarks.addop import BASE
from benchmarks.postgresql import empty_database, empty_databases
from benchmarks.results import Found, at_most
from benchmarks.scene import PLANT, Scene, addops, body
from benchmarks.timing import interleaved, micros, ratio
from tracepro.testing.watched import RoundTrips

WARM = 4


def run(arguments: Namespace) -> list[Found]:
    """Count; with ``--base`` also measure."""
    found = _counted(arguments)
    return [*found, _against_base(arguments)] if arguments.base else found


def _counted(arguments: Namespace) -> list[Found]:
    trips, counts = RoundTrips(), {}
    with empty_database(arguments) as url, trips.watching():
        scene = Scene(url, BASE, plant=PLANT.file())
        calls = addops(scene.units(scene.order("VP-1"), 2 * WARM))
        for number, call in enumerate(calls):
            before = trips.count
            answer = scene.ask(
                body(call["method"], call["params"]), f"terminal-{number}" if number % 2 else None
            )
            assert b'"op_id"' in answer, answer
            counts[number % 2] = trips.count - before
        scene.close()
    return [
        at_most("P3c round trips", "round trips of an addop with a key", counts[1], 8, unit=""),
        at_most("P3c round trips without key", "of one without a key", counts[0], 8, unit=""),
    ]


def _against_base(arguments: Namespace) -> Found:
    calls, rounds = (40, 4) if arguments.quick else (400, 15)
    with older.checked_out(arguments.base) as base, empty_databases(arguments, 2) as (our_url, base_url):
        ours = older.Addops(older.ROOT, our_url, calls, rounds)
        theirs = older.Addops(base, base_url, calls, rounds)
        figures = interleaved({"ours": ours.round, "base": theirs.round}, rounds, "P3c")
        ours.close()
        theirs.close()
    shown = f"{micros(figures['ours'])} against {micros(figures['base'])}"
    what = f"an addop's time against that of {arguments.base}"
    return at_most("P3c time", what, ratio(figures, "ours", "base"), 0.65, shown)
