"""What terminals may know of parameters.ini, and the constants of the API."""

import json
from pathlib import Path

from tracepro_hookspecs import Parameter, hookimpl
from tracepro_schemas import defs


def test_public_parameters_are_answered_by_section_and_typed(make_plant):
    written = {"site": {"timezone": "Europe/Prague", "check_workplaces": "yes", "shifts": "05:00, 13:00"}}
    plant = make_plant(("workplaces", "workers", "sitedata"), parameters=written)
    assert plant.call("getsiteparams") == {
        "site": {
            "timezone": "Europe/Prague",
            "check_workplaces": True,
            "workers_required": False,
            "shifts": ["05:00", "13:00"],
        }
    }


class Ovens:
    """Declares parameters of every kind, of which one is secret."""

    @hookimpl
    def tracepro_register_parameters(self):
        return [
            Parameter("ovens", "password", "hunter2", "Secret.", public=False),
            Parameter("ovens", "key", "", "Secret."),
            Parameter("ovens", "celsius", 245, "An int.", int, public=True, parse=str),
            Parameter("ovens", "tolerance", 0.5, "A float.", float, public=True),
            Parameter("ovens", "unit", "C", "A word.", ("C", "F"), public=True),
            Parameter("ovens", "manual", "oven.pdf", "A path.", Path, public=True),
            Parameter("ovens", "nothing", None, "No default.", public=True),
            Parameter("zones", "*", {}, "An open section.", int, public=True),
            Parameter("secrets", "*", {}, "An open section."),
        ]


def test_a_plants_own_parameters_are_shown_where_they_are_declared_public(make_plant):
    written = {"ovens": {"key": "s3cret"}, "zones": {"Zone A": "3"}, "secrets": {"a": "s3cret"}}
    plant = make_plant(("sitedata", "ovens"), parameters=written, extra={"ovens": Ovens()})
    shown = plant.call("getsiteparams")
    assert {name: value for name, value in shown["ovens"].items() if name != "manual"} == {
        "celsius": 245,
        "tolerance": 0.5,
        "unit": "C",
        "nothing": None,
    }
    assert shown["ovens"]["manual"].endswith("/oven.pdf")
    assert shown["zones"] == {"Zone A": 3}
    assert "s3cret" not in json.dumps(shown) and "hunter2" not in json.dumps(shown)


def test_of_the_core_only_the_time_zone_is_public(make_plant):
    assert make_plant(("sitedata",)).call("getsiteparams") == {"site": {"timezone": "UTC"}}


def test_every_constant_of_the_api_is_answered_by_name(make_plant):
    found = make_plant(("sitedata",)).call("getdefs")
    assert found == {name: getattr(defs, name) for name in dir(defs) if name.isupper()}
    assert (found["ITEM_TP_PCB"], found["WWL_NOTE"], found["BOX_ST_SHIPPED"]) == (1, 99, 2)
