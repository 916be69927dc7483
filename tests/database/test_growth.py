"""What a call does in the database is the same however long the history is: its work is counted, not timed."""

import pytest

from benchmarks.growth import GROWN, HOT, PLANT, PRINTER, Floor
from benchmarks.history import older_than_units
from benchmarks.pages import administrator, paths, things
from benchmarks.scene import Scene
from examples.generator.fill import fill
from tracepro.reserved import FIRST_PARTY
from tracepro.testing.rest import Rest
from tracepro.testing.watched import Steps

SIZES = (2_000, 20_000)
TIMES, BOX = 4, 10
MORE, MORE_OF_A_PAGE = 1.05, 4
"""A tenfold history fills the lists of a page up to their limits; what read it through would be ten times as much."""


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
        known = things(floor)
        floor.scene.close()
        return found | pages_work(url, known, steps)


def pages_work(url, known, steps):
    """Return the steps that each page takes when it is opened for the second time."""
    scene, found = Scene(url, FIRST_PARTY), {}
    rest, token = Rest(scene.site, scene.dispatcher, {}), administrator(scene)
    for name, path in paths(scene, known).items():
        for _ in range(2):
            before = steps.count
            assert rest("GET", path, token=token).status == 200, path
            found[f"page {name}"] = steps.count - before
    rest.close()
    scene.close()
    return found


@pytest.mark.slow
def test_no_hot_call_and_no_page_does_more_work_in_a_longer_history(tmp_path):
    short, long = (work(f"sqlite:///{tmp_path}/{size}.db", size) for size in SIZES)
    most = {call: (MORE if call in HOT else MORE_OF_A_PAGE) * steps for call, steps in short.items()}
    assert {call: (short[call], long[call]) for call in short if long[call] > most[call]} == {}
