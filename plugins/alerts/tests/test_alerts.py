"""Alerts are made, listed while they are open, and processed once with the form of their kind."""

import json

import pytest

from tracepro.access.caller import Caller
from tracepro_hookspecs import hookimpl

PLANT = {
    "acts": [{"id": 1, "name": "PLACE"}],
    "workplaces": [{"id": n, "name": f"Place {n}", "acts": [1]} for n in (100, 101, 200, 300)],
    "lines": [
        {"name": "L1", "machines": [{"name": "M1", "wp_id": 100}, {"name": "M2", "wp_id": 101}]},
        {"name": "L2", "machines": [{"name": "M3", "wp_id": 200}]},
    ],
}
OVEN = {"module": "ovens", "src": "zone 3", "target": "maintenance", "wp_id": 100, "severity": 2}
MEMBERS = [
    "id",
    "module",
    "src",
    "target",
    "wp_id",
    "severity",
    "params",
    "info",
    "created",
    "processed",
    "processed_by",
    "values",
]
FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "cause": {"type": "string", "title": "Cause", "enum": ["fan", "heater"]},
        "minutes": {"type": "integer", "title": "Minutes lost", "minimum": 0, "maximum": 480},
        "celsius": {"type": "number"},
        "changed": {"type": "boolean", "title": "Part changed", "description": "Whether a part was changed."},
        "ticket": {"type": "string", "pattern": "^T-[0-9]+$", "maxLength": 10},
    },
    "required": ["cause", "minutes", "changed"],
}


class Ovens:
    """A plugin that gives the alerts of its module a form, and hears of alerts."""

    def __init__(self):
        self.form, self.heard = FORM, []

    @hookimpl
    def tracepro_alert_form(self, alert):
        return self.form if alert["module"] == "ovens" else None

    @hookimpl
    def tracepro_alert_raised(self, alert):
        self.heard.append(alert)


@pytest.fixture
def plant(make_plant, database):
    ovens = Ovens()
    plant = make_plant(
        ("workplaces", "alerts", "ovens"), workplaces_only(), database=database, extra={"ovens": ovens}
    )
    plant.ovens = ovens
    return plant


def workplaces_only():
    return {name: rows for name, rows in PLANT.items() if name != "lines"}


def code(error):
    return error["code"], error["data"]["code"]


def ids(alerts):
    return [alert["id"] for alert in alerts]


def test_an_alert_has_these_members_and_its_times(plant):
    made = plant.call("mkalert", **OVEN, params={"celsius": 271, "zones": [3]}, info="Too hot.")
    assert list(made) == MEMBERS
    assert made == {
        **OVEN,
        "id": 1,
        "params": {"celsius": 271, "zones": [3]},
        "info": "Too hot.",
        "created": "2026-11-20T10:00:00.000Z",
        "processed": None,
        "processed_by": None,
        "values": None,
    }
    assert plant.call("getalerts") == [made]
    assert plant.call("mkalert", "m", "s", "t", "101", 0.0)["wp_id"] == 101


def test_making_one_always_makes_a_new_one_and_tells_of_it(plant):
    made = [plant.call("mkalert", **OVEN) for _ in range(2)]
    assert ids(made) == [1, 2]
    assert plant.site.notifier.flush() and plant.ovens.heard == made


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"wp_id": 999}, 1001),
        ({"severity": 4}, -32602),
        ({"severity": -1}, -32602),
        ({"severity": "1"}, -32602),
        ({"module": None}, -32602),
        ({"module": "x" * 256}, -32602),
        ({"info": "x" * 65_536}, -32602),
        ({"params": []}, -32602),
        ({"params": {str(n): n for n in range(1001)}}, -32602),
    ],
)
def test_what_is_no_alert_is_refused(plant, change, refusal):
    assert plant.error("mkalert", **{**OVEN, **change})["code"] == refusal
    assert plant.call("getalerts") == []


