"""Looking workplaces up, blocking them, and what is read from the plant file, on both databases."""

import pytest

ACTS = [{"id": 1, "name": "PRINT", "desc": "Solder paste printing"}, {"id": 2, "name": "PLACE"}]
PLACES = [
    {"id": 100, "name": "SMT-1 printer", "erp_ref": "WP100", "esd": True, "acts": [1]},
    {"id": 101, "name": "SMT-1 placer", "erp_ref": "SMT", "acts": [1, 2]},
    {"id": 102, "name": "SMT-1 spare", "erp_ref": "SMT"},
]
PRINTER = {
    "id": 100, "name": "SMT-1 printer", "erp_ref": "WP100", "line": None, "esd": True, "acts": [1], "blocked": None,
}  # fmt: skip


@pytest.fixture
def plant(make_plant, database):
    return make_plant(plugins=("workplaces",), plant={"acts": ACTS, "workplaces": PLACES}, database=database)


def test_a_workplace_comes_with_its_acts(plant):
    assert plant.call("getworkplace", 100) == PRINTER
    assert plant.call("getworkplace", wp_id="101")["acts"] == [1, 2]
    assert plant.call("getworkplace", 102)["acts"] == []
    assert plant.call("getworkplace", 999) is None


def test_a_workplace_is_found_by_name_reference_or_both(plant):
    assert plant.call("findworkplace", name="SMT-1 printer") == PRINTER
    assert plant.call("findworkplace", erp_ref="WP100") == PRINTER
    assert plant.call("findworkplace", "", "SMT")["id"] == 101
    assert plant.call("findworkplace", "SMT-1 spare", "SMT")["id"] == 102
    assert plant.call("findworkplace", "SMT-1 printer", "SMT") is None
    assert plant.call("findworkplace", "smt-1 printer") is None
    assert plant.call("findworkplace") is None


def test_a_blocked_workplace_tells_why_and_since_when(plant):
    block = {"reason": "stencil torn", "tm": "2026-11-20T10:00:00.000Z"}
    assert plant.call("blockworkplace", 100, "stencil torn")["blocked"] == block
    assert plant.call("getworkplace", 100)["blocked"] == block
    row = {"wp_id": 100, **block}
    assert plant.call("getwpblock", "100, 101") == {"blocked": True, "workplaces": [row]}
    assert plant.call("getwpblock", [101, 102]) == {"blocked": False, "workplaces": []}


def test_blocking_again_replaces_reason_and_time(plant):
    plant.call("blockworkplace", 100, "stencil torn")
    plant.clock.advance(minutes=5)
    block = plant.call("blockworkplace", 100, "no paste")["blocked"]
    assert block == {"reason": "no paste", "tm": "2026-11-20T10:05:00.000Z"}


@pytest.mark.parametrize("wp_id", [100, "100", [100], "100, 102", [102, "100", 100]])
def test_unblocking_takes_one_id_a_list_or_a_text_and_names_those_that_were_blocked(plant, wp_id):
    plant.call("blockworkplace", 100, "stencil torn")
    assert plant.call("unblockworkplace", wp_id) == {"unblocked": [100]}
    assert plant.call("getworkplace", 100) == PRINTER
    assert plant.call("unblockworkplace", wp_id) == {"unblocked": []}


def test_unblocking_is_all_or_nothing(plant):
    plant.call("blockworkplace", 100, "stencil torn")
    assert plant.error("unblockworkplace", [100, 999])["data"]["code"] == "workplace-not-found"
    assert plant.call("getwpblock", 100)["blocked"]


def test_an_unknown_workplace_is_not_found(plant):
    for error in (plant.error("blockworkplace", 999, ""), plant.error("getwpblock", "100,999")):
        assert (error["code"], error["data"]["code"]) == (1001, "workplace-not-found")


def test_importing_twice_is_once_and_keeps_what_a_row_leaves_out(plant):
    plant.call("blockworkplace", 100, "stencil torn")
    plant.load({"workplaces": PLACES})
    plant.load({"workplaces": [{"name": "SMT-1 printer", "erp_ref": "WP100-B"}]})
    assert plant.call("getworkplace", 100) == {
        **PRINTER, "erp_ref": "WP100-B", "blocked": {"reason": "stencil torn", "tm": "2026-11-20T10:00:00.000Z"},
    }  # fmt: skip


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
