"""The oven's rule, its methods and its routes, on both databases."""

from pathlib import Path

import pytest
import tracepro_ovens
from tracepro_items.api import item
from tracepro_ovens import pages
from tracepro_workplaces.api import workplace

from tracepro.testing.public import private_uses

PLANT = {
    "acts": [{"id": 1, "name": "Reflow", "desc": "Reflow soldering"}],
    "workplaces": [
        {"id": 4, "name": "SMT-1 oven", "erp_ref": "WP4", "esd": False, "acts": [1]},
        {"id": 103, "name": "SMT-2 oven", "erp_ref": "WP103", "esd": False, "acts": [1]},
        {"id": 5, "name": "Hot plate", "erp_ref": "WP5", "esd": False, "acts": [1]},
    ],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
    "lines": [
        {"name": "SMT-1", "machines": [{"id": 1, "name": "oven", "wp_id": 4, "op": 10, "act": 1}]},
        {"name": "SMT-2", "machines": [{"id": 2, "name": "oven", "wp_id": 103, "op": 10, "act": 1}]},
        {"name": "MANUAL", "machines": [{"id": 3, "name": "plate", "wp_id": 5, "op": 10, "act": 1}]},
    ],
}
WITHOUT_OVENS = ("auth", "workplaces", "workers", "orders", "items", "lines", "pages")


@pytest.fixture
def plant(make_plant, database):
    return make_plant(
        plugins=(*WITHOUT_OVENS, "ovens"),
        lines={"MANUAL": WITHOUT_OVENS},
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
    assert plant.error("setoventemperature", 6, 245)["data"]["code"] == "workplace-not-found"
    assert plant.error("setoventemperature", 4, 5000)["code"] == -32602


def test_the_examples_of_the_schema_work(plant):
    plant.check_examples("ovens")


def test_the_migrations_make_what_the_models_describe(plant):
    plant.check_tables("ovens")


def test_a_reading_is_added_and_shown_over_rest(plant):
    added = plant.rest("POST", "/api/ovens/readings", {"wp_id": 4, "celsius": 245})
    assert (added.status, added.json["celsius"]) == (201, 245)
    shown = plant.rest("GET", "/api/ovens/4")
    assert (shown.status, shown.json) == (200, added.json)
    assert plant.call("getoventemperature", 4) == added.json


def test_a_workplace_without_a_reading_is_not_found_over_rest(plant):
    refused = plant.rest("GET", "/api/ovens/4")
    assert (refused.status, refused.headers["content-type"]) == (404, "application/problem+json")
    assert refused.json["code"] == "oven-not-found"
    assert plant.rest("POST", "/api/ovens/readings", {"wp_id": 4, "celsius": 5000}).status == 400


def test_a_token_of_another_line_reads_and_writes_nothing_over_rest(plant):
    plant.call("setoventemperature", 4, 245)
    for line, reading, writing in (("SMT-1", 200, 201), ("SMT-2", 403, 403)):
        token = plant.token("read", "write", lines=[line])
        new = {"wp_id": 4, "celsius": 245}
        assert plant.rest("GET", "/api/ovens/4", token=token).status == reading
        assert plant.rest("POST", "/api/ovens/readings", new, token=token).status == writing


def test_where_the_plugin_is_off_its_routes_answer_nothing(plant):
    refused = plant.rest("POST", "/api/ovens/readings", {"wp_id": 5, "celsius": 245})
    assert refused.json["code"] == "plugin-off"
    assert plant.rest("GET", "/api/ovens/5").json["code"] == "plugin-off"


def test_it_stands_on_public_ground_only():
    assert list(private_uses(Path(tracepro_ovens.__file__).parent)) == []


def test_old_readings_may_be_archived_and_the_last_one_stays(plant, tmp_path):
    for celsius in (240, 245):
        plant.call("setoventemperature", 4, celsius)
    before = plant.call("getoventemperature", 4)
    plant.clock.advance(hours=48)
    assert plant.archive(tmp_path, days=1) == {"ovens_reading": 1}
    assert plant.call("getoventemperature", 4) == before


def test_the_page_shows_each_oven_with_the_window_of_its_line(plant):
    plant.call("setoventemperature", 4, 255)
    plant.call("setoventemperature", 103, 255)
    page = plant.page("/ui/ovens")
    assert page.all("a", href="/ui/ovens", aria_current="page")
    assert "SMT-1 oven SMT-1 ✘ Not ready Temperature 255 °C Window 230 to 250 °C" in page.words
    assert "SMT-2 oven SMT-2 ✔ Ready Temperature 255 °C Window 230 to 260 °C" in page.words
    assert page.all("form", id="reading")


def test_a_caller_sees_on_the_page_what_it_may_and_no_form_that_it_may_not_send(plant):
    plant.call("setoventemperature", 4, 245)
    plant.call("setoventemperature", 103, 245)
    page = plant.page("/ui/ovens", token=plant.token("read", lines=["SMT-2"]))
    assert "SMT-2 oven" in page.words and "SMT-1" not in page.words
    assert not page.all("form", id="reading")


def test_what_somebody_named_an_oven_is_shown_as_text(plant):
    name = '"><script>alert(1)</script>'
    plant.load({**PLANT, "workplaces": [{**PLANT["workplaces"][0], "name": name}]})
    plant.call("setoventemperature", 4, 245)
    page = plant.page("/ui/ovens")
    assert f"{name} SMT-1" in page.words
    assert all(script.attributes["src"].startswith("/ui/files/") for script in page.all("script"))


def test_the_page_goes_on_where_it_ends(plant, monkeypatch):
    monkeypatch.setattr(pages, "SHOWN", 1)
    for wp_id in (4, 103):
        plant.call("setoventemperature", wp_id, 245)
    assert plant.page("/ui/ovens").all("a", href="/ui/ovens?after=4")
    second = plant.page("/ui/ovens?after=4")
    assert "SMT-2 oven" in second.words and "SMT-1" not in second.words and "More" not in second.words


def _panels(plant, page, subject):
    return plant.read(lambda call: pages.panels(call, page, subject(call)))


def test_a_station_that_is_an_oven_has_a_panel(plant):
    plant.call("setoventemperature", 4, 255)
    panel = _panels(plant, "station", lambda call: workplace(call, 4))["oven"]
    assert (panel["celsius"], panel["high"], len(panel["against"])) == (255, 250, 1)
    assert _panels(plant, "station", lambda call: workplace(call, 103)) == {}


def test_a_unit_has_a_panel_of_what_its_oven_had_at_the_time(plant):
    unit = _unit(plant)
    assert _panels(plant, "unit", lambda call: item(call, unit["id"])) == {}
    plant.call("setoventemperature", 4, 245)
    plant.call("addop", unit["id"], 10, 1, 4, [32])
    plant.clock.advance(minutes=5)
    plant.call("setoventemperature", 4, 248)
    (passed,) = _panels(plant, "unit", lambda call: item(call, unit["id"]))["ovens"]["passed"]
    assert (passed["step"], passed["celsius"]) == ("10 Reflow", 245)
