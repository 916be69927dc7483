"""Machines that book at the same moment: one unit for one code, exact counts, and a right order of the line."""

import pytest

from tracepro.testing.races import LONG, refusals

pytestmark = pytest.mark.faults("a race")


@pytest.fixture
def watched(make_watched):
    return make_watched(queued=True)


@pytest.mark.parametrize("rounds", [25, LONG])
def test_a_machine_counts_each_success_once_and_no_refusal(watched, at_once, rounds):
    watched.setlineorder("SMT-1", watched.make_order(barcode_pcb="U.*"))
    for n in range(rounds):
        codes = [f"U{n}-{terminal}" for terminal in range(3)] + ["X"]
        answers = at_once(*[lambda code=code: watched.lineaddop(1, code) for code in codes])
        assert refusals(answers) == ["barcode-mask"]
        answers.pop()
        assert sorted(answer["counter0"] for answer in answers) == [3 * n + 1, 3 * n + 2, 3 * n + 3]


@pytest.mark.parametrize("rounds", [25, LONG])
def test_one_new_code_at_two_machines_at_once_is_one_unit(watched, at_once, rounds):
    order = watched.make_order()
    watched.setlineorder("SMT-1", order)
    watched.setlineorder("SMT-2", order)
    for n in range(rounds):
        machines = (1, 11, 1, 11)
        answers = at_once(*[lambda m=m, n=n: watched.lineaddop(m, f"U{n}") for m in machines])
        assert refusals(answers) == ["op-already-done"] * 3
    assert watched.getorderitemcounts(order) == {"1": {"good": rounds, "bad": 0}}
    counters = watched.counters()
    assert counters[1] + counters[11] == rounds


@pytest.mark.parametrize("rounds", [20, LONG])
def test_one_unit_at_two_machines_at_once_is_booked_by_one_and_then_by_the_other(watched, at_once, rounds):
    steps = [{"op": 10, "act": 1}, {"op": 20, "act": 2}, {"op": 25, "act": 2}]
    watched.setlineorder("SMT-1", watched.make_order(steps=steps))
    for n in range(rounds):
        unit = watched.lineaddop(1, f"U{n}")["item_id"]
        answers = at_once(*[lambda n=n: watched.lineaddop(2, f"U{n}")] * 3)
        assert refusals(answers) == ["op-already-done"]
        assert [operation["op"] for operation in watched.getitemoperations(unit)] == [10, 20, 25]


@pytest.mark.parametrize("rounds", [20, LONG])
def test_a_change_of_order_among_bookings_leaves_each_unit_in_one_order(watched, at_once, rounds):
    orders = [watched.make_order(f"VP-{n}", f"PCB-{n}") for n in (1, 2)]
    watched.setlineorder("SMT-1", orders[0])
    for n in range(rounds):
        to = orders[(n + 1) % 2]
        *booked, line = at_once(
            lambda n=n: watched.lineaddop(1, f"A{n}"),
            lambda n=n: watched.lineaddop(1, f"B{n}"),
            lambda to=to: watched.setlineorder("SMT-1", to),
        )
        assert line["order_id"] == to
        for code, answer in zip("AB", booked, strict=True):
            (unit,) = watched.getitembybarcode(f"{code}{n}")
            assert unit["id"] == answer["item_id"] and unit["order_id"] in orders


@pytest.mark.parametrize("rounds", [20, LONG])
def test_one_key_of_line_data_written_at_once_keeps_one_value(watched, at_once, rounds):
    for n in range(rounds):
        stores = [lambda n=n, v=v: watched.storelinedata(100, "a", f"k{n}", v) for v in range(4)]
        assert at_once(*stores) == [True] * 4
        assert watched.findlinedata(100, "a", f"k{n}") in range(4)
