"""Cards and codes: each text means one worker, whoever gives it out."""

import pytest


def test_a_card_finds_its_worker_and_never_leaves_the_server(plant):
    expected = {"id": 32, "name": "J. Novak", "code": "JN32", "active": True, "esd_tm": None, "skills": []}
    assert plant.call("getworkerbycard", "04A1B2") == expected
    for unknown in ("04a1b2", "", "JN32", "32"):
        assert plant.call("getworkerbycard", unknown) is None


def test_a_card_is_given_and_taken_away(plant):
    assert plant.call("setworkercard", 42, "04FFEE")["id"] == 42
    assert plant.call("getworkerbycard", "04FFEE")["name"] == "O. Fiala"
    plant.call("setworkercard", 42, "")
    assert plant.call("getworkerbycard", "04FFEE") is None
    plant.call("setworkercard", 33, "04FFEE")


def test_a_card_given_to_somebody_unknown_makes_a_worker(plant):
    assert plant.call("setworkercard", 77, "04EE", "E. Nova")["name"] == "E. Nova"
    assert plant.call("setworkercard", 78, "04EF")["name"] == "Worker 78"


@pytest.mark.parametrize("card", ["04A1B2", "JN32", "32"])
def test_a_card_that_means_another_worker_is_refused(plant, card):
    error = plant.error("setworkercard", 33, card)
    assert (error["code"], error["data"]["code"]) == (1002, "card-in-use")
    assert plant.call("getworkerbycard", "4711")["id"] == 33


def test_a_new_worker_whose_id_is_somebodys_card_is_refused(plant):
    assert plant.error("setworkercard", 4711, "04EE")["data"]["code"] == "card-in-use"
    with pytest.raises(Exception, match="M. Kovacs"):
        plant.load({"workers": [{"id": 4711, "name": "E. Nova"}]})


@pytest.mark.parametrize("worker_id", [0, 2**53, 2**63 - 1])
def test_an_id_that_leaves_no_room_for_others_is_refused(plant, worker_id):
    assert plant.error("setworkercard", worker_id, "04EE")["code"] == -32602
    plant.load({"workers": [{"name": "F. Nova"}]})


def test_a_card_of_digits_means_its_owner_and_an_id_has_no_leading_zeros(plant):
    plant.load({"workers": [{"id": 50, "name": "Z. Nula", "card": "017", "code": "0050"}]})
    assert plant.call("login", "017")["id"] == 50
    assert plant.call("login", "0050")["id"] == 50
    assert plant.call("login", "32")["id"] == plant.call("login", 32)["id"] == 32
    assert plant.error("login", "032")["data"]["code"] == "worker-not-found"


@pytest.mark.parametrize("text", ["032", "00000000000000000000000032"])
def test_digits_of_another_workers_id_are_refused_whatever_zeros_precede_them(plant, text):
    assert plant.error("setworkercard", 33, text)["data"]["code"] == "card-in-use"
    for column in ("card", "code"):
        with pytest.raises(Exception, match="J. Novak"):
            plant.load({"workers": [{"id": 33, "name": "M. Kovacs", column: text}]})


def test_a_new_worker_whose_id_is_somebodys_card_but_for_zeros_is_refused(plant):
    plant.call("setworkercard", 42, "0017")
    assert plant.error("setworkercard", 17, "04EE")["data"]["code"] == "card-in-use"
    with pytest.raises(Exception, match="O. Fiala"):
        plant.load({"workers": [{"id": 17, "name": "E. Nova"}]})
    plant.call("setworkercard", 42, "00042")


@pytest.mark.parametrize("worker_id", [0, 2**53, 2**63 - 1])
def test_an_id_that_can_not_be_given_is_a_wrong_parameter(plant, worker_id):
    error = plant.error("setworkercard", worker_id, "04FFEE")
    assert (error["code"], error["data"]["parameter"]) == (-32602, "worker_id")
    assert plant.call("getworkerbycard", "04FFEE") is None