def test_the_list_is_narrowed_by_each_of_its_members(plant):
    subjects = [("a", "s1", "t1", 100), ("a", "s2", "t2", None), ("b", "s1", "t2", 101)]
    for subject in subjects:
        plant.call("mkalert", *subject, 1)
    for search, found in [
        ({}, [1, 2, 3]),
        ({"module": None, "src": "", "target": None, "wp_id": ""}, [1, 2, 3]),
        ({"module": "a"}, [1, 2]),
        ({"src": "s1"}, [1, 3]),
        ({"target": "t2"}, [2, 3]),
        ({"wp_id": 100}, [1]),
        ({"wp_id": "101"}, [3]),
        ({"module": "a", "target": "t2"}, [2]),
        ({"module": "A"}, []),
        ({"wp_id": 999}, []),
    ]:
        assert ids(plant.call("getalerts", **search)) == found, search


def test_a_list_too_long_says_what_to_narrow(make_plant):
    plant = make_plant(("workplaces", "alerts"), workplaces_only(), parameters={"api": {"list_rows": 2}})
    for n in range(3):
        plant.call("mkalert", f"m{n // 2}", "s", "t", None, 1)
    assert len(plant.call("getalerts", "m0")) == 2
    assert plant.error("getalerts")["data"]["parameter"] == "module"


def test_the_form_of_an_alert_is_shown_as_fields(plant):
    plant.call("mkalert", **OVEN)
    names = ("name", "title", "type", "required", "choices")
    assert plant.call("getalertfields", 1) == [
        dict(zip(names, field, strict=True))
        for field in [
            ("cause", "Cause", "choice", True, ["fan", "heater"]),
            ("minutes", "Minutes lost", "integer", True, None),
            ("celsius", "celsius", "number", False, None),
            ("changed", "Part changed", "boolean", True, None),
            ("ticket", "ticket", "string", False, None),
        ]
    ]


def test_an_alert_without_a_form_has_a_note(plant):
    plant.call("mkalert", "m", "s", "t", None, 1)
    note = {"name": "note", "title": "Note", "type": "string", "required": True, "choices": None}
    assert plant.call("getalertfields", 1) == [note]
    for filled in ({}, {"note": None}, {"note": ""}, {"note": " \n"}):
        assert plant.error("processalert", 1, filled)["data"]["fields"] == {"note": "Note must be filled in."}
    done = plant.call("processalert", 1, {"note": "Done."})
    assert (done["values"], done["processed_by"]) == ({"note": "Done."}, "tester")


def test_a_processed_alert_keeps_who_when_and_what_and_is_open_no_more(plant):
    plant.call("mkalert", **OVEN)
    plant.clock.advance(seconds=60)
    filled = {"minutes": 20.0, "changed": True, "cause": "fan", "ticket": None}
    done = plant.call("processalert", 1, filled)
    assert (done["processed"], done["processed_by"]) == ("2026-11-20T10:01:00.000Z", "tester")
    assert json.dumps(done["values"]) == '{"cause": "fan", "minutes": 20, "changed": true}'
    assert plant.call("getalerts") == []
    assert code(plant.error("processalert", 1, filled)) == (1002, "alert-already-processed")
    assert code(plant.error("processalert", 1, {})) == (1002, "alert-already-processed")
    assert len(plant.call("getalertfields", 1)) == 5


def test_every_field_that_is_wrong_is_told_with_a_sentence(plant):
    plant.call("mkalert", **OVEN)
    filled = {"cause": "gremlin", "minutes": 481, "celsius": "hot", "ticket": "T-x", "colour": "red"}
    error = plant.error("processalert", 1, filled)
    assert (error["code"], error["data"]["parameter"], error["data"]["rule"]) == (-32602, "appstruct", "form")
    assert error["data"]["fields"] == {
        "colour": "There is no field colour; the fields are cause, minutes, celsius, changed, ticket.",
        "cause": "Cause must be one of fan, heater, not a text of 7 characters.",
        "minutes": "Minutes lost must be at most 480, not this number.",
        "celsius": "celsius must be a number, not a text of 3 characters.",
        "changed": "Part changed must be filled in.",
        "ticket": "ticket must be a text that matches ^T-[0-9]+$, not a text of 3 characters.",
    }
    for wrong in (True, 1.5, "1", [], {}, 2**53):
        assert "minutes" in plant.error("processalert", 1, {"minutes": wrong})["data"]["fields"], wrong
    assert plant.call("getalerts")[0]["values"] is None


@pytest.mark.parametrize("filled", [None, [], "note", 5, {str(n): n for n in range(1001)}])
def test_a_form_is_an_object(plant, filled):
    plant.call("mkalert", **OVEN)
    assert plant.error("processalert", 1, filled)["code"] == -32602


