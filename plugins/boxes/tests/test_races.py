"""Terminals that pack at once: a unit lies in one box, no box is overfull, none lies in itself, and no unit slips in or out."""

from functools import partial

import pytest

from tracepro.testing.races import LONG, refusals
from tracepro_schemas import defs

pytestmark = pytest.mark.faults("a race")


@pytest.fixture
def floor(make_floor):
    """Return a plant whose writes are queued as in a server: on PostgreSQL several run at once."""
    return make_floor(queued=True)


@pytest.mark.parametrize("rounds", [10, LONG])
def test_one_unit_that_is_packed_everywhere_at_once_lies_in_one_box(floor, at_once, rounds):
    boxes = [floor.box() for _ in range(3)]
    for _ in range(rounds):
        unit = floor.unit()
        answers = at_once(*(partial(floor.addboxitem, box, unit) for box in boxes))
        assert refusals(answers) == ["item-in-box"] * 2
        (box,) = floor.getboxbyitem(unit)
        assert floor.delfrombox(box["id"], unit)["count"] == 0


@pytest.mark.parametrize("rounds", [10, LONG])
def test_a_panel_and_its_board_that_are_packed_at_once_stay_one_piece(floor, at_once, rounds):
    for n in range(rounds):
        panel, boards = floor.panel(f"P{n}", 2)
        answers = at_once(
            partial(floor.addboxitem, floor.box(), panel), partial(floor.addboxitem, floor.box(), boards[0])
        )
        assert refusals(answers) == ["item-in-box"]


@pytest.mark.parametrize("rounds", [10, LONG])
def test_a_box_that_many_fill_at_once_is_never_overfull(floor, at_once, rounds):
    for _ in range(rounds):
        box, child = floor.box(box_size=2), floor.box()
        units = [floor.unit() for _ in range(3)]
        answers = at_once(
            *(partial(floor.addboxitem, box, unit) for unit in units), partial(floor.addboxbox, box, child)
        )
        assert refusals(answers) == ["box-full"] * 2
        found = floor.getbox(box)
        assert len(found["items"]) + len(found["boxes"]) == 2


@pytest.mark.parametrize("rounds", [3, LONG])
def test_boxes_that_are_put_into_each_other_at_once_make_no_circle(floor, at_once, rounds):
    for _ in range(rounds):
        a, b, c = (floor.box() for _ in range(3))
        answers = at_once(
            partial(floor.addboxbox, a, b), partial(floor.addboxbox, b, c), partial(floor.addboxbox, c, a)
        )
        assert refusals(answers) == ["box-cycle"]
        parents = [floor.getbox(box)["parent_id"] for box in (a, b, c)]
        assert parents.count(None) == 1


@pytest.mark.parametrize("rounds", [10, LONG])
def test_a_box_is_closed_with_all_in_it_or_before_anything_gets_in(floor, at_once, rounds):
    """Nothing gets in or out of a carton once its pallet is closed, whoever was first."""
    for _ in range(rounds):
        inside, outside = floor.unit(), floor.unit()
        carton = floor.box(inside)
        pallet = floor.box()
        closed, moved, added, taken = at_once(
            lambda pallet=pallet: floor.set(pallet, status=defs.BOX_ST_CLOSED)["count"],
            partial(floor.addboxbox, pallet, carton),
            partial(floor.addboxitem, carton, outside),
            partial(floor.delfrombox, carton, inside),
        )
        assert {"box-closed"}.issuperset(refusals([moved, added, taken])), (moved, added, taken)
        count = floor.getbox(carton)["count"]
        assert count == 1 + (added != "box-closed") - (taken != "box-closed")
        if moved == "box-closed":
            assert closed == 0 and floor.getbox(carton)["parent_id"] is None
        else:
            assert closed == floor.getbox(pallet)["count"] == count


@pytest.mark.parametrize("rounds", [10, LONG])
def test_work_on_a_box_is_on_what_lies_in_it_while_units_get_in_and_out(floor, at_once, rounds):
    for n in range(rounds):
        first, second, third = (floor.unit() for _ in range(3))
        carton = floor.box(first, second)
        pallet = floor.box(inside=[carton])
        done, added, taken, cleared = at_once(
            partial(floor.record, pallet),
            partial(floor.addboxitem, carton, third),
            partial(floor.delfrombox, carton, first),
            partial(floor.clearbox, pallet) if n % 2 else partial(floor.addop, second, 10, 1, 100, [32]),
        )
        assert refusals([added, taken]) == []
        if isinstance(done, str):
            assert done == ("box-empty" if n % 2 else "op-already-done")
            assert floor.getitemoperations(third) == []
        else:
            assert done in ([first, second], [second], [first, second, third], [second, third])
            assert [unit for unit in (first, second, third) if floor.getitemoperations(unit)] == sorted(done)
            assert refusals([cleared]) == ([] if n % 2 else ["op-already-done"])


@pytest.mark.parametrize("rounds", [10, LONG])
def test_boxes_that_are_moved_by_clearing_while_others_work_in_them_answer_all(floor, at_once, rounds):
    pallets, carton = [floor.box() for _ in range(2)], floor.box()
    for n in range(rounds):
        pallet, unit = pallets[n % 2], floor.unit()
        floor.addboxbox(pallet, carton)
        answers = at_once(
            partial(floor.clearbox, pallet),
            partial(floor.addboxitem, carton, unit),
            partial(floor.addboxbox, pallets[1 - n % 2], carton),
            partial(floor.record, pallet),
        )
        assert {"item-in-box", "box-empty", "op-already-done"}.issuperset(refusals(answers))
        floor.clearbox(pallets[1 - n % 2])
        assert floor.clearbox(carton)["count"] == 0 and floor.getboxbyitem(unit) == []


@pytest.mark.parametrize("rounds", [10, LONG])
def test_one_label_is_given_once(floor, at_once, rounds):
    for n in range(rounds):
        box = floor.box()
        answers = at_once(
            *[partial(floor.makebox, "", 0, f"B{n}")] * 2,
            partial(floor.setboxlabel, box, f"B{n}"),
        )
        assert refusals(answers) == ["label-exists"] * 2
        assert floor.getboxbylabel(f"B{n}")["label"] == f"B{n}"
