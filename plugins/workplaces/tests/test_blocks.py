"""Blocking workplaces and unblocking them, on both databases."""

import pytest

TIME = "2026-11-20T10:00:00.000Z"


def test_a_blocked_workplace_tells_why_and_since_when(plant):
    block = {"reason": "stencil torn", "tm": TIME}
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
    before = plant.call("getworkplace", 100)
    plant.call("blockworkplace", 100, "stencil torn")
    assert plant.call("unblockworkplace", wp_id) == {"unblocked": [100]}
    assert plant.call("getworkplace", 100) == before
    assert plant.call("unblockworkplace", wp_id) == {"unblocked": []}


def test_unblocking_is_all_or_nothing(plant):
    plant.call("blockworkplace", 100, "stencil torn")
    assert plant.error("unblockworkplace", [100, 999])["data"]["code"] == "workplace-not-found"
    assert plant.call("getwpblock", 100)["blocked"]


def test_an_unknown_workplace_is_not_found(plant):
    for error in (plant.error("blockworkplace", 999, ""), plant.error("getwpblock", "100,999")):
        assert (error["code"], error["data"]["code"]) == (1001, "workplace-not-found")