def test_an_unknown_alert_is_not_found(plant):
    for error in (plant.error("getalertfields", 7), plant.error("processalert", 7, {"note": "x"})):
        assert code(error) == (1001, "alert-not-found")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"type": "array"},
        {"type": "object", "properties": {"a": {"type": "object"}}},
        {"type": "object", "properties": {"a": {"type": "strnig"}}},
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "(?=x)"}}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]},
        [],
        "note",
        {"type": "object", "properties": {"a": {"type": "string", "default": object()}}},
    ],
)
def test_a_form_that_can_t_be_used_is_the_plugins_failure(plant, form):
    plant.call("mkalert", **OVEN)
    plant.ovens.form = form
    for error in (plant.error("getalertfields", 1), plant.error("processalert", 1, {"a": "x"})):
        assert code(error) == (1000, "plugin-failed")
    assert ids(plant.call("getalerts")) == [1]


def raise_hook(call, key, **more):
    """Raise an alert as a plugin does and return its id."""
    usual = {"module": "material", "src": "material-short", "target": "logistics", "wp_id": 100}
    rest = {"severity": 1, "params": {"hole_no": 1}, "info": "Hole 1 lacks 5."}
    (alert_id,) = call.hooks.apply("tracepro_apply_alert", **{**usual, **rest, "key": key, **more})
    return alert_id


def test_one_alert_of_a_condition_is_open_and_a_new_one_follows_its_processing(plant):
    def raised(*args, **more):
        """Return the id, and how many were told of it."""
        return plant.write(lambda call: (raise_hook(call, *args, **more), len(call.notifications)))

    assert [raised("1 R-10K"), raised("1 R-10K"), raised("2 R-10K")] == [(1, 1), (1, 0), (2, 1)]
    assert [raised("1 R-10K", wp_id=101), raised("1 R-10K", target="buffer")] == [(3, 1), (4, 1)]
    assert [raised("1 R-10K", wp_id=None), raised("1 R-10K", wp_id=None, info="again")] == [(5, 1), (5, 0)]
    plant.call("processalert", 1, {"note": "Loaded."})
    assert [raised("1 R-10K"), raised("1 R-10K")] == [(6, 1), (6, 0)]
    assert [raised(None), raised(None)] == [(7, 1), (8, 1)]


def test_what_is_rolled_back_raises_nothing(plant):
    def refused(call):
        raise_hook(call, "k")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        plant.write(refused)
    assert plant.call("getalerts") == []


def test_a_token_for_a_line_reaches_the_alerts_of_its_line(make_plant, database):
    lines = {"L1": ("workplaces", "workers", "orders", "items", "lines", "alerts")}
    plant = make_plant(lines["L1"], PLANT, database=database)
    own, foreign, of_no_line, nowhere = (
        plant.call("mkalert", "m", "s", "t", wp, 1)["id"] for wp in (100, 200, 300, None)
    )
    plant.caller = Caller("T", 1, frozenset(("read", "write")), frozenset(("L1",)), "10.0.0.1")
    assert ids(plant.call("getalerts")) == [own, of_no_line, nowhere]
    assert ids(plant.call("getalerts", wp_id=300)) == [of_no_line]
    filled = {"note": "x"}
    refused = [
        plant.error("getalerts", wp_id="200"),
        plant.error("mkalert", "m", "s", "t", 200, 1),
        plant.error("mkalert", "m", "s", "t", 300, 1),
        plant.error("getalertfields", foreign),
        *(plant.error("processalert", alert, filled) for alert in (foreign, of_no_line, nowhere)),
    ]
    assert [error["code"] for error in refused] == [-32002] * 7
    assert len(plant.call("getalertfields", nowhere)) == 1
    assert plant.call("mkalert", "m", "s", "t", None, 1)["wp_id"] is None
    assert plant.call("processalert", own, filled)["processed_by"] == "T"


def test_an_alert_is_processed_where_its_plugin_is_on(make_plant):
    site = ("workplaces", "workers", "orders", "items", "lines", "alerts")
    plant = make_plant(site, PLANT, lines={"L2": site[:-1]})
    assert code(plant.error("mkalert", "m", "s", "t", 200, 1)) == (1004, "plugin-off")
    assert plant.call("mkalert", "m", "s", "t", 100, 1)["id"] == 1
