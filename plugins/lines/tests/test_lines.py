"""Which line a workplace is on, and what that decides."""

import pytest
from peewee import Query
from tracepro_lines.models import Line, Machine

from tracepro import plant_file
from tracepro.database import statement
from tracepro.site import open_site
from tracepro.testing.plant import load_plant
from tracepro_hookspecs import CallError

PLUGINS = ("workplaces", "workers", "orders", "items", "lines")
PLANT = {
    "acts": [{"id": 1, "name": "PRINT"}],
    "workplaces": [
        {"id": 100, "name": "printer"},
        {"id": 101, "name": "placer"},
        {"id": 140, "name": "repair"},
    ],
    "lines": [
        {
            "name": "SMT-1",
            "machines": [
                {"id": 1, "name": "printer", "wp_id": 100, "op": 10, "act": 1},
                {"id": 2, "name": "placer", "wp_id": 101},
            ],
        },
        {"name": "SMT-2"},
    ],
}


@pytest.fixture
def plant(make_plant, database):
    return make_plant(plugins=PLUGINS, plant=PLANT, database=database)


def _line_of(plant, parameter, value):
    return plant.read(lambda call: call.hooks.decide("tracepro_line_of", parameter=parameter, value=value))


def test_a_workplace_a_machine_and_a_name_decide_the_line(plant):
    assert _line_of(plant, "wp_id", 100) == "SMT-1"
    assert _line_of(plant, "machine_id", 2) == "SMT-1"
    assert _line_of(plant, "line_name", "SMT-2") == "SMT-2"
    for parameter, value in (("wp_id", 140), ("machine_id", 9), ("line_name", "SMT-9"), ("order_id", 1)):
        assert _line_of(plant, parameter, value) is None


def test_a_workplace_tells_its_line(plant):
    assert plant.call("getworkplace", 101)["line"] == "SMT-1"
    assert plant.call("getworkplace", 140)["line"] is None


def test_a_machine_moved_by_another_server_is_there_at_once(plant):
    """Nothing about lines is kept in a process."""
    other = open_site(plant.site.settings, clock=plant.clock)
    try:
        load_plant(
            other, {"lines": [{"name": "SMT-1", "machines": []}, {"name": "SMT-2", "machines": [PRINTER]}]}
        )
    finally:
        other.close()
    assert _line_of(plant, "wp_id", 100) == _line_of(plant, "machine_id", 1) == "SMT-2"
    assert plant.call("getworkplace", 100)["line"] == "SMT-2"
    assert plant.error("linegetenvironment", "SMT-1", "printer")["data"]["code"] == "machine-not-found"


def test_all_lines_are_named(plant):
    assert plant.read(lambda call: call.hooks.decide("tracepro_line_names")) == ["SMT-1", "SMT-2"]


def test_a_machine_can_move_to_another_line(plant):
    machine = {"id": 2, "name": "placer", "wp_id": 101}
    plant.load({"lines": [{"name": "SMT-1", "machines": [PLANT["lines"][0]["machines"][0]]}]})
    plant.load({"lines": [{"name": "SMT-2", "machines": [machine]}]})
    assert plant.call("getworkplace", 101)["line"] == "SMT-2"
    plant.load({"lines": [{"name": "SMT-1", "machines": PLANT["lines"][0]["machines"]}, {"name": "SMT-2"}]})
    assert plant.call("getworkplace", 101)["line"] == "SMT-1"


PRINTER, PLACER = PLANT["lines"][0]["machines"]


@statement
def count_seven() -> Query:
    """What every machine has counted, made seven."""
    return Machine.update(counter0=7)


def _machines(plant):
    """Return the line and the count of each machine by id."""
    rows = plant.read(
        lambda call: call.db.rows(Machine.select(Machine.id, Line.name, Machine.counter0).join(Line))
    )
    return {number: (line, count) for number, line, count in rows}


@pytest.mark.parametrize("order", [1, -1])
def test_a_machine_that_moves_keeps_what_it_has_counted(plant, order):
    plant.write(lambda call: call.db.run(count_seven))
    lines = [{"name": "SMT-1", "machines": [PLACER]}, {"name": "SMT-2", "machines": [PRINTER]}][::order]
    plant.load({"lines": lines})
    assert _machines(plant) == {1: ("SMT-2", 7), 2: ("SMT-1", 7)}
    plant.load(
        {
            "lines": [
                {"name": "SMT-1", "machines": [PLACER | {"op": 20}, PRINTER]},
                {"name": "SMT-2", "machines": []},
            ]
        }
    )
    assert _machines(plant) == {1: ("SMT-1", 7), 2: ("SMT-1", 7)}


