"""The sections of the plant file, and what differs by line."""

import pytest

from tracepro_hookspecs import CallError

SECTIONS = {
    "boms": [
        {
            "wp_id": 100,
            "lines": [
                {"hole_no": 1, "mat_item": "R-10K", "decrement": 0.5},
                {"hole_no": 2, "mat_item": "C"},
            ],
        }
    ],
    "lots": [{"mat_item": "R-10K", "mat_lot": "L1", "amount": 12.5}],
}


def test_boms_and_lots_twice_are_once(floor):
    for _ in range(2):
        floor.plant.load(SECTIONS)
    assert floor.getwpbom(100) == [
        {"hole_no": 1, "mat_item": "R-10K", "decrement": 0.5},
        {"hole_no": 2, "mat_item": "C", "decrement": 1},
    ]
    lot = floor.getfloormat("R-10K", "L1")["wfloormat_id"]
    assert floor.on_floor(lot) == 12.5
    floor.check_books([lot])


BAD = [
    ({"boms": [{"wp_id": 999, "lines": []}]}, "999"),
    ({"boms": [{"wp_id": 100, "lines": [{"hole_no": -1, "mat_item": "R"}]}]}, "at least 0"),
    ({"boms": [{"wp_id": 100, "lines": [{"hole_no": 1, "mat_item": "R"}] * 2}]}, "twice"),
    ({"lots": [*SECTIONS["lots"], {"mat_item": "R", "mat_lot": "L", "amount": 0.1234567}]}, "six decimals"),
]


def test_bad_sections_are_refused_whole(floor):
    for sections, why in BAD:
        with pytest.raises(CallError, match=why):
            floor.plant.load(SECTIONS | sections)
        assert floor.refusal("whereused", "R-10K", "L1") == "floor-material-not-found"
        assert floor.getwpbom(100) == []


def test_options_and_the_plugin_itself_by_line(make_plant, database, small_plant):
    lines = [
        {"name": name, "machines": [{"id": wp_id, "name": "placer", "wp_id": wp_id, "act": 1}]}
        for name, wp_id in (("SMT-1", 100), ("SMT-2", 101))
    ]
    without_material = ("workplaces", "workers", "orders", "items", "lines")
    plant = make_plant(
        plugins=(*without_material, "material"),
        plant=small_plant | {"lines": lines},
        database=database,
        options={"material@SMT-1": {"splice": "queue"}},
        lines={"SMT-2": without_material},
    )
    for lot in ("L1", "L2"):
        queue = plant.call("setwpmat", 100, "R-10K", lot, 5, 1)["queue"]
    assert queue == 1
    error = plant.error("setwpmat", 101, "R-10K", "L1", 5, 1)
    assert (error["code"], error["data"]["code"], error["data"]["line"]) == (1004, "plugin-off", "SMT-2")
    order = plant.call("makeorder", "VP-1", "PCB", 1, 1, 0)["id"]
    plant.call("updateorder", order, {}, [{"op": 10, "act": 1}])
    unit = plant.call("getitem", order, "U1", 1)["id"]
    error = plant.error("addop", unit, 10, 1, 101, [32], None, None, 0, True)
    assert (error["code"], error["data"]["code"]) == (1004, "plugin-off")
    plant.call("addop", unit, 10, 1, 101, [32])
