"""What tracepro check says of workers."""

from tracepro_workers import plugin

WORKERS = [
    {"id": 31, "name": "Trainer", "card": "04A1", "skills": [{"act": 1, "level": "O"}]},
    {
        "id": 32,
        "name": "Worker",
        "code": "W32",
        "skills": [{"act": 2, "level": "U", "valid_to": "2026-11-19"}],
    },
    {"id": 33, "name": "Learner", "skills": [{"act": 2, "level": "I"}]},
    {"id": 34, "name": "Guest", "active": False, "skills": [{"act": 2, "level": "O"}]},
]
PLANT = {
    "acts": [{"id": 1, "name": "PRINT"}, {"id": 2, "name": "PLACE"}],
    "workplaces": [{"id": 100, "name": "printer", "acts": [1, 2]}],
    "workers": WORKERS,
}


def found(make_plant, plant, **options):
    """Return what is found on a plant, with these options of workers."""
    made = make_plant(("workplaces", "workers"), plant, options={"workers": options})
    return made.read(plugin.tracepro_site_findings)


def test_nothing_is_said_where_nothing_is_asked(make_plant):
    assert found(make_plant, PLANT) == {}


def test_workers_with_neither_card_nor_code_are_told_where_a_login_is_asked(make_plant):
    said = found(make_plant, PLANT, login_required="yes")
    assert said == {
        "login_required": "Learner (33) can log in by id only; give a card or a code in the plant file."
    }
    many = {"workers": [{"id": n, "name": f"W{n}"} for n in range(1, 6)]}
    (said,) = found(make_plant, many, login_required="yes").values()
    assert said.startswith("W1 (1), W2 (2), W3 (3) and 2 more can log in by id only")


def test_an_esd_test_that_no_workplace_asks_for_is_told(make_plant):
    said = found(make_plant, PLANT, esd_check="yes")
    assert list(said) == ["esd_check"] and "no workplace there has esd" in said["esd_check"]
    protected = {**PLANT, "workplaces": [{"id": 100, "name": "printer", "esd": True}]}
    assert found(make_plant, protected, esd_check="yes") == {}


def test_acts_for_which_nobody_has_the_skill_today_are_told(make_plant):
    said = found(make_plant, PLANT, iluo_check="yes")
    assert said == {
        "act 2 at workplace 100 (printer)": "iluo_check asks for level U, and no active worker has it today; import the "
        "skill with the plant file."
    }
    assert found(make_plant, PLANT, iluo_check="yes", iluo_min_level="I") == {}
