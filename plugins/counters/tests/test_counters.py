"""Numbers are given out once, in blocks, and none is lost to a refusal."""

import pytest

BIGGEST = 2**63 - 1


@pytest.fixture
def plant(make_plant, database):
    counters = [{"name": "MAC", "first": 1000, "last": 1009}]
    return make_plant(plugins=("counters",), plant={"ranged_counters": counters}, database=database)


def test_a_sequence_begins_where_its_first_caller_says_and_goes_on(plant):
    assert plant.call("getnext", "serial", "A", start=100) == 100
    assert plant.call("getnext", "serial", "A", count=5, start=1) == 101
    assert plant.call("getnext", "serial", "A") == 106


def test_sequences_are_apart_by_class_and_name(plant):
    assert plant.call("getnext", "serial", "A") == 1
    assert plant.call("getnext", "serial", "B") == 1
    assert plant.call("getnext", "label", "A") == 1
    assert plant.call("getnext", "serial", "a") == 1


def test_a_counters_name_is_a_code_and_its_class_is_not(plant):
    assert plant.call("getnext", "serial", "A") == 1
    assert plant.call("getnext", "serial", "]C1A\r\n") == 2
    assert plant.call("getnext", "serial ", "A") == 1
    assert plant.call("getrangednext", "MAC\t", 2) == {"i0": 1000, "i1": 1001}
    assert plant.call("setrangednext", " MAC", 1000)["name"] == "MAC"


@pytest.mark.parametrize("count", [0, -1, "x", 2.5, None])
def test_a_count_is_a_whole_number_from_one(make_plant, count):
    assert make_plant(plugins=("counters",)).error("getnext", "serial", "A", count)["code"] == -32602


def test_a_sequence_never_leaves_64_bits(plant):
    assert plant.call("getnext", "serial", "A", 1, BIGGEST - 1) == BIGGEST - 1
    assert plant.error("getnext", "serial", "A")["code"] == -32602
    assert plant.error("getnext", "serial", "B", BIGGEST, 2)["code"] == -32602
    assert plant.call("getnext", "serial", "B", 1, 7) == 7


def test_a_range_ends_and_then_gives_nothing(plant):
    assert plant.call("getrangednext", "MAC") == {"i0": 1000, "i1": 1000}
    assert plant.call("getrangednext", "MAC", 8) == {"i0": 1001, "i1": 1008}
    error = plant.error("getrangednext", "MAC", 2)
    assert (error["code"], error["data"]["code"]) == (1000, "range-exhausted")
    assert error["data"]["reasons"][0]["plugin"] == "counters"
    assert plant.call("getrangednext", "MAC") == {"i0": 1009, "i1": 1009}
    assert plant.error("getrangednext", "MAC")["data"]["code"] == "range-exhausted"


def test_a_range_goes_on_where_it_is_told_to(plant):
    plant.call("getrangednext", "MAC", 10)
    assert plant.call("setrangednext", "MAC", 1005) == {"name": "MAC", "next": 1005, "last": 1009}
    assert plant.call("getrangednext", "MAC", 5) == {"i0": 1005, "i1": 1009}
    for outside in (999, 1010):
        assert plant.error("setrangednext", "MAC", outside)["code"] == -32602


def test_an_unknown_range_is_not_found(plant):
    for error in (plant.error("getrangednext", "IMEI"), plant.error("setrangednext", "IMEI", 1)):
        assert (error["code"], error["data"]["code"]) == (1001, "counter-not-found")


def test_importing_a_range_again_repeats_no_number(plant):
    plant.call("getrangednext", "MAC", 4)
    plant.load({"ranged_counters": [{"name": "MAC", "first": 1000, "last": 1019}]})
    assert plant.call("getrangednext", "MAC", 16) == {"i0": 1004, "i1": 1019}
    plant.load({"ranged_counters": [{"name": "MAC", "first": 3000, "last": 3009}]})
    assert plant.call("getrangednext", "MAC") == {"i0": 3000, "i1": 3000}


def test_a_backward_range_is_refused(plant):
    with pytest.raises(Exception, match="backwards"):
        plant.load({"ranged_counters": [{"name": "IMEI", "first": 2, "last": 1}]})
