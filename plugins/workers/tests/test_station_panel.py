"""What the page of a station shows of workers."""

from tracepro_workers import station_panel
from tracepro_workplaces import api as workplaces_api


def panel(plant, wp_id):
    return plant.read(lambda call: station_panel.panels(call, workplaces_api.workplace(call, wp_id)))[
        "workers"
    ]


def test_who_is_logged_in_stands_there_with_test_and_skills(make_skilled_plant):
    plant = make_skilled_plant(esd_check=True)
    plant.call("setworkeresd", 31, 100, True)
    plant.call("loginwp", 31, 100)
    shown = panel(plant, 100)
    assert (shown["esd_required"], shown["skills_required"]) == (True, False)
    (worker,) = shown["workers"]
    assert (worker["name"], worker["skills"], worker["esd"], worker["skill"]) == (
        "Trainer",
        {"PRINT": "O"},
        [],
        [],
    )
    assert panel(plant, 128)["workers"] == []


def test_what_ran_out_since_the_login_is_told(make_skilled_plant):
    plant = make_skilled_plant(esd_check=True, iluo_check=True, iluo_supervised=True)
    for worker_id in (31, 33):
        plant.call("setworkeresd", worker_id, 100, True)
        plant.call("loginwp", worker_id, 100)
    plant.call("setworkeresd", 33, 100, False)
    plant.call("addwlaction", 31, 100, 2)
    (worker,) = panel(plant, 100)["workers"]
    assert "take the test first" in worker["esd"][0] and "needs ILUO level U" in worker["skill"][0]
