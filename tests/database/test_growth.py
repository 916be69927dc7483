"""What a call does in the database is the same however long the history is: its work is counted, not timed."""

import pytest

from benchmarks.growth import GROWN, HOT, PLANT, PRINTER, Floor
from benchmarks.history import older_than_units
from examples.generator.fill import fill
from tracepro.testing.watched import Steps

SIZES = (2_000, 20_000)
TIMES, BOX = 4, 10
MORE = 1.05


def work(url, size):
    """Return the most steps of SQLite's machine that a hot call takes in a plant with so many units."""
    fill(url, PLANT, size, first=9, plugins=GROWN)
    older_than_units(url, PRINTER)
    steps, found = Steps(), {}
    with steps.watching():
        floor = Floor(url, BOX)
        for call, (make, _) in HOT.items():
            found[call] = 0
            for params in list(make(floor, TIMES)):
                before = steps.count
                floor.scene.call(call.split()[0], params)
                found[call] = max(found[call], steps.count - before)
        floor.scene.close()
    return found


@pytest.mark.slow
def test_no_hot_call_does_more_work_in_a_longer_history(tmp_path):
    short, long = (work(f"sqlite:///{tmp_path}/{size}.db", size) for size in SIZES)
    assert {call: (short[call], long[call]) for call in HOT if long[call] > MORE * short[call]} == {}
