"""Endpoints that ask for the next board at once, and a scanner beside them: no board is given twice, and none is lost."""

import pytest

from tracepro.testing.races import LONG, refusals

pytestmark = pytest.mark.faults("a race")

STEPS = [{"op": 10, "act": 1}, {"op": 30, "act": 3, "flags": 2}]
"""The second step is repeatable, so that nothing but its record keeps a board from being given again."""
WHO = {"line_name": "SMT-1", "op": 30, "act": 3, "wp_id": 102, "workers": [32]}


@pytest.fixture
def plant(make_watched):
    watched = make_watched(queued=True)
    watched.plant.order = watched.make_order(steps=STEPS)
    return watched.plant


def enter(plant, code):
    unit = plant.call("getitem", plant.order, code, 1)["id"]
    plant.call("addop", unit, 10, 1, 100, [32])
    return unit


@pytest.mark.parametrize("rounds", [20, LONG])
def test_two_endpoints_never_get_the_same_board(plant, at_once, rounds):
    for n in range(rounds):
        plant.clock.advance(minutes=61)
        units = [enter(plant, f"U{n}-{side}") for side in (0, 1)]
        answers = at_once(*[lambda: plant.call("lslineoptonextboard", **WHO)["item_id"]] * 3)
        assert sorted(answer for answer in answers if isinstance(answer, int)) == units
        assert refusals(answers) == ["no-next-board"]


@pytest.mark.parametrize("rounds", [20, LONG])
def test_a_board_that_somebody_scans_meanwhile_is_not_given_again(plant, at_once, rounds):
    for n in range(rounds):
        plant.clock.advance(minutes=61)
        units = [enter(plant, f"U{n}-{side}") for side in (0, 1)]
        _, given = at_once(
            lambda units=units: plant.call("addop", units[0], 30, 3, 101, [32]),
            lambda: plant.call("lslineoptonextboard", **WHO)["item_id"],
        )
        records = [len(plant.call("getitemoperations", unit)) for unit in units]
        scanned_later = given == units[0]
        assert records == ([3, 1] if scanned_later else [2, 2]), given
        if scanned_later:
            plant.call("lslineoptonextboard", **WHO)


@pytest.mark.parametrize("rounds", [20, LONG])
def test_boards_that_enter_at_once_all_enter(plant, at_once, rounds):
    for n in range(rounds):
        plant.clock.advance(minutes=61)
        units = [plant.call("getitem", plant.order, f"U{n}-{side}", 1)["id"] for side in range(3)]
        at_once(*(lambda unit=unit: plant.call("addop", unit, 10, 1, 100, [32]) for unit in units))
        entered = [row["item_id"] for row in plant.call("getlsline", "SMT-1")["history"]]
        assert entered == sorted(entered, key=lambda unit: plant.call("getitemoperations", unit)[0]["id"])
        given = [plant.call("lslineoptonextboard", **WHO)["item_id"] for _ in units]
        assert sorted(given) == units and given == entered
