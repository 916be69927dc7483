"""How long holes last: the number that people are told is the number of units that operations go through with."""

import pytest
from tracepro_material import feeders

WP = 100


@pytest.fixture
def floor(make_floor):
    return make_floor(splice="queue")


def read(floor):
    return floor.plant.read(lambda call: feeders.read(call, WP))


@pytest.mark.parametrize(
    "reels", [[(10, 3)], [(10, 3), (5, 3)], [(2, 3), (2, 3), (9, 4)], [(7, 2.5), (3, 0.5)], [(1, 3), (1, 3)]]
)
def test_as_many_units_go_through_as_are_told(floor, reels):
    for number, (amount, decrement) in enumerate(reels):
        floor.setwpmat(WP, "R-10K", f"L{number}", amount, 1, decrement)
    (feeder,) = read(floor)
    for number in range(feeder.units):
        floor.record(floor.unit(f"U{number}"), mat_auto=True)
    assert [each.units for each in read(floor)] == [0]
    unit = floor.unit("one too many")
    refused = {"item_id": unit, "op": 10, "act": 1, "wp_id": WP, "workers": [32], "mat_auto": True}
    assert floor.error("addop", **refused)["data"]["reasons"][0]["code"] == "material-short"


def test_what_stops_first_stands_first(floor):
    for hole_no, amount in ((1, 100), (2, 30), (4, 5), (6, 1)):
        floor.setwpmat(WP, "R-10K", f"L{hole_no}", amount, hole_no)
    bom = [
        [hole, "C-100N" if hole == 1 else "R-10K", 0 if hole == 6 else 2] for hole in range(1, 7) if hole != 4
    ]
    floor.setwpbom(WP, bom)
    found = [(each.hole_no, each.units, each.wrong) for each in read(floor)]
    # hole 4 is left alone by a BOM that doesn't name it, but what is in it should not be there
    assert found == [
        (4, 5, ("R-10K",)),
        (1, 100, ("R-10K",)),
        (3, 0, ()),
        (5, 0, ()),
        (2, 15, ()),
        (6, None, ()),
    ]


def test_an_empty_hole_tells_what_belongs_there(floor):
    floor.setwpbom(WP, [[1, "R-10K", 2], [1, "R-10K-ALT", 4]])
    (feeder,) = read(floor)
    assert (feeder.articles, feeder.decrement, feeder.units) == (("R-10K", "R-10K-ALT"), 2_000_000, 0)
    assert feeder.runs_out_soon
