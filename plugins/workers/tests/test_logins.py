"""Who a worker is, where he is logged in, and until when, on both databases."""

import pytest
from tracepro_workers import api
from tracepro_workers.models import Entry, Login
from tracepro_workplaces.api import workplace

from tracepro_hookspecs import Reason, hookimpl
from tracepro_schemas import defs

PLANT = {
    "acts": [{"id": 1, "name": "PRINT"}],
    "workplaces": [{"id": 100, "name": "printer", "acts": [1]}, {"id": 101, "name": "placer"}],
    "workers": [
        {"id": 32, "name": "J. Novak", "code": "JN32", "card": "04A1B2"},
        {"id": 33, "name": "M. Kovacs", "card": "4711"},
        {"id": 42, "name": "O. Fiala", "active": False},
    ],
}
PLUGINS = ("workplaces", "workers")


@pytest.fixture
def plant(make_plant, database):
    options = {"workers": {"login_required": True}}
    return make_plant(plugins=PLUGINS, plant=PLANT, options=options, database=database)


def _log(plant):
    query = Entry.select(Entry.worker_id, Entry.wp_id, Entry.action).order_by(Entry.id)
    return plant.read(lambda call: call.db.rows(query))


def _here(plant, worker_id=32, wp_id=100):
    """Asks the rule: nothing said against the worker means he is logged in."""

    def ask(call):
        place = workplace(call, wp_id)
        return [reason.code for reason in api.reasons_against(call, [worker_id], place, ())[1]]

    return plant.read(ask) == []


@pytest.mark.parametrize("ident", [32, "32", "JN32", "04A1B2"])
def test_a_worker_is_known_by_id_code_and_card(plant, ident):
    answer = plant.call("login", ident)
    checks = [{"check": "active", "ok": True, "info": "J. Novak is active."}]
    assert answer == {
        "id": 32,
        "name": "J. Novak",
        "wp_id": None,
        "line": None,
        "esd_tm": None,
        "checks": checks,
    }
    assert _log(plant) == [(32, None, defs.WWL_LOGIN)]


def test_a_card_that_looks_like_a_number_is_a_card_as_text_and_an_id_as_number(plant):
    assert plant.call("login", "4711")["id"] == 33
    assert plant.error("login", 4711)["data"]["code"] == "worker-unknown"


@pytest.mark.parametrize("ident", [7, "7", "", "jn32", "04A1B", "٣٢", "99999999999999999999", " 32"])
def test_whom_nobody_knows_is_refused_and_the_refusal_is_logged(plant, ident):
    error = plant.error("loginwp", ident, 100)
    assert (error["code"], error["data"]["code"]) == (1000, "worker-unknown")
    assert str(ident) not in error["message"] or not ident
    assert _log(plant) == [(None, 100, defs.WWL_LOGIN_REFUSED)]


def test_an_inactive_worker_is_refused(plant):
    assert plant.error("login", 42)["data"]["code"] == "worker-inactive"
    assert _log(plant) == [(42, None, defs.WWL_LOGIN_REFUSED)]


def test_a_login_counts_at_its_workplace_only(plant):
    assert not _here(plant)
    assert plant.call("loginwp", "04A1B2", 100)["wp_id"] == 100
    assert _here(plant)
    assert not _here(plant, wp_id=101)
    assert not _here(plant, worker_id=33)


def test_a_worker_is_at_one_workplace_at_a_time(plant):
    plant.call("loginwp", 32, 100)
    plant.call("loginwp", 32, 101)
    assert _here(plant, wp_id=101) and not _here(plant, wp_id=100)
    assert _log(plant) == [
        (32, 100, defs.WWL_LOGIN),
        (32, 100, defs.WWL_LOGOUT),
        (32, 101, defs.WWL_LOGIN),
    ]
    assert plant.read(lambda call: call.db.rows(Login.select(Login.wp_id))) == [(101,)]


def test_telling_who_one_is_moves_nobody(plant):
    plant.call("loginwp", 32, 100)
    plant.call("login", 32)
    assert _here(plant)


def test_logging_out_ends_the_login_and_only_there(plant):
    plant.call("loginwp", 32, 100)
    plant.call("addwlaction", 32, 101, defs.WWL_LOGOUT)
    plant.call("logworkeraction", 32, 100, defs.WWL_LOGOUT)
    assert _here(plant)
    plant.call("addwlaction", 32, 100, defs.WWL_LOGOUT, "home", 1, 10, {"bus": 5})
    assert not _here(plant)
    plant.call("loginwp", 32, 100)
    plant.call("addwlaction", "32", None, defs.WWL_LOGOUT)
    assert not _here(plant)


def test_a_login_ends_with_the_shift(plant):
    plant.clock.set("2026-11-20T13:59:59Z")
    plant.call("loginwp", 32, 100)
    assert _here(plant)
    plant.clock.set("2026-11-20T14:00:00Z")
    assert not _here(plant)
    plant.call("loginwp", 32, 101)
    assert [action for *_, action in _log(plant)] == [defs.WWL_LOGIN, defs.WWL_LOGIN]


def test_shifts_are_the_sites_own(make_plant):
    plant = make_plant(
        plugins=PLUGINS,
        plant=PLANT,
        options={"workers": {"login_required": True}},
        parameters={"site": {"shifts": "05:30 17:30", "timezone": "Europe/Prague"}},
    )
    plant.clock.set("2026-11-20T16:29:00Z")
    plant.call("loginwp", 32, 100)
    assert _here(plant)
    plant.clock.advance(minutes=1)
    assert not _here(plant)


def test_an_action_of_nobody_or_somebody_unknown_is_refused(plant):
    assert plant.error("addwlaction", None, None, 99)["code"] == -32602
    assert plant.error("addwlaction", 7, None, 99)["data"]["code"] == "worker-not-found"
    assert plant.error("logworkeraction", 32, 999, 99)["data"]["code"] == "workplace-not-found"
    assert plant.error("logworkeraction", 32, 100, 13)["code"] == -32602
    assert plant.error("loginwp", 32, 999)["data"]["code"] == "workplace-not-found"
    assert plant.call("addwlaction", None, 100, 99, "floor swept")["wl_id"]


def test_the_block_of_a_workplace_is_in_the_log(plant):
    plant.call("blockworkplace", 100, "stencil torn")
    plant.call("unblockworkplace", "100, 101")
    assert _log(plant) == [(None, 100, defs.WWL_BLOCK), (None, 100, defs.WWL_UNBLOCK)]


def test_a_plugin_may_refuse_a_login(make_plant):
    class Strict:
        @hookimpl
        def tracepro_check_login(self, worker, workplace):
            return [Reason("no-helmet", f"{worker.name} has no helmet.")] if workplace else []

    plant = make_plant(plugins=(*PLUGINS, "strict"), extra={"strict": Strict()}, plant=PLANT)
    assert plant.call("login", 32)["id"] == 32
    error = plant.error("loginwp", 42, 100)
    assert [reason["code"] for reason in error["data"]["reasons"]] == ["worker-inactive", "no-helmet"]
    assert error["data"]["reasons"][1]["plugin"] == "strict"
