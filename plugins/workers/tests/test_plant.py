"""The plant file's workers: created or updated by id or name, twice is once."""

import pytest

from tracepro.database import Session


def test_two_workers_may_exchange_cards_in_one_file(plant, plant_file):
    novak, kovacs, _ = plant_file["workers"]
    plant.load({"workers": [novak | {"card": "4711"}, kovacs | {"card": "04A1B2"}]})
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
            "2026-02-30 is not a date",
        ),
    ],
)
def test_a_wrong_worker_is_refused_with_a_sentence(plant, row, sentence):
    with pytest.raises(Exception, match=sentence):
        plant.load({"workers": [row]})
    assert plant.error("login", 34)["data"]["code"] == "worker-not-found"


def test_a_name_of_two_workers_needs_an_id(plant):
    plant.load({"workers": [{"id": 50, "name": "J. Novak"}]})
    with pytest.raises(Exception, match="32, 50"):
        plant.load({"workers": [{"name": "J. Novak", "active": False}]})


def test_importing_twice_is_once_and_keeps_what_a_row_leaves_out(plant, plant_file):
    plant.load({"workers": plant_file["workers"]})
    plant.load({"workers": [{"name": "J. Novak", "active": False}]})
    worker = plant.call("getworkerbycard", "04A1B2")
    assert (worker["active"], worker["code"]) == (False, "JN32")


def test_the_number_of_statements_does_not_grow_with_the_workers(plant, monkeypatch):
    sent = []
    rows = Session.rows
    monkeypatch.setattr(
        Session, "rows", lambda db, *asked, **values: sent.append(1) or rows(db, *asked, **values)
    )
    counts = []
    for few, many in ((0, 2), (2, 30)):
        sent.clear()
        new = [
            {"name": f"T{number}", "card": f"0T{number}", "code": f"T{number}"} for number in range(few, many)
        ]
        plant.load({"workers": new})
        counts.append(len(sent))
    assert 0 < counts[0] == counts[1]
