"""Times of recorded work: local ones when clocks change, old ones, ones to come."""

import pytest

ZONE = {"site": {"timezone": "Europe/Prague"}}


def times(floor, unit, tm0=None, tm1=None):
    op_id = floor.do(unit, 10, tm0=tm0, tm1=tm1)
    (found,) = [op for op in floor.getitemoperations(unit) if op["id"] == op_id]
    return found["tm0"][5:16], found["tm1"][5:16]


@pytest.fixture
def prague(make_floor):
    floor = make_floor(parameters=ZONE)
    floor.make_order()
    floor.plant.clock.set("2026-10-25T12:00:00Z")
    return floor


@pytest.mark.parametrize(
    ("tm0", "tm1", "stored"),
    [
        ("2026-10-25T02:10", "2026-10-25T02:40", ("10-25T00:10", "10-25T00:40")),
        ("2026-10-25T02:50", "2026-10-25T02:10", ("10-25T00:50", "10-25T01:10")),
        ("2026-10-25T02:50:00+02:00", "2026-10-25T02:10", ("10-25T00:50", "10-25T01:10")),
        ("2026-10-25T02:10", "2026-10-25T02:10", ("10-25T00:10", "10-25T00:10")),
        ("2026-03-29T01:59", "2026-03-29T02:30", ("03-29T00:59", "03-29T01:00")),
        ("", "2026-10-25T02:10", ("10-25T00:10", "10-25T00:10")),
        ("2026-10-25T13:30", "", ("10-25T12:30", "10-25T12:30")),
        ("2026-10-25T12:30", None, ("10-25T11:30", "10-25T12:00")),
    ],
)
def test_an_end_comes_after_its_begin(prague, tm0, tm1, stored):
    assert times(prague, prague.unit(), tm0, tm1) == stored


@pytest.mark.parametrize(
    ("tm0", "tm1"),
    [
        ("2026-10-25T03:10", "2026-10-25T02:50"),
        ("2026-10-25T02:10", "2026-10-25T01:50"),
        ("2026-10-25T02:50", "2026-10-25T02:10:00+02:00"),
    ],
)
def test_an_end_before_its_begin_is_refused(prague, tm0, tm1):
    assert prague.refusal("addop", prague.unit(), 10, None, 100, [32], tm0, tm1) == (-32602, "invalid-params")


def test_work_may_be_recorded_so_many_days_back(floor):
    unit = floor.unit()
    error = floor.plant.error("addop", unit, 10, None, 100, [32], "2025-11-19T09:59:59Z")
    assert error["code"] == -32602 and error["data"]["parameter"] == "tm0"
    assert "more than 366 days ago" in error["message"]
    assert floor.refusal("addncops", floor.order, [[10, None]], 100, [32], 1, None, "2025-11-01") == (
        -32602,
        "invalid-params",
    )
    floor.do(unit, 10, tm0="2025-11-19T10:00:00Z")


def test_without_a_limit_any_time_may_be_recorded(make_floor):
    floor = make_floor(parameters={"site": {"oldest_days": 0}})
    floor.make_order()
    floor.do(floor.unit(), 10, tm0="1999-11-19T10:00:00Z")


def test_a_repeated_call_is_answered_before_its_times_are_judged(floor):
    unit = floor.unit()
    call = {"jsonrpc": "2.0", "id": 1, "method": "addop"}
    call["params"] = [unit, 10, None, 100, [32], "2025-11-19T10:00:00Z"]
    first = floor.plant.request(call, key="key-no-one")
    floor.plant.clock.advance(hours=1)
    assert floor.plant.request(call, key="key-no-one") == first
    assert b"oldest_days" in floor.plant.request(call, key="key-no-two")


def test_a_day_ahead_is_the_most(floor):
    assert floor.refusal("addop", floor.unit(), 10, None, 100, [32], "2026-11-21T10:00:01Z")[0] == -32602
    floor.do(floor.unit(), 10, tm0="2026-11-21T10:00:00Z")
