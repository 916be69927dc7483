"""The rule with its option for each line, the table, the methods with their examples and the route, on both databases."""

from pathlib import Path

import pytest
import tracepro_NAME
from tracepro_NAME.models import Reading

from tracepro.testing.public import private_uses

REQUIRED = ("workplaces", "workers", "orders", "items", "lines")
FIRST, STRICT, WITHOUT = 1, 2, 3
"""A workplace on a line with the usual limit, on one with a limit of its own, on one where the plugin is off."""
LINES = {FIRST: "SMT-1", STRICT: "SMT-2", WITHOUT: "SMT-3"}
PLANT = {
    "acts": [{"id": 1, "name": "ASSEMBLE"}],
    "workplaces": [{"id": wp_id, "name": f"Station {wp_id}", "acts": [1]} for wp_id in LINES],
    "workers": [{"id": 32, "name": "J. Novak"}],
    "lines": [
        {"name": line, "machines": [{"name": "station", "wp_id": wp_id}]} for wp_id, line in LINES.items()
    ],
}


@pytest.fixture
def plant(make_plant, database):
    return make_plant(
        plugins=(*REQUIRED, "NAME"),
        lines={"SMT-3": REQUIRED},
        options={"NAME@SMT-2": {"max_value": "80"}},
        plant=PLANT,
        database=database,
    )


def _unit(plant):
    order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
    plant.call("updateorder", order, {}, [{"op": 10, "act": 1, "name": "Assemble"}])
    return plant.call("getitem", order, "PCB-A-1", 1)["id"]


def test_a_workplace_above_the_limit_of_its_line_refuses(plant):
    unit = _unit(plant)
    for wp_id in (FIRST, STRICT):
        plant.call("addNAMEreading", wp_id, 90)
    assert plant.call("canaddop", unit, [[10, 1]], FIRST, [32])["ok"]
    asked = plant.call("canaddop", unit, [[10, 1]], STRICT, [32])
    assert [reason["code"] for reason in asked["reasons"]] == ["NAME-too-high"]
    error = plant.error("addop", unit, 10, 1, STRICT, [32])
    assert (error["code"], error["data"]["code"]) == (1000, "NAME-too-high")


def test_the_last_reading_counts(plant):
    unit = _unit(plant)
    for value in (101, 100):
        plant.call("addNAMEreading", FIRST, value)
    assert plant.call("addop", unit, 10, 1, FIRST, [32])["op_id"] > 0


def test_a_workplace_without_a_reading_refuses_nothing(plant):
    unit = _unit(plant)
    assert plant.call("getNAMEreading", FIRST) is None
    assert plant.call("canaddop", unit, [[10, 1]], FIRST, [32])["ok"]


def test_a_reading_of_an_unknown_workplace_is_not_taken(plant):
    assert plant.error("addNAMEreading", 9, 70)["data"]["code"] == "workplace-not-found"
    assert plant.error("addNAMEreading", FIRST, -1)["code"] == -32602


def test_every_reading_is_kept(plant):
    for value in (60, 70):
        plant.call("addNAMEreading", FIRST, value)
    readings = Reading.select(Reading.wp_id, Reading.value).order_by(Reading.id)
    rows = plant.read(lambda call: call.db.rows(readings))
    assert rows == [(FIRST, 60), (FIRST, 70)]


def test_the_migrations_make_what_the_models_describe(plant):
    plant.check_tables("NAME")


def test_the_examples_of_the_schema_work(plant):
    plant.check_examples("NAME")


def test_the_last_reading_is_shown_over_rest(plant):
    added = plant.call("addNAMEreading", FIRST, 70)
    shown = plant.rest("GET", f"/api/NAME/readings/{FIRST}")
    assert (shown.status, shown.json) == (200, added)


def test_a_workplace_without_a_reading_is_not_found_over_rest(plant):
    refused = plant.rest("GET", f"/api/NAME/readings/{FIRST}")
    assert (refused.status, refused.json["code"]) == (404, "NAME-no-reading")


def test_a_token_of_another_line_reads_nothing_over_rest(plant):
    plant.call("addNAMEreading", FIRST, 70)
    for line, status in (("SMT-1", 200), ("SMT-2", 403)):
        token = plant.token("read", lines=[line])
        answer = plant.rest("GET", f"/api/NAME/readings/{FIRST}", token=token)
        assert answer.status == status, line


def test_where_the_plugin_is_off_it_answers_nothing(plant):
    assert plant.error("addNAMEreading", WITHOUT, 70)["data"]["code"] == "plugin-off"
    assert plant.rest("GET", f"/api/NAME/readings/{WITHOUT}").json["code"] == "plugin-off"


def test_it_stands_on_public_ground_only():
    assert list(private_uses(Path(tracepro_NAME.__file__).parent)) == []
