"""ESD tests and skills: asked for where a line says so, at login and at work."""

import pytest
from tracepro_workers import api
from tracepro_workers.models import Entry
from tracepro_workplaces import api as workplaces

from tracepro.findings import StartError
from tracepro_hookspecs.records import Step
from tracepro_schemas import defs

PLANT = {
    "acts": [{"id": 1, "name": "PRINT"}, {"id": 2, "name": "PLACE"}],
    "workplaces": [
        {"id": 100, "name": "printer", "esd": True, "acts": [1]},
        {"id": 128, "name": "label", "acts": [1, 2]},
        {"id": 140, "name": "store"},
    ],
    "workers": [
        {"id": 31, "name": "Trainer", "skills": [{"act": 1, "level": "O"}]},
        {"id": 32, "name": "Worker", "skills": [{"act": 1, "level": "U", "valid_to": "2026-11-20"}]},
        {"id": 33, "name": "Learner", "skills": [{"act": 1, "level": "I"}]},
        {"id": 34, "name": "Guest"},
    ],
}


@pytest.fixture
def make(make_plant):
    def make(**options):
        parameters = {"site": {"timezone": "Europe/Prague"}}
        return make_plant(
            plugins=("workplaces", "workers"),
            plant=PLANT,
            options={"workers": options},
            parameters=parameters,
        )

    return make


def _codes(plant, workers, wp_id=100, steps=(Step(10, 1),)):
    def ask(call):
        place = workplaces.workplace(call, wp_id)
        return [(reason.code, reason.op) for reason in api.reasons_against(call, workers, place, steps)[1]]

    return plant.read(ask)


def test_nothing_is_asked_unless_switched_on(make):
    plant = make()
    assert _codes(plant, [31, 32, 33, 34]) == []
    assert plant.call("loginwp", 34, 100)["checks"][0]["check"] == "active"


def test_workers_are_named_where_the_site_wants_them_and_all_known(make_plant):
    plant = make_plant(
        plugins=("workplaces", "workers"), plant=PLANT, parameters={"site": {"workers_required": "yes"}}
    )
    assert _codes(plant, []) == [("workers-missing", None)]
    assert _codes(plant, [31, 7, 8]) == [("worker-unknown", None)] * 2
    plant.load({"workers": [{"name": "Guest", "active": False}]})
    assert _codes(plant, [34, 31]) == [("worker-inactive", None)]


def test_workers_come_in_the_order_asked_with_their_skills(make):
    plant = make()
    found = plant.read(lambda call: api.workers(call, (33, 31, 7, 33)))
    assert [(who.name, [skill.level for skill in who.skills]) for who in found] == [
        ("Learner", ["I"]),
        ("Trainer", ["O"]),
    ]


def test_an_esd_test_holds_for_hours_at_esd_workplaces(make):
    plant = make(esd_check=True)
    assert plant.error("loginwp", 32, 100)["data"]["code"] == "esd-expired"
    assert plant.call("loginwp", 32, 128)["id"] == 32
    assert plant.call("setworkeresd", 32, 100, True)["esd_tm"] == "2026-11-20T10:00:00.000Z"
    assert [check["check"] for check in plant.call("loginwp", 32, 100)["checks"]] == ["active", "esd"]
    plant.clock.advance(hours=12)
    assert _codes(plant, [32]) == []
    plant.clock.advance(seconds=1)
    assert _codes(plant, [32]) == [("esd-expired", None)]


@pytest.mark.parametrize("hours", ["0", "-3", "10000"])
def test_an_esd_test_holds_for_hours_somebody_can_mean(make, hours):
    with pytest.raises(StartError, match=r"\[plugin:workers\] esd_valid_hours: must be from over 0"):
        make(esd_valid_hours=hours)


def test_a_failed_esd_test_clears_the_last_one_and_both_are_logged(make):
    plant = make(esd_check=True, esd_valid_hours=0.5)
    plant.call("setworkeresd", 32, 100, True)
    assert plant.call("setworkeresd", 32, 100, False)["esd_tm"] is None
    assert _codes(plant, [32]) == [("esd-expired", None)]
    actions = plant.read(lambda call: call.db.rows(Entry.select(Entry.action).order_by(Entry.id)))
    assert actions == [(defs.WWL_ESD_PASS,), (defs.WWL_ESD_FAIL,)]


def test_a_skill_is_needed_for_the_act_of_the_step(make):
    plant = make(iluo_check=True)
    steps = (Step(10, 1), Step(20, 2))
    assert _codes(plant, [31], steps=steps[:1]) == []
    assert _codes(plant, [31], steps=steps) == [("iluo-insufficient", 20)]
    assert _codes(plant, [33, 34], steps=steps[:1]) == [("iluo-insufficient", 10)] * 2
    assert _codes(make(iluo_check=True, iluo_min_level="I"), [33], steps=steps[:1]) == []


def test_a_skill_holds_until_its_last_day_ends_in_site_time(make):
    plant = make(iluo_check=True)
    plant.clock.set("2026-11-20T22:59:59Z")
    assert _codes(plant, [32]) == []
    plant.clock.set("2026-11-20T23:00:00Z")
    assert _codes(plant, [32]) == [("iluo-insufficient", 10)]


def test_a_login_needs_a_skill_for_one_of_the_acts(make):
    plant = make(iluo_check=True)
    assert plant.call("loginwp", 31, 128)["wp_id"] == 128
    assert plant.error("loginwp", 33, 128)["data"]["code"] == "iluo-insufficient"
    assert plant.call("loginwp", 34, 140)["wp_id"] == 140


def test_a_learner_works_beside_somebody_at_the_level_who_is_logged_in(make):
    plant = make(iluo_check=True, iluo_supervised=True)
    assert _codes(plant, [33]) == [("iluo-insufficient", 10)]
    plant.call("loginwp", 31, 100)
    assert _codes(plant, [33]) == []
    assert plant.call("loginwp", 33, 100)["wp_id"] == 100
    assert _codes(plant, [34]) == [("iluo-insufficient", 10)]
    plant.call("loginwp", 31, 128)
    assert _codes(plant, [33]) == [("iluo-insufficient", 10)]


def test_workers_cost_one_statement_however_many_there_are(make):
    plant = make(login_required=True, esd_check=True, iluo_check=True)

    def work(call):
        place = workplaces.workplace(call, 100)
        executed, run = [], call.db._execute
        call.db._execute = lambda sql, values=(): executed.append(sql) or run(sql, values)
        api.reasons_against(call, (31, 32, 33), place, (Step(10, 1),))
        return executed

    assert len(plant.read(work)) == 1
