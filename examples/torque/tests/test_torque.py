"""The rule on every way that data comes in, the table, what is shown of it, the method and the route, on both databases."""

from pathlib import Path

import pytest
import tracepro_torque

from tracepro.testing.public import private_uses

REQUIRED = ("workplaces", "workers", "orders", "items", "lines", "boxes")
FIRST, STRICT, WITHOUT = 1, 2, 3
"""A workplace on a line without limits, on one that has some and requires torques, on one where the plugin is off."""
LINES = {FIRST: "ASSY-1", STRICT: "ASSY-2", WITHOUT: "ASSY-3"}
STRICTLY = {"low": "2", "high": "3", "required": "yes"}
PLANT = {
    "acts": [{"id": 1, "name": "SCREW"}],
    "workplaces": [{"id": wp_id, "name": f"Station {wp_id}", "acts": [1]} for wp_id in LINES],
    "workers": [{"id": 32, "name": "J. Novak"}],
    "lines": [
        {"name": line, "machines": [{"id": wp_id, "name": "driver", "wp_id": wp_id}]}
        for wp_id, line in LINES.items()
    ],
}
INSIDE, OUTSIDE = 1.2, 1.5


@pytest.fixture
def plant(make_plant, database):
    return make_plant(
        plugins=(*REQUIRED, "torque"),
        lines={"ASSY-3": REQUIRED},
        options={"torque@ASSY-2": STRICTLY},
        plant=PLANT,
        database=database,
        strict=True,
    )


def _order(plant, params):
    """Make an order with one step whose limits are `params`, and one without limits; return its id."""
    order = plant.call("makeorder", "VP-1", "BOX", 1, 1)["id"]
    steps = [{"op": 10, "act": 1, "name": "Lid", "params": params}, {"op": 20, "act": 1, "name": "Foot"}]
    plant.call("updateorder", order, {}, steps)
    return order


@pytest.fixture
def order(plant):
    return _order(plant, {"torque_low": 1.1, "torque_high": 1.4})


def _unit(plant, order, number=1):
    return plant.call("getitem", order, f"BOX-{number}", 3)["id"]


def _rows(*torques):
    return [[2, f"M3-{n}", {"value": nm, "unit": "Nm"}] for n, nm in enumerate(torques, 1)]


def _torques(plant, unit):
    return [
        (row["op"], row["wp_id"], row["name"], row["nm"])
        for row in plant.rest("GET", f"/api/torque/{unit}").json["torques"]
    ]


def test_a_torque_out_of_limits_is_refused_and_says_what_to_do(plant, order):
    unit = _unit(plant, order)
    error = plant.error("addop", unit, 10, 1, FIRST, [32], data=_rows(INSIDE, OUTSIDE))
    assert (error["code"], error["data"]["code"]) == (1000, "torque-out-of-limits")
    assert [reason["info"] for reason in error["data"]["reasons"]] == [
        "Torque M3-2 of step 10 Lid at Station 1 is 1.5 Nm and must be 1.1 to 1.4 Nm; tighten the screw anew and send "
        "what is measured then; a screw that stays outside fails the step."
    ]
    assert _torques(plant, unit) == []


def test_torques_inside_the_limits_are_written_down_and_shown(plant, order):
    unit = _unit(plant, order)
    op_id = plant.call("addop", unit, 10, 1, FIRST, [32], data=_rows(1.1, 1.4))["op_id"]
    shown = plant.call("getitemextra", unit)["torque"]["torques"]
    assert shown == plant.rest("GET", f"/api/torque/{unit}").json["torques"]
    assert [(row["op_id"], row["name"], row["nm"]) for row in shown] == [
        (op_id, "M3-1", 1.1),
        (op_id, "M3-2", 1.4),
    ]


