"""Recording operations: what is kept, times, data, slots, and what refuses it from outside the route."""

import pytest
from tracepro_items import drafts

from tracepro_hookspecs import InvalidParams

NOW = "2026-11-20T10:00:00.000Z"


def test_an_operation_is_kept_as_it_was_recorded(floor):
    unit = floor.unit("U1")
    data = [
        [0, "note", "ok"],
        [2, "VCC", {"value": 3.3, "low": 3.2, "high": 3.4, "unit": "V"}],
        [3, "log", None],
    ]
    op_id = floor.do(unit, 10, workers="33, 32,33", result=7, tm0="2026-11-20T10:59:00+01:00", data=data)
    assert floor.getitemoperations(unit) == [
        {
            "id": op_id,
            "item_id": unit,
            "order_id": floor.order,
            "erp_ref": "VP-1",
            "barcode": "U1",
            "op": 10,
            "act": 1,
            "name": "",
            "wp_id": 100,
            "workers": [33, 32],
            "tm0": "2026-11-20T09:59:00.000Z",
            "tm1": NOW,
            "result": 7,
            "count": 1,
            "data": data,
            "mat": [],
        }
    ]


def test_operations_are_listed_in_the_order_recorded(floor):
    unit = floor.unit()
    first = floor.do(unit, 10, tm1="2026-11-20T09:00:00Z", tm0="2026-11-20T08:00:00Z")
    second = floor.do(unit, 20, tm1="2026-11-19T09:00:00Z", tm0="2026-11-19T08:00:00Z")
    assert [row["id"] for row in floor.getitemoperations(unit)] == [first, second]


HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("tm0", "tm1", "expected"),
    [
        (None, None, (0, 0)),
        (-HOUR, None, (-HOUR, 0)),
        (HOUR, None, (HOUR, HOUR)),
        (None, -HOUR, (-HOUR, -HOUR)),
        (None, HOUR, (0, HOUR)),
        (-2 * HOUR, -HOUR, (-2 * HOUR, -HOUR)),
        (HOUR, HOUR, (HOUR, HOUR)),
        (-HOUR, 24 * HOUR, (-HOUR, 24 * HOUR)),
        (HOUR, -HOUR, None),
        (None, 24 * HOUR + 1, None),
        (24 * HOUR + 1, None, None),
    ],
)
def test_a_missing_time_is_filled_in_and_a_wrong_one_refused(tm0, tm1, expected):
    class Call:
        now = 1_700_000_000_000_000
        parameter = staticmethod(lambda section, name: {("site", "oldest_days"): 366}[section, name])

    def moment(offset):
        return None if offset is None else Call.now + offset

    if expected is None:
        with pytest.raises(InvalidParams):
            drafts.interval(Call, moment(tm0), moment(tm1))
    else:
        assert drafts.interval(Call, moment(tm0), moment(tm1)) == tuple(map(moment, expected))


def test_times_without_an_offset_are_the_sites(make_floor):
    floor = make_floor(parameters={"site": {"timezone": "Europe/Prague"}})
    floor.make_order()
    unit = floor.unit()
    floor.do(unit, 10, tm0="2026-11-20T10:30:00", tm1="")
    assert floor.getitemoperations(unit)[0]["tm0"] == "2026-11-20T09:30:00.000Z"
    assert floor.refusal("addop", unit, 20, None, 100, [32], "yesterday") == (-32602, "invalid-params")


def test_slots_are_set_by_data(floor):
    unit, other = floor.unit(), floor.unit()
    floor.do(unit, 10, data=[[10, "tray", "A"], [10, "place", 3]])
    op_id = floor.do(unit, 20, data=[[10, "tray", {"row": 1}]])
    assert floor.getitemslots(unit) == {"tray": {"row": 1}, "place": 3}
    assert floor.addopdata(op_id, [[10, "tray", None], [0, "note", "late"]]) == {"op_id": op_id}
    assert floor.getitemslots(unit) == {"tray": None, "place": 3}
    assert floor.getitemoperations(unit)[1]["data"] == [
        [10, "tray", {"row": 1}],
        [10, "tray", None],
        [0, "note", "late"],
    ]
    assert floor.getitemslots(other) == {}


def test_data_comes_to_non_charged_work_too_but_not_what_is_about_a_unit(floor):
    (op_id,) = floor.addncops(floor.order, [[10, None]], 5, 100, [32])["op_ids"]
    assert floor.addopdata(op_id, [[0, "pallet", "7"]]) == {"op_id": op_id}
    for row in ([10, "tray", "A"], [11, "R1", "U1"]):
        assert floor.refusal("addopdata", op_id, [row]) == (-32602, "invalid-params")


def test_nothing_is_added_to_a_cancelled_operation(floor):
    unit = floor.unit()
    op_id = floor.do(unit, 10)
    floor.cancelop(op_id, 100, [32], "wrong unit")
    assert floor.refusal("addopdata", op_id, [[10, "tray", "A"]]) == (1000, "op-not-latest")
    assert floor.getitemslots(unit) == {}


