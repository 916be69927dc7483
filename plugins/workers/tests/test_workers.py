"""Looking workers up by id, card, code and whatever a terminal sends."""

import pytest
from tracepro_workers import api

from tracepro_schemas import defs


@pytest.mark.parametrize("ident", [32, "32", "JN32", "04A1B2"])
def test_a_worker_is_known_by_id_code_and_card(plant, ident, log_of):
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
    assert log_of(plant) == [(32, None, defs.WWL_LOGIN)]


def test_a_card_that_looks_like_a_number_is_a_card_as_text_and_an_id_as_number(plant):
    assert plant.call("login", "4711")["id"] == 33
    assert plant.error("login", 4711)["data"]["code"] == "worker-not-found"


@pytest.mark.parametrize("ident", [7, "7", "", "jn32", "04A1B", "٣٢", "99999999999999999999"])
def test_whom_nobody_knows_is_refused_and_the_refusal_is_logged(plant, ident, log_of):
    error = plant.error("loginwp", ident, 100)
    assert (error["code"], error["data"]["code"]) == (1001, "worker-not-found")
    assert str(ident) not in error["message"] or not ident
    assert log_of(plant) == [(None, 100, defs.WWL_LOGIN_REFUSED)]


@pytest.mark.parametrize("ident", [" 32", "JN32\r\n", "]C104A1B2"])
def test_a_scanned_identification_loses_what_the_scanner_adds(plant, ident):
    assert plant.call("loginwp", ident, 100)["id"] == 32
    assert plant.error("loginwp", "\r\n", 100)["data"]["parameter"] == "worker_id"


def test_a_card_is_stored_trimmed(plant):
    plant.call("setworkercard", 33, "]C1CARD 7\r\n")
    assert plant.call("getworkerbycard", "CARD 7 ")["id"] == plant.call("login", "CARD 7")["id"] == 33


def test_workers_come_in_the_order_asked_with_their_skills(make_skilled_plant):
    plant = make_skilled_plant()
    found = plant.read(lambda call: api.workers(call, (33, 31, 7, 33)))
    assert [(worker.name, [skill.level for skill in worker.skills]) for worker in found] == [
        ("Learner", ["I"]),
        ("Trainer", ["O"]),
    ]
