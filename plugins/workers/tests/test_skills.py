"""ILUO skills: asked for where a line says so, at login and at work."""

from tracepro_hookspecs.records import Step
from tracepro_schemas import defs


def test_a_skill_is_needed_for_the_act_of_the_step(make_skilled_plant, reasons_against):
    plant = make_skilled_plant(iluo_check=True)
    steps = (Step(10, 1), Step(20, 2))
    assert reasons_against(plant, [31], steps=steps[:1]) == []
    assert reasons_against(plant, [31], steps=steps) == [("iluo-insufficient", 20)]
    assert reasons_against(plant, [33, 34], steps=steps[:1]) == [("iluo-insufficient", 10)] * 2
    assert (
        reasons_against(make_skilled_plant(iluo_check=True, iluo_min_level="I"), [33], steps=steps[:1]) == []
    )


def test_a_skill_holds_until_its_last_day_ends_in_site_time(make_skilled_plant, reasons_against):
    plant = make_skilled_plant(iluo_check=True)
    plant.clock.set("2026-11-20T22:59:59Z")
    assert reasons_against(plant, [32]) == []
    plant.clock.set("2026-11-20T23:00:00Z")
    assert reasons_against(plant, [32]) == [("iluo-insufficient", 10)]


def test_a_login_needs_a_skill_for_one_of_the_acts(make_skilled_plant):
    plant = make_skilled_plant(iluo_check=True)
    assert plant.call("loginwp", 31, 128)["wp_id"] == 128
    assert plant.error("loginwp", 33, 128)["data"]["code"] == "iluo-insufficient"
    assert plant.call("loginwp", 34, 140)["wp_id"] == 140


def test_a_learner_works_beside_somebody_at_the_level_who_is_logged_in(make_skilled_plant, reasons_against):
    plant = make_skilled_plant(iluo_check=True, iluo_supervised=True)
    assert reasons_against(plant, [33]) == [("iluo-insufficient", 10)]
    plant.call("loginwp", 31, 100)
    assert reasons_against(plant, [33]) == []
    assert plant.call("loginwp", 33, 100)["wp_id"] == 100
    assert reasons_against(plant, [34]) == [("iluo-insufficient", 10)]
    plant.call("loginwp", 31, 128)
    assert reasons_against(plant, [33]) == [("iluo-insufficient", 10)]


def test_supervision_is_the_same_at_login_and_at_work_and_ends_with_the_shift(
    make_skilled_plant, reasons_against
):
    plant = make_skilled_plant(iluo_check=True, iluo_supervised=True)
    plant.clock.set("2026-11-20T12:59:59Z")
    plant.call("loginwp", 31, 100)
    assert (plant.call("loginwp", 33, 100)["wp_id"], reasons_against(plant, [33])) == (100, [])
    plant.clock.set("2026-11-20T13:00:00Z")
    assert reasons_against(plant, [33]) == [("iluo-insufficient", 10)]
    assert plant.error("loginwp", 33, 100)["data"]["code"] == "iluo-insufficient"
    plant.call("loginwp", 31, 100)
    assert (plant.call("loginwp", 33, 100)["wp_id"], reasons_against(plant, [33])) == (100, [])
    plant.call("addwlaction", 31, 100, defs.WWL_LOGOUT)
    assert reasons_against(plant, [33]) == [("iluo-insufficient", 10)]
    assert plant.error("loginwp", 33, 100)["data"]["code"] == "iluo-insufficient"


def test_who_is_not_active_supervises_nobody(make_skilled_plant, reasons_against):
    plant = make_skilled_plant(iluo_check=True, iluo_supervised=True)
    plant.call("loginwp", 31, 100)
    plant.load({"workers": [{"id": 31, "name": "Trainer", "active": False}]})
    assert reasons_against(plant, [33]) == [("iluo-insufficient", 10)]


def test_a_skill_that_ends_supervises_until_its_last_day_is_over(make_skilled_plant, reasons_against):
    plant = make_skilled_plant(site={"shifts": "14:00"}, iluo_check=True, iluo_supervised=True)
    plant.clock.set("2026-11-20T22:59:59Z")
    plant.call("loginwp", 32, 100)
    assert reasons_against(plant, [33]) == []
    plant.clock.set("2026-11-20T23:00:00Z")
    assert reasons_against(plant, [33]) == [("iluo-insufficient", 10)]