def test_a_batch_a_box_and_a_line_are_judged_alike(plant, order):
    plant.call("setlineorder", "ASSY-1", order)
    units = [_unit(plant, order, number) for number in (1, 2)]
    box = plant.call("makebox", "BOX")["id"]
    plant.call("addboxitem", box, units[0])
    ways = (
        lambda data: plant.answer("batch_addop", units, 10, 1, FIRST, [32], data=data),
        lambda data: plant.answer("box_addop", box, 10, 1, FIRST, [32], data=data),
        lambda data: plant.answer("lineaddop", FIRST, "BOX-3", 10, 1, data=data),
    )
    for way in ways:
        assert way(_rows(OUTSIDE))["error"]["data"]["code"] == "torque-out-of-limits"
    assert "result" in ways[0](_rows(INSIDE))
    assert [_torques(plant, unit) for unit in units] == [[(10, FIRST, "M3-1", INSIDE)]] * 2


def test_a_unit_that_a_line_makes_has_its_torques(plant, order):
    plant.call("setlineorder", "ASSY-1", order)
    unit = plant.call("lineaddop", FIRST, "BOX-3", 10, 1, data=_rows(INSIDE))["item_id"]
    assert _torques(plant, unit) == [(10, FIRST, "M3-1", INSIDE)]


def test_torques_that_are_added_later_are_judged_alike(plant, order):
    unit = _unit(plant, order)
    op_id = plant.call("addop", unit, 10, 1, FIRST, [32])["op_id"]
    error = plant.error("addopdata", op_id, _rows(OUTSIDE))
    assert error["data"]["code"] == "torque-out-of-limits"
    assert "of step 10 Lid at Station 1 is 1.5 Nm" in error["message"]
    plant.call("addopdata", op_id, [*_rows(INSIDE), [0, "note", "late"]])
    assert _torques(plant, unit) == [(10, FIRST, "M3-1", INSIDE)]


def test_a_fail_may_be_out_of_limits_also_later(plant, order):
    unit = _unit(plant, order)
    op_id = plant.call("addop", unit, 10, 1, FIRST, [32], result=1, data=_rows(OUTSIDE))["op_id"]
    plant.call("addopdata", op_id, _rows(OUTSIDE))
    assert len(_torques(plant, unit)) == 2


def test_the_limits_of_a_line_are_for_steps_without_their_own(plant, order):
    unit = _unit(plant, order)
    plant.call("addop", unit, 10, 1, STRICT, [32], data=_rows(INSIDE))
    error = plant.error("addop", unit, 20, 1, STRICT, [32], data=_rows(INSIDE))
    assert "1.2 Nm and must be 2.0 to 3.0 Nm" in error["data"]["info"]
    plant.call("addop", unit, 20, 1, STRICT, [32], data=_rows(2.5))


def test_a_line_may_require_a_torque(plant, order):
    unit = _unit(plant, order)
    assert plant.call("canaddop", unit, [[10, 1]], STRICT, [32])["ok"]
    other = [[2, "M3-1", {"value": 1.2, "unit": "mm"}], [1, "torque", 1.2]]
    error = plant.error("addop", unit, 10, 1, STRICT, [32], data=other)
    assert [(reason["code"], reason["plugin"]) for reason in error["data"]["reasons"]] == [
        ("torque-missing", "torque")
    ]
    plant.call("addop", unit, 10, 1, STRICT, [32], result=1)
    plant.call("addop", unit, 10, 1, FIRST, [32])


def test_the_next_board_of_a_line_may_need_a_torque(plant, order):
    unit = plant.call("getitem", order, "BOX-1", 1)["id"]
    plant.call("addop", unit, 10, 1, STRICT, [32], data=_rows(INSIDE))
    booking = ("lslineoptonextboard", "ASSY-2", 20, 1, STRICT, [32])
    assert (
        plant.error(*booking)["data"]["code"] == "torque-missing"
    )  # the board is chosen before anything is measured
    assert plant.error(*booking, data=_rows(INSIDE))["data"]["code"] == "torque-out-of-limits"
    assert plant.call(*booking, data=_rows(2.5))["item_id"] == unit


