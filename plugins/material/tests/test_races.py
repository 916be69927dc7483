"""Takers at once: of the last pieces one gets them, and the books are right."""

import pytest

from tracepro.testing.races import LONG, refusals

pytestmark = pytest.mark.faults("a race")


@pytest.fixture
def floor(make_floor):
    """Return a plant whose writes are queued as in a server: on PostgreSQL several run at once."""
    return make_floor(queued=True)


@pytest.mark.parametrize("rounds", [20, LONG])
def test_the_last_pieces_of_a_lot_have_one_taker(floor, at_once, rounds):
    for n in range(rounds):
        lot = floor.lot(lot=f"L{n}", amount=3)
        units = [floor.unit(f"U{n}-{side}") for side in (0, 1)]
        mat = [[lot, "", 2, 0]]
        answers = at_once(*(lambda unit=unit, mat=mat: floor.record(unit, mat=mat) for unit in units))
        assert refusals(answers) == ["material-short"]
        assert floor.on_floor(lot) == 1
        floor.check_books([lot])


@pytest.mark.parametrize("rounds", [20, LONG])
def test_two_workplaces_load_the_last_of_a_lot(floor, at_once, rounds):
    for n in range(rounds):
        lot = floor.lot(lot=f"L{n}", amount=10)
        at_once(
            lambda n=n: floor.setwpmatclamped(100, "R-10K", f"L{n}", 7, 1),
            lambda n=n: floor.setwpmatclamped(101, "R-10K", f"L{n}", 7, 1),
        )
        assert sorted(floor.loaded(wp_id)[1][0][1] for wp_id in (100, 101)) == [3, 7]
        assert floor.on_floor(lot) == 0
        floor.check_books([lot])


@pytest.mark.parametrize("rounds", [20, LONG])
def test_loading_against_taking(floor, at_once, rounds):
    """A reel is changed while units are placed: each takes from one reel or the other, never from none."""
    lots = [floor.lot(lot=name, amount=10 * rounds) for name in ("L0", "L1")]
    floor.setwpmat(100, "R-10K", "L0", 10, 1)
    for n in range(rounds):
        units = [floor.unit(f"U{n}-{side}") for side in (0, 1)]
        new = f"L{(n + 1) % 2}"
        answers = at_once(
            lambda new=new: floor.setwpmatclamped(100, "R-10K", new, 10, 1),
            *(lambda unit=unit: floor.record(unit, mat_auto=True) for unit in units),
        )
        assert not refusals(answers)
        assert [lot for lot, _ in floor.loaded()[1]] == [new]
    floor.check_books(lots)


@pytest.mark.parametrize("rounds", [10, LONG])
def test_one_hole_never_holds_two_lots(floor, at_once, rounds):
    for n in range(rounds):
        floor.clearwpmat(100)
        names = [f"L{n}-{side}" for side in range(3)]
        at_once(*(lambda name=name: floor.setwpmat(100, "R", name, 5, 1) for name in names))
        assert len(floor.loaded()[1]) == 1
        floor.check_books([floor.getfloormat("R", name)["wfloormat_id"] for name in names])


@pytest.mark.parametrize("rounds", [10, LONG])
def test_a_delivery_note_that_two_scan_counts_once(floor, at_once, rounds):
    for n in range(rounds):
        answers = at_once(*[lambda n=n: floor.receivemat("R", f"L{n}", 5, "DN 1")] * 3)
        assert refusals(answers) == ["receipt-exists"] * 2
        lot = floor.getfloormat("R", f"L{n}")["wfloormat_id"]
        assert floor.on_floor(lot) == 5
        floor.check_books([lot])


@pytest.mark.parametrize("rounds", [10, LONG])
def test_a_new_lot_is_received_once(floor, at_once, rounds):
    for n in range(rounds):
        answers = at_once(*[lambda n=n: floor.getfloormat("R", f"L{n}", 5)] * 4)
        assert len({answer["wfloormat_id"] for answer in answers}) == 1
        lot = answers[0]["wfloormat_id"]
        assert floor.on_floor(lot) == 5
        floor.check_books([lot])