def test_a_machine_without_an_id_moves_by_its_name_and_workplace(plant):
    plant.write(lambda call: call.db.run(count_seven))
    printer = {"name": "printer", "wp_id": 100}
    plant.load({"lines": [{"name": "SMT-2", "machines": [printer]}, {"name": "SMT-1", "machines": [PLACER]}]})
    assert _machines(plant) == {1: ("SMT-2", 7), 2: ("SMT-1", 7)}
    other = {"name": "printer", "wp_id": 140}
    plant.load({"lines": [{"name": "SMT-1", "machines": [other, PLACER]}, {"name": "SMT-2", "machines": []}]})
    assert _machines(plant) == {2: ("SMT-1", 7), 3: ("SMT-1", 0)}


def test_machines_and_lines_exchange_their_names(plant):
    names = [PRINTER | {"name": "placer"}, PLACER | {"name": "printer"}]
    plant.load({"lines": [{"id": 1, "name": "SMT-2", "machines": names}, {"id": 2, "name": "SMT-1"}]})
    assert _machines(plant) == {1: ("SMT-2", 0), 2: ("SMT-2", 0)}
    assert plant.call("getworkplace", 100)["line"] == "SMT-2"


def test_a_machine_that_no_line_lists_is_noted_with_all_it_was(plant):
    def changes(call):
        plant_file.load(
            call, plant_file.checked(plant.site, {"lines": [{"name": "SMT-1", "machines": [PLACER]}]})
        )
        return [tuple(change.values()) for change in call.changes]

    noted = [("line", 1), ("name", "printer"), ("wp_id", 100), ("op", 10), ("act", 1), ("counter0", 0)]
    assert plant.write(changes) == [("machine 1", field, value, None) for field, value in noted]


def test_the_name_of_a_machine_that_goes_is_free(plant):
    plant.load(
        {"lines": [{"name": "SMT-1", "machines": [PLACER, {"id": 9, "name": "printer", "wp_id": 140}]}]}
    )
    assert _machines(plant) == {2: ("SMT-1", 0), 9: ("SMT-1", 0)}


def test_importing_twice_is_once(plant):
    plant.load(PLANT)
    assert _line_of(plant, "wp_id", 101) == "SMT-1"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"name": "SMT-2", "machines": [{"name": "printer", "wp_id": 100}]}, "SMT-1 and SMT-2"),
        ({"name": "SMT-2", "machines": [{"name": "oven", "wp_id": 999}]}, "no workplace 999"),
        ({"name": "SMT-2", "machines": [{"name": "oven", "wp_id": 140, "act": 9}]}, "no act 9"),
    ],
)
def test_a_wrong_line_is_refused_with_a_sentence(plant, line, sentence):
    with pytest.raises(Exception, match=sentence):
        plant.load({"lines": [line]})
    assert plant.call("getworkplace", 140)["line"] is None


def test_a_plugin_off_on_a_line_is_off_there_and_on_elsewhere(make_plant, database):
    lines = {"SMT-1": ("lines",)}
    with pytest.raises(Exception, match="requires items"):
        make_plant(plugins=PLUGINS, plant=PLANT, lines=lines, database=database)
    plant = make_plant(
        plugins=(*PLUGINS, "material"), plant=PLANT, lines={"SMT-1": PLUGINS}, database=database
    )
    error = plant.error("getwpmat", 100)
    assert (error["code"], error["data"]["plugin"], error["data"]["line"]) == (1004, "material", "SMT-1")
    assert plant.call("getwpmat", 140) == []


def test_names_of_lines_and_machines_are_codes(plant):
    machine = {"name": "oven ", "wp_id": 140}
    plant.load({"lines": [{"name": "SMT-2\r\n", "machines": [machine]}]})
    assert _line_of(plant, "wp_id", 140) == "SMT-2"
    with pytest.raises(CallError, match=r"Row 1 of lines .*: lines.machines\[0\].name must be a code"):
        plant.load({"lines": [{"name": "SMT-2", "machines": [{"name": "a\tb", "wp_id": 140}]}]})
