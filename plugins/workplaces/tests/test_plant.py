"""The plant file's acts and workplaces: created or updated by id or name, twice is once."""

import pytest


def test_importing_twice_is_once_and_keeps_what_a_row_leaves_out(plant, plant_file):
    plant.call("blockworkplace", 100, "stencil torn")
    before = plant.call("getworkplace", 100)
    assert before["blocked"] == {"reason": "stencil torn", "tm": "2026-11-20T10:00:00.000Z"}
    plant.load({"workplaces": plant_file["workplaces"]})
    plant.load({"workplaces": [{"name": "SMT-1 printer", "erp_ref": "WP100-B"}]})
    assert plant.call("getworkplace", 100) == before | {"erp_ref": "WP100-B"}


def test_a_workplace_without_id_gets_one_that_nobody_had(plant):
    plant.load({"workplaces": [{"name": "Repair 1", "acts": [2]}]})
    assert plant.call("findworkplace", "Repair 1")["id"] > 102


def test_acts_of_a_workplace_are_replaced_whole(plant):
    plant.load({"workplaces": [{"id": 101, "name": "SMT-1 placer", "acts": [2]}]})
    assert plant.call("getworkplace", 101)["acts"] == [2]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"id": 101, "name": "SMT-1 printer"}, "100 is"),
        ({"id": 103, "name": "Oven", "acts": [7]}, "no act 7"),
        ({"id": 103, "name": ""}, "name"),
        ({"id": 103, "name": "Oven", "colour": "red"}, "no other members"),
    ],
)
def test_a_wrong_row_is_refused_with_a_sentence_and_nothing_of_the_file_stays(plant, row, sentence):
    with pytest.raises(Exception, match=sentence):
        plant.load({"workplaces": [{"id": 104, "name": "AOI"}, row]})
    assert plant.call("getworkplace", 104) is None
