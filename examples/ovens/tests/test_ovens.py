"""The oven's rule, its methods and its routes, on both databases."""

import pytest

PLANT = {
    "acts": [{"id": 1, "name": "Reflow", "desc": "Reflow soldering"}],
    "workplaces": [{"id": 4, "name": "SMT-1 oven", "erp_ref": "WP4", "esd": False, "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
    "lines": [{"name": "SMT-1", "machines": [{"id": 1, "name": "oven", "wp_id": 4, "op": 10, "act": 1}]}],
}


@pytest.fixture
def plant(make_plant, database):
    return make_plant(
        plugins=("workplaces", "workers", "orders", "items", "lines", "ovens"),
        plant=PLANT,
        options={"ovens@SMT-1": {"max_celsius": "250"}},
        database=database,
    )


def _unit(plant):
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)
    steps = [{"op": 10, "act": 1, "name": "Reflow"}]
    plant.call("updateorder", order["id"], {}, steps)
    return plant.call("getitem", order["id"], "PCB-A-1", 1)


def test_a_workplace_without_a_reading_is_not_an_oven(plant):
    unit = _unit(plant)
    assert plant.call("getoventemperature", 4) is None
    assert plant.call("canaddop", unit["id"], [[10, 1]], 4, [32])["ok"]


def test_an_oven_out_of_the_window_of_its_line_refuses(plant):
    unit = _unit(plant)
    plant.call("setoventemperature", 4, 255)
    asked = plant.call("canaddop", unit["id"], [[10, 1]], 4, [32])
    assert [reason["code"] for reason in asked["reasons"]] == ["oven-temperature"]
    error = plant.error("addop", unit["id"], 10, 1, 4, [32])
    assert (error["code"], error["data"]["code"]) == (1000, "oven-temperature")
    plant.call("setoventemperature", 4, 245)
    assert plant.call("addop", unit["id"], 10, 1, 4, [32])["op_id"] > 0


def test_the_terminal_sees_the_temperature(plant):
    unit = _unit(plant)
    plant.call("setoventemperature", 4, 245)
    info = plant.call("checkproc", unit["order_id"], [[10, 1]], 4, [32])["op_info"]
    assert info == {"10": {"_tp": "oven", "_name": "SMT-1 oven", "_status": "245 °C"}}


def test_a_reading_of_an_unknown_workplace_is_not_taken(plant):
    assert plant.error("setoventemperature", 5, 245)["data"]["code"] == "workplace-not-found"
    assert plant.error("setoventemperature", 4, 5000)["code"] == -32602
