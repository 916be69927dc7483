"""Where a worker is logged in, and until when, on both databases."""

from tracepro_workers.models import Login

from tracepro_hookspecs import Reason, hookimpl
from tracepro_schemas import defs


def test_an_inactive_worker_is_refused(plant, log_of):
    assert plant.error("login", 42)["data"]["code"] == "worker-inactive"
    assert log_of(plant) == [(42, None, defs.WWL_LOGIN_REFUSED)]


def test_a_login_counts_at_its_workplace_only(plant, is_logged_in):
    assert not is_logged_in(plant)
    assert plant.call("loginwp", "04A1B2", 100)["wp_id"] == 100
    assert is_logged_in(plant)
    assert not is_logged_in(plant, wp_id=101)
    assert not is_logged_in(plant, worker_id=33)


def test_a_worker_is_at_one_workplace_at_a_time(plant, is_logged_in, log_of):
    plant.call("loginwp", 32, 100)
    plant.call("loginwp", 32, 101)
    assert is_logged_in(plant, wp_id=101) and not is_logged_in(plant, wp_id=100)
    actions = [(100, defs.WWL_LOGIN), (100, defs.WWL_LOGOUT), (101, defs.WWL_LOGIN)]
    assert log_of(plant) == [(32, wp_id, action) for wp_id, action in actions]
    assert plant.read(lambda call: call.db.rows(Login.select(Login.wp_id))) == [(101,)]


def test_telling_who_one_is_moves_nobody(plant, is_logged_in):
    plant.call("loginwp", 32, 100)
    plant.call("login", 32)
    assert is_logged_in(plant)


def test_logging_out_ends_the_login_and_only_there(plant, is_logged_in):
    plant.call("loginwp", 32, 100)
    plant.call("addwlaction", 32, 101, defs.WWL_LOGOUT)
    plant.call("logworkeraction", 32, 100, defs.WWL_LOGOUT)
    assert is_logged_in(plant)
    plant.call("addwlaction", 32, 100, defs.WWL_LOGOUT, "home", 1, 10, {"bus": 5})
    assert not is_logged_in(plant)
    plant.call("loginwp", 32, 100)
    plant.call("addwlaction", "32", None, defs.WWL_LOGOUT)
    assert not is_logged_in(plant)


def test_a_login_ends_with_the_shift(plant, is_logged_in, log_of):
    plant.clock.set("2026-11-20T13:59:59Z")
    plant.call("loginwp", 32, 100)
    assert is_logged_in(plant)
    plant.clock.set("2026-11-20T14:00:00Z")
    assert not is_logged_in(plant)
    plant.call("loginwp", 32, 101)
    assert [action for *_, action in log_of(plant)] == [defs.WWL_LOGIN, defs.WWL_LOGIN]


def test_shifts_are_the_sites_own(make_skilled_plant, is_logged_in):
    site = {"shifts": "05:30 17:30", "timezone": "Europe/Prague"}
    plant = make_skilled_plant(site=site, login_required=True)
    plant.clock.set("2026-11-20T16:29:00Z")
    plant.call("loginwp", 32, 100)
    assert is_logged_in(plant)
    plant.clock.advance(minutes=1)
    assert not is_logged_in(plant)


def test_a_plugin_may_refuse_a_login(make_plant, plant_file):
    class Strict:
        @hookimpl
        def tracepro_check_login(self, worker, workplace):
            return [Reason("no-helmet", f"{worker.name} has no helmet.")] if workplace else []

    plugins = ("workplaces", "workers", "strict")
    plant = make_plant(plugins=plugins, extra={"strict": Strict()}, plant=plant_file)
    assert plant.call("login", 32)["id"] == 32
    error = plant.error("loginwp", 42, 100)
    assert [reason["code"] for reason in error["data"]["reasons"]] == ["worker-inactive", "no-helmet"]
    assert error["data"]["reasons"][1]["plugin"] == "strict"


def test_a_shift_whose_begin_the_clock_leaves_out_or_shows_twice_ends_logins_once(
    make_skilled_plant, is_logged_in
):
    plant = make_skilled_plant(site={"shifts": "02:30 14:30"}, login_required=True)
    for last, first in (
        ("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"),
        ("2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z"),
    ):
        plant.clock.set(last)
        plant.call("loginwp", 32, 100)
        assert is_logged_in(plant)
        plant.clock.set(first)
        assert not is_logged_in(plant)
        plant.call("loginwp", 32, 100)
        plant.clock.advance(hours=1)
        assert is_logged_in(plant)
