"""Basic data: the kinds of the plugins that are on, of which a description can be set."""

import json

import pytest

from tracepro.database.core_models import Audit
from tracepro_hookspecs import BasicData, hookimpl

PLANT = {
    "acts": [{"id": 1, "name": "PRINT", "desc": "Paste"}, {"id": 2, "name": "PLACE"}],
    "workplaces": [{"id": 100, "name": "printer", "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "card": "04A1B2"}],
}
PLUGINS = ("workplaces", "workers", "sitedata")


@pytest.fixture
def plant(make_plant, database):
    return make_plant(PLUGINS, PLANT, database=database)


def refusal(error):
    return error["code"], error["data"]["code"]


def test_each_kind_lists_what_its_plugin_answers(plant):
    assert plant.call("getbasicdata", "Act") == [
        {"id": 1, "name": "PRINT", "desc": "Paste"},
        {"id": 2, "name": "PLACE", "desc": ""},
    ]
    assert plant.call("getbasicdata", "Workplace") == [plant.call("getworkplace", 100)]
    assert plant.call("getbasicdata", "Worker") == [plant.call("getworkerbycard", "04A1B2")]
    assert "04A1B2" not in json.dumps(plant.call("getbasicdata", "Worker"))


@pytest.mark.parametrize("name", ["act", "Act ", "", "Box", "Line", "__class__"])
def test_a_kind_that_no_enabled_plugin_brings_is_not_found(make_plant, name):
    plant = make_plant(PLUGINS, PLANT)
    assert refusal(plant.error("getbasicdata", name)) == (1001, "basicdata-not-found")
    assert refusal(plant.error("setbasicdata", name, 1, "desc", "x")) == (1001, "basicdata-not-found")


def test_a_description_is_set_and_what_it_was_is_in_the_audit(plant):
    assert plant.call("setbasicdata", "Act", "1", "desc", "Solder paste") == {
        "id": 1,
        "name": "PRINT",
        "desc": "Solder paste",
    }
    assert plant.call("getbasicdata", "Act")[0]["desc"] == "Solder paste"
    changes = plant.read(lambda call: call.db.rows(Audit.select(Audit.changes).order_by(Audit.id)))
    assert json.loads(changes[-1][0]) == [
        {"what": "act 1", "field": "desc", "before": "Paste", "after": "Solder paste"}
    ]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (("Act", 1, "name", "x"), (1003, "basicdata-readonly")),
        (("Act", 99, "name", "x"), (1003, "basicdata-readonly")),
        (("Act", 1, "", "x"), (1003, "basicdata-readonly")),
        (("Worker", 32, "name", "x"), (1003, "basicdata-readonly")),
        (("Workplace", 100, "desc", "x"), (1003, "basicdata-readonly")),
        (("Act", 99, "desc", "x"), (1001, "act-not-found")),
        (("Act", 1, "desc", None), (-32602, "invalid-params")),
        (("Act", 1, "desc", 7), (-32602, "invalid-params")),
        (("Act", 1, "desc", "x" * 65536), (-32602, "invalid-params")),
        (("Act", "one", "desc", "x"), (-32602, "invalid-params")),
    ],
)
def test_nothing_else_can_be_set(make_plant, params, expected):
    plant = make_plant(PLUGINS, PLANT)
    assert refusal(plant.error("setbasicdata", *params)) == expected
    assert plant.call("getbasicdata", "Act")[0]["desc"] == "Paste"


def test_a_longer_list_than_list_rows_is_refused(make_plant):
    plant = make_plant(PLUGINS, PLANT, parameters={"api": {"list_rows": 1}})
    assert plant.call("getbasicdata", "Worker")
    error = plant.error("getbasicdata", "Act")
    assert (error["code"], error["data"]["rule"]) == (-32602, "list_rows")


class Ovens:
    """A plant's own plugin with a kind that works, one that crashes and one that answers what is not JSON."""

    @hookimpl
    def tracepro_register_basic_data(self):
        return [
            BasicData("Oven", lambda call: [{"id": n} for n in (1, 2)], ("celsius",), self.heat),
            BasicData("Crash", lambda call: 1 // 0, ("x",), lambda *given: 1 // 0),
            BasicData("Strange", lambda call: [object()]),
        ]

    def heat(self, call, number, key, value):
        return {"id": number, key: value}


def test_a_plants_own_plugin_brings_kinds_of_its_own(make_plant):
    plant = make_plant(("sitedata", "ovens"), extra={"ovens": Ovens()})
    assert plant.call("getbasicdata", "Oven") == [{"id": 1}, {"id": 2}]
    assert plant.call("setbasicdata", "Oven", 2, "celsius", 245.5) == {"id": 2, "celsius": 245.5}


def test_a_plugin_that_fails_is_named_and_counted(make_plant):
    plant = make_plant(("sitedata", "ovens"), extra={"ovens": Ovens()})
    for method, params in (
        ("getbasicdata", ("Crash",)),
        ("setbasicdata", ("Crash", 1, "x", 1)),
        ("getbasicdata", ("Strange",)),
    ):
        error = plant.error(method, *params)
        assert refusal(error) == (1000, "plugin-failed")
        assert error["data"]["reasons"][0]["plugin"] == "ovens"
    assert plant.site.watch.report("ovens")["BasicData[Crash]"]["failures"] == 2