def test_work_without_units_needs_no_torque(plant, order):
    plant.call("addncops", order, [[10, 1], [20, 1]], 5, STRICT, [32])


def test_one_limit_is_enough(plant):
    unit = _unit(plant, _order(plant, {"torque_high": 1.4}))
    error = plant.error("addop", unit, 10, 1, FIRST, [32], data=_rows(OUTSIDE))
    assert "must be at most 1.4 Nm" in error["data"]["info"]
    plant.call("addop", unit, 10, 1, FIRST, [32], data=_rows(0))


@pytest.mark.parametrize("limits", [(1.4, 1.1), ("1.1", 1.4), (True, None)])
def test_limits_that_judge_nothing_are_refused_before_work_begins(plant, limits):
    order = _order(plant, {"torque_low": limits[0], "torque_high": limits[1]})
    asked = plant.call("canaddop", _unit(plant, order), [[10, 1]], FIRST, [32])
    assert [reason["code"] for reason in asked["reasons"]] == ["torque-limits-wrong"]


def test_a_cancelled_operation_leaves_no_torques(plant, order):
    unit = _unit(plant, order)
    op_id = plant.call("addop", unit, 10, 1, FIRST, [32], data=_rows(INSIDE))["op_id"]
    plant.call("addopdata", op_id, _rows(INSIDE))
    plant.call("cancelop", op_id, FIRST, [32], "wrong unit")
    assert _torques(plant, unit) == []
    assert "torque" not in plant.call("getitemextra", unit)


def test_the_terminal_sees_the_limits(plant, order):
    asked = plant.call("checkproc", order, [[10, 1], [20, 1]], STRICT, [32])["op_info"]
    assert {op: info["_status"] for op, info in asked.items()} == {
        "10": "1.1 to 1.4 Nm",
        "20": "2.0 to 3.0 Nm",
    }


def test_statistics_are_of_one_workplace_and_lately(plant, order):
    unit = _unit(plant, order)
    plant.call("addop", unit, 10, 1, FIRST, [32], result=1, data=_rows(9))
    plant.clock.advance(minutes=10)
    plant.call("addop", unit, 10, 1, FIRST, [32], data=_rows(1.1, 1.4))
    assert plant.call("gettorquestatistics", FIRST, 60) == {"count": 2, "mean": 1.25, "min": 1.1, "max": 1.4}
    assert plant.call("gettorquestatistics", FIRST, 600)["max"] == 9
    assert plant.call("gettorquestatistics", STRICT, 600)["count"] == 0


def test_what_does_not_exist_is_not_found(plant):
    assert plant.error("gettorquestatistics", 9, 60)["data"]["code"] == "workplace-not-found"
    refused = plant.rest("GET", "/api/torque/9")
    assert (refused.status, refused.json["code"]) == (404, "item-not-found")


def test_where_it_is_off_nothing_is_judged_and_nothing_written(plant, order):
    unit = _unit(plant, order)
    plant.call("addop", unit, 10, 1, WITHOUT, [32], data=_rows(OUTSIDE))
    assert _torques(plant, unit) == []
    assert plant.error("gettorquestatistics", WITHOUT, 60)["data"]["code"] == "plugin-off"


def test_a_token_of_another_line_reads_no_statistics(plant):
    caller = {"jsonrpc": "2.0", "id": 1, "method": "gettorquestatistics", "params": [FIRST, 60]}
    for line, member in (("ASSY-1", "result"), ("ASSY-2", "error")):
        token = plant.token("read", lines=[line])
        assert member in plant.rest("POST", "/api/", caller, token=token).json


def test_the_migrations_make_what_the_models_describe(plant):
    plant.check_tables("torque")


def test_the_examples_of_the_schema_work(plant):
    plant.check_examples("torque")


def test_it_stands_on_public_ground_only():
    assert list(private_uses(Path(tracepro_torque.__file__).parent)) == []
