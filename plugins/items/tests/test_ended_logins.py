"""Work that was done may be ended and corrected after the login or the ESD test of its workers has ended."""

import pytest

ASKED = {"login_required": True, "esd_check": True, "iluo_check": True}


@pytest.fixture
def floor(make_floor):
    """A floor where a worker was logged in with an ESD test until the shift ended."""
    floor = make_floor(options={"workers": ASKED}, parameters={"site": {"shifts": "06:00 14:00 22:00"}})
    floor.plant.load(
        {
            "workplaces": [{"id": 100, "name": "Line", "esd": True}],
            "workers": [{"id": 32, "name": "J. Novak", "skills": [{"act": 1, "level": "U"}]}],
        }
    )
    floor.make_order()
    floor.setworkeresd(32, 100, True)
    floor.loginwp(32, 100)
    floor.done = floor.do(floor.unit("DONE"), 10)
    floor.plant.clock.advance(hours=13)
    floor.blockworkplace(100, "the stencil is torn")
    return floor


def test_new_work_is_refused_once_the_login_has_ended(floor):
    assert floor.cannot(floor.unit(), 10) == ["workplace-blocked", "login-missing", "esd-expired"]


def test_the_end_of_work_the_marks_and_corrections_are_not(floor):
    unit = floor.item("DONE")["id"]
    assert floor.stopwork(floor.order, [[10, None]], 100, [32])["wl_ids"]
    floor.setitemrtflags(unit, 100, [32], 1)
    floor.clearitemrtflags(unit, 100, [32], 1)
    assert floor.cancelop(floor.done, 100, [32], "wrong unit")["count"] == 0
    assert floor.setitembad(unit, 100, [32])["bad"] == 1
    assert floor.setitembad(unit, 100, [32], 0)["bad"] == 0
    assert floor.setitemscrap(unit, 100, [32], "cracked")["bad"] == 1
    assert floor.setitembadmark(unit, 100, [32])["bad"] == 2


def test_workplace_and_workers_must_be_known(floor):
    unit = floor.item("DONE")["id"]
    calls = {
        "stopwork": (floor.order, [[10, None]]),
        "setitembad": (unit,),
        "setitemscrap": (unit,),
        "setitembadmark": (unit,),
        "cancelop": (floor.done,),
    }
    for method, first in calls.items():
        last = ("wrong unit",) if method == "cancelop" else ()
        assert floor.refusal(method, *first, 99, [32], *last) == (1001, "workplace-not-found"), method
        assert floor.refusal(method, *first, 100, [99], *last) == (1000, "worker-unknown"), method
        assert floor.refusal(method, *first, 100, [34], *last) == (1000, "worker-inactive"), method
