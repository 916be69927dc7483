"""One-time codes: good once, until they expire, at their workplace; a wrong one is counted for the terminal."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tracepro_workers.models import LogEntry, OneTimeCode
from tracepro_workers.one_time_codes import LENGTH, LETTERS

from tracepro_schemas import defs

WRONG = LETTERS[0] * LENGTH
NOBODY = (1001, "worker-not-found")


def error(plant, *args):
    refused = plant.error("loginwp", *args)
    return refused["code"], refused["data"]["code"]


def stored(plant):
    query = OneTimeCode.select(OneTimeCode.hash, OneTimeCode.expires)
    return plant.read(lambda call: call.db.rows(query))


def test_a_code_logs_its_worker_in_once(plant, is_logged_in):
    issued = plant.call("issueotp", 32)
    assert issued.keys() == {"code", "expires"}
    assert issued["expires"] == "2026-11-20T10:05:00.000Z"
    assert plant.call("loginwp", issued["code"], 100)["id"] == 32
    assert is_logged_in(plant)
    assert error(plant, issued["code"], 100) == NOBODY
    assert stored(plant) == []


def test_only_the_hash_of_a_code_is_stored(plant):
    code = plant.call("issueotp", 32)["code"]
    ((kept, _),) = stored(plant)
    assert len(kept) == 64 and code not in kept
    (note,) = plant.read(
        lambda call: call.db.rows(LogEntry.select(LogEntry.worker_id, LogEntry.action, LogEntry.info))
    )
    assert note == (32, defs.WWL_NOTE, "one-time code issued, valid until 2026-11-20T10:05:00.000Z")


def test_a_code_expires_and_goes_with_the_next_one(plant):
    code = plant.call("issueotp", 32, valid_seconds=60)["code"]
    plant.clock.advance(seconds=60)
    assert error(plant, code, 100) == NOBODY
    assert len(stored(plant)) == 1
    later = plant.call("issueotp", 33, valid_seconds=1)["code"]
    assert len(stored(plant)) == 1
    assert plant.call("login", later)["id"] == 33


def test_a_code_for_a_workplace_is_good_there_only(plant):
    code = plant.call("issueotp", 32, 100)["code"]
    assert error(plant, code, 101) == NOBODY
    assert plant.error("login", code)["data"]["code"] == "worker-not-found"
    assert plant.call("loginwp", f" {code}\r\n", 100)["wp_id"] == 100


def test_a_login_that_is_refused_uses_no_code_up(make_skilled_plant):
    plant = make_skilled_plant(esd_check=True)
    code = plant.call("issueotp", 32)["code"]
    assert error(plant, code, 100) == (1000, "esd-expired")
    plant.call("setworkeresd", 32, 100, True)
    assert plant.call("loginwp", code, 100)["id"] == 32


def test_who_and_where_must_be_there(plant):
    assert plant.error("issueotp", 7)["data"]["code"] == "worker-not-found"
    assert plant.error("issueotp", 32, 999)["data"]["code"] == "workplace-not-found"
    assert plant.error("issueotp", 42)["data"]["code"] == "worker-inactive"
    for seconds in (0, -1, 86_401, 1.5, None, "soon"):
        assert plant.error("issueotp", 32, None, seconds)["code"] == -32602
    assert stored(plant) == []


def test_after_ten_wrong_codes_a_terminal_waits_and_cards_and_ids_do_not(plant):
    code = plant.call("issueotp", 32, valid_seconds=3600)["code"]
    for _ in range(10):
        assert error(plant, WRONG, 100) == NOBODY
    assert error(plant, code, 100) == (-32003, "throttled")
    for _ in range(12):
        assert error(plant, "no such card", 100) == NOBODY
    assert [plant.call("loginwp", ident, 100)["id"] for ident in ("04A1B2", "JN32", "32", 32)] == [32] * 4
    plant.clock.advance(minutes=5)
    assert plant.call("loginwp", code, 100)["id"] == 32


@pytest.mark.parametrize("wrong", [WRONG, "32:000000"])
def test_wrong_codes_that_come_together_are_no_more_than_those_that_come_in_turn(
    make_plant, plant_file, database, wrong
):
    parameters = {"api": {"guesses": 3}}
    plant = make_plant(("workplaces", "workers"), plant_file, parameters=parameters, queued=True)
    with ThreadPoolExecutor(12) as terminals:
        codes = list(terminals.map(lambda _: error(plant, wrong, 100)[1], range(36)))
    assert codes.count("worker-not-found") == 3
    assert set(codes) <= {"worker-not-found", "throttled", "busy"}


@pytest.mark.parametrize("column", ["card", "code"])
def test_a_card_or_login_code_is_meant_before_a_one_time_code(plant, column):
    code = plant.call("issueotp", 32)["code"]
    plant.load({"workers": [{"id": 33, "name": "M. Kovacs", column: code}]})
    assert plant.call("login", code)["id"] == 33
    assert len(stored(plant)) == 1
