"""Cards and codes: each text means one worker, whoever gives it out."""

import pytest

PEOPLE = [
    {"id": 32, "name": "J. Novak", "code": "JN32", "card": "04A1B2"},
    {"id": 33, "name": "M. Kovacs", "code": "MK33", "card": "4711"},
    {"id": 42, "name": "O. Fiala", "active": False},
]


@pytest.fixture
def plant(make_plant, database):
    return make_plant(plugins=("workplaces", "workers"), plant={"workers": PEOPLE}, database=database)


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


def test_two_workers_may_exchange_cards_in_one_file(plant):
    plant.load({"workers": [{**PEOPLE[0], "card": "4711"}, {**PEOPLE[1], "card": "04A1B2"}]})
    assert plant.call("getworkerbycard", "4711")["id"] == 32
    assert plant.call("getworkerbycard", "04A1B2")["id"] == 33


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"id": 34, "name": "L. Nemec", "card": "MK33"}, "M. Kovacs"),
        ({"id": 34, "name": "L. Nemec", "code": "32"}, "J. Novak"),
        ({"id": 34, "name": "L. Nemec", "card": "04A1B2"}, "J. Novak"),
        ({"id": 34, "name": "L. Nemec", "skills": [{"act": 9, "level": "U"}]}, "no act 9"),
        (
            {"id": 34, "name": "L. Nemec", "skills": [{"act": 9, "level": "U", "valid_to": "2026-02-30"}]},
            "not a date",
        ),
    ],
)
def test_a_wrong_worker_is_refused_with_a_sentence(plant, row, sentence):
    with pytest.raises(Exception, match=sentence):
        plant.load({"workers": [row]})
    assert plant.error("login", 34)["data"]["code"] == "worker-unknown"


def test_a_name_of_two_workers_needs_an_id(plant):
    plant.load({"workers": [{"id": 50, "name": "J. Novak"}]})
    with pytest.raises(Exception, match="32, 50"):
        plant.load({"workers": [{"name": "J. Novak", "active": False}]})


def test_importing_twice_is_once_and_keeps_what_a_row_leaves_out(plant):
    plant.load({"workers": PEOPLE})
    plant.load({"workers": [{"name": "J. Novak", "active": False}]})
    worker = plant.call("getworkerbycard", "04A1B2")
    assert (worker["active"], worker["code"]) == (False, "JN32")


@pytest.mark.parametrize("worker_id", [0, 2**53, 2**63 - 1])
def test_an_id_that_leaves_no_room_for_others_is_refused(plant, worker_id):
    assert plant.error("setworkercard", worker_id, "04EE")["code"] == -32602
    plant.load({"workers": [{"name": "F. Nova"}]})