@pytest.mark.parametrize(
    "row",
    [
        [4, "k", 1],
        [1, "k", "1"],
        [1, "k", True],
        [2, "k", 3.3],
        [2, "k", {}],
        [2, "k", {"value": "3.3"}],
        [2, "k", {"value": None}],
        [2, "k", {"value": True}],
        [2, "k", {"value": 1, "low": "0"}],
        [2, "k", {"value": 1, "low": False}],
        [2, "k", {"value": 1, "high": ""}],
        [2, "k", {"value": 1, "low": 2.5, "high": 2}],
        [2, "k", {"value": 1, "unit": 5}],
        [2, "k", {"value": 1, "lo": 0}],
        [10, "", 1],
        [11, "R1", 5],
        [0, "k"],
    ],
)
def test_data_that_is_none_of_its_type_is_refused(floor, row):
    unit = floor.unit()
    error = floor.plant.error("addop", item_id=unit, op=10, act=1, wp_id=100, workers=[32], data=[row])
    assert error["code"] == -32602
    op_id = floor.do(unit, 10)
    assert floor.plant.error("addopdata", op_id, [row])["code"] == -32602


LONG = "x" * 10_000


@pytest.mark.parametrize(
    "row",
    [
        [1, "k", LONG],
        [2, "k", [LONG]],
        [2, "k", {"value": LONG}],
        [2, "k", {"value": 1, "unit": [LONG]}],
        [11, "R1", [LONG]],
    ],
)
def test_of_a_long_value_a_refusal_quotes_the_beginning(floor, row):
    message = floor.plant.error("addop", floor.unit(), 10, 1, 100, [32], data=[row])["message"]
    assert len(message) < 300 and "xxx" in message and message.endswith(".")


def test_a_measurement_is_a_number_with_limits_and_a_unit_that_may_be_left_out(floor):
    rows = [
        [2, "R1", {"value": 9.4}],
        [2, "R2", {"value": -3, "low": None, "high": 5, "unit": None}],
        [2, "R3", {"value": 7, "low": 5, "high": 5, "unit": "kOhm"}],
    ]
    unit = floor.unit()
    floor.do(unit, 10, result=1, data=rows)
    assert floor.getitemoperations(unit)[0]["data"] == rows
    wrong = [*rows, [2, "R4", {"value": 1, "low": 2, "high": 1}]]
    for method, params in (
        ("batch_addop", {"item_ids": [unit], "op": 20, "act": 2, "wp_id": 100, "workers": [], "data": wrong}),
        ("addopdata", {"op_id": floor.getitemoperations(unit)[0]["id"], "data_list": wrong}),
    ):
        error = floor.plant.error(method, **params)
        assert error["code"] == -32602 and "Row 3 of data" in error["message"]
        assert error["data"]["parameter"].endswith("[3]")


def test_unknown_things_are_not_found(floor):
    unit = floor.unit()
    assert floor.refusal("addop", 99, 10, 1, 100, [32]) == (1001, "item-not-found")
    assert floor.refusal("addop", unit, 10, 1, 999, [32]) == (1001, "workplace-not-found")
    assert floor.refusal("canaddop", 99, [[10, 1]], 100, [32]) == (1001, "item-not-found")
    assert floor.refusal("canaddop", unit, [[10, 1]], 999, [32]) == (1001, "workplace-not-found")
    assert floor.refusal("checkproc", 99, [[10, 1]], 100, [32]) == (1001, "order-not-found")
    assert floor.refusal("checkproc", floor.order, [[10, 1]], 999, [32]) == (1001, "workplace-not-found")
    assert floor.refusal("addopdata", 99, []) == (1001, "operation-not-found")


def test_workers_must_exist_and_be_active(floor):
    unit = floor.unit()
    assert floor.cannot(unit, 10, workers=[77]) == ["worker-unknown"]
    assert floor.cannot(unit, 10, workers=[34]) == ["worker-inactive"]
    assert floor.do(unit, 10, workers=[])


def test_a_site_may_require_workers(make_floor):
    floor = make_floor(parameters={"site": {"workers_required": "True"}})
    floor.make_order()
    unit = floor.unit()
    assert floor.cannot(unit, 10, workers=[]) == ["workers-missing"]


def test_a_site_may_require_workplaces_to_be_assigned(make_floor):
    floor = make_floor(parameters={"site": {"check_workplaces": "True"}})
    floor.make_order()
    unit = floor.unit()
    assert floor.cannot(unit, 10, wp_id=101) == ["workplace-not-assigned"]
    floor.do(unit, 10)


def test_nothing_is_recorded_at_a_blocked_workplace(floor):
    unit = floor.unit()
    floor.blockworkplace(100, "torn stencil")
    assert floor.cannot(unit, 10) == ["workplace-blocked"]
    floor.do(unit, 10, wp_id=101)


def test_material_needs_its_plugin(floor):
    unit = floor.unit()
    wanted = {"item_id": unit, "op": 10, "act": 1, "wp_id": 100, "workers": [32]}
    batch = {name: value for name, value in wanted.items() if name != "item_id"} | {"item_ids": [unit]}
    for method, params in (
        ("addop", wanted | {"mat_auto": True}),
        ("addopwithmat", wanted | {"mat": [[1, "R1", 1, 0]]}),
        ("batch_addop", batch | {"mat_auto": True}),
    ):
        error = floor.plant.error(method, **params)
        assert (error["code"], error["data"]["plugin"]) == (1004, "material")
    assert floor.addopwithmat(unit, 10, 1, 100, [32])


def test_checkproc_asks_without_a_unit(floor):
    assert floor.checkproc(floor.order, [[30, None], [None, 1]], 100, [32]) == {
        "ok": True,
        "reasons": [],
        "op_info": {},
    }
    floor.updateorder(floor.order, {"status": 3})
    answer = floor.checkproc(floor.order, [[40, None]], 100, [34])
    codes = [reason["code"] for reason in answer["reasons"]]
    assert not answer["ok"] and codes == ["order-not-active", "op-not-in-route", "worker-inactive"]
