"""User data: any JSON value under a name within a class; what is not public is for plugins."""

import json
from functools import partial

import pytest
from tracepro_sitedata import api

from tracepro.access.caller import Caller
from tracepro.database.core_models import Audit
from tracepro.testing.races import refusals


@pytest.fixture
def plant(make_plant, database):
    return make_plant(("sitedata",), database=database)


@pytest.mark.parametrize("value", [None, False, 0, -1.5, "", "ř", [], [1, [None]], {"a": {"b": 2**63 - 1}}])
def test_any_value_comes_back_as_it_went(plant, value):
    kept = {"name": "N", "clazz": "C", "value": value}
    assert plant.call("setuserdata", "N", "C", value) == kept
    found = plant.call("getuserdata", "N", "C")
    assert found == kept and type(found["value"]) is type(value)


def test_names_and_classes_are_compared_exactly(plant):
    plant.call("setuserdata", "N", "C", 1)
    for name, clazz in (("n", "C"), ("N ", "C"), ("N", "c"), ("C", "N"), ("", "C"), ("N", "")):
        assert plant.call("getuserdata", name, clazz) is None


def test_a_class_lists_the_names_of_its_public_data_sorted(plant):
    for name, clazz, public in (("b", "C", 1), ("ä", "C", 1), ("B", "C", 1), ("p", "C", 0), ("x", "D", 1)):
        plant.call("setuserdata", name, clazz, None, bool(public))
    assert plant.call("queryuserdata", "C") == ["B", "b", "ä"]
    assert plant.call("queryuserdata", "nothing") == []


def test_what_is_not_public_is_for_plugins_only(plant):
    assert plant.call("setuserdata", "N", "C", 1, False) == {"name": "N", "clazz": "C", "value": 1}
    assert plant.call("getuserdata", "N", "C") is None
    assert plant.call("queryuserdata", "C") == []
    assert plant.read(lambda call: api.user_data(call, "C", "N")) == 1
    assert plant.read(lambda call: api.user_data(call, "C", "M")) is None
    plant.call("setuserdata", "N", "C", 1)
    assert plant.call("queryuserdata", "C") == ["N"]


def test_what_is_overwritten_is_in_the_audit(plant):
    for value, public in (({"a": 1}, True), ({"a": 1}, True), (2, False)):
        plant.call("setuserdata", "N", "C", value, public)
    rows = plant.read(lambda call: call.db.rows(Audit.select(Audit.changes).order_by(Audit.id)))
    assert [json.loads(changes) for (changes,) in rows] == [
        [],
        [],
        [
            {"what": "user data 1", "field": "value", "before": {"a": 1}, "after": 2},
            {"what": "user data 1", "field": "public", "before": True, "after": False},
        ],
    ]


def test_a_longer_list_of_names_than_list_rows_is_refused(make_plant):
    plant = make_plant(("sitedata",), parameters={"api": {"list_rows": 1}})
    plant.call("setuserdata", "a", "C", 1)
    assert plant.call("queryuserdata", "C") == ["a"]
    plant.call("setuserdata", "b", "C", 1)
    error = plant.error("queryuserdata", "C")
    assert (error["code"], error["data"]["parameter"]) == (-32602, "clazz")


@pytest.mark.parametrize(
    "params",
    [{"name": ""}, {"name": "x" * 256}, {"clazz": "x" * 256}, {"clazz": None}, {"public": "yes"}],
)
def test_what_is_not_a_name_is_refused(make_plant, params):
    given = {"name": "N", "clazz": "C", "value": 1, **params}
    assert make_plant(("sitedata",)).error("setuserdata", **given)["code"] == -32602


def test_a_token_for_one_line_changes_nothing_of_the_plants(make_plant):
    plant = make_plant(("sitedata",))
    caller = Caller("T", 1, frozenset(("read", "write")), frozenset(("L1",)), "10.1.1.1")
    for method, params in (
        ("setuserdata", ["N", "C", 1]),
        ("setbasicdata", ["Act", 1, "desc", "x"]),
    ):
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = json.loads(plant.request(call, caller=caller))
        assert (answer["error"]["code"], answer["error"]["data"]["code"]) == (-32002, "scope-missing")


@pytest.mark.faults("a race")
def test_two_who_begin_a_name_at_once_both_keep_it(make_plant, database, at_once):
    plant = make_plant(("sitedata",), database=database, queued=True)
    answers = at_once(*(partial(plant.call, "setuserdata", "N", "C", number) for number in range(8)))
    assert refusals(answers) == []
    assert plant.call("getuserdata", "N", "C")["value"] in range(8)
    assert plant.call("queryuserdata", "C") == ["N"]
