"""received + corrections = on the floor + on workplaces + consumed + written off: after any calls, always."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tracepro_material import ledger

from tracepro.testing import RpcError

AMOUNT = st.integers(0, 40).map(lambda tenths: tenths / 10)
ON_REEL = st.integers(1, 40).map(lambda tenths: tenths / 10)
WORKPLACE = st.sampled_from((100, 101))
LOT = st.sampled_from((0, 1, 2))
HOLE = st.sampled_from((0, 1, 2))
CALL = st.one_of(
    st.tuples(st.just("receive"), LOT, AMOUNT),
    st.tuples(
        st.just("load"), st.sampled_from(("setwpmat", "setwpmatclamped")), WORKPLACE, LOT, ON_REEL, HOLE
    ),
    st.tuples(
        st.just("load"), st.sampled_from(("setwpmat", "setwpmatclamped")), WORKPLACE, LOT, ON_REEL, HOLE
    ),
    st.tuples(st.just("close"), WORKPLACE, LOT, st.none() | AMOUNT, st.none() | HOLE),
    st.tuples(st.just("clear"), WORKPLACE),
    st.tuples(st.just("write_off"), LOT, AMOUNT),
    st.tuples(st.just("work"), WORKPLACE, st.booleans(), st.lists(st.tuples(LOT, AMOUNT, HOLE), max_size=2)),
    st.tuples(st.just("work"), WORKPLACE, st.just(True), st.just([])),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("add"), st.integers(0, 5), LOT, AMOUNT, HOLE),
)


class Example:
    """One sequence of calls: its own three lots of one article, its own unit, on workplaces swept clean."""

    def __init__(self, floor, number):
        self.floor = floor
        self.names = [f"L{number}-{n}" for n in range(3)]
        for wp_id in (100, 101):
            floor.clearwpmat(wp_id)
        self.lots = [floor.lot(lot=name, amount=5) for name in self.names]
        self.unit = floor.unit(f"U{number}")
        self.operations = []

    def do(self, kind, *args):
        before = self.totals()
        try:
            getattr(self, kind)(*args)
        except RpcError as error:
            assert error.code in (1000, 1001), error
            assert self.totals() == before
        self.floor.check_books(self.lots)

    def totals(self):
        return self.floor.totals(self.lots)

    def receive(self, lot, amount):
        self.floor.receivemat("R-10K", self.names[lot], amount)

    def load(self, method, wp_id, lot, amount, hole):
        getattr(self.floor, method)(wp_id, "R-10K", self.names[lot], amount, hole)

    def close(self, wp_id, lot, counted, hole):
        self.floor.closewpmat(wp_id, "R-10K", self.names[lot], counted, hole)

    def clear(self, wp_id):
        self.floor.clearwpmat(wp_id)

    def write_off(self, lot, amount):
        self.floor.writeoffmat(self.lots[lot], amount, "lost")

    def work(self, wp_id, auto, rows):
        mat = [[self.lots[lot], "R1", amount, hole] for lot, amount, hole in rows]
        self.operations.append(self.floor.record(self.unit, wp_id=wp_id, mat_auto=auto, mat=mat))

    def cancel(self, number):
        if number < len(self.operations):
            self.floor.cancelop(self.operations[number], 100, [32], "wrong")

    def add(self, number, lot, amount, hole):
        if number < len(self.operations):
            self.floor.addopmat(self.operations[number], [[self.lots[lot], "", amount, hole]])


@pytest.mark.parametrize(
    "options",
    [{"splice": "replace", "material_short": "refuse"}, {"splice": "queue", "material_short": "record"}],
    ids=["refuse", "record"],
)
@pytest.mark.parametrize("examples", [15, pytest.param(1000, marks=pytest.mark.slow)])
def test_material_is_conserved(make_floor, options, examples):
    floor, numbers = make_floor(**options), count()

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(CALL, min_size=4, max_size=14))
    def run(calls):
        example = Example(floor, next(numbers))
        for call in calls:
            example.do(*call)

    run()


def test_a_crash_in_a_call_leaves_nothing_behind(floor, monkeypatch):
    lot, unit = floor.lot(amount=100), floor.unit("U1")
    floor.setwpmat(100, "R-10K", "L1", 50, 1, 4)

    def crash(*args):
        raise OSError("the disk is gone")

    monkeypatch.setattr(ledger, "write", crash)
    calls = [
        ("addop", unit, 10, 1, 100, [32], None, None, 0, True),
        ("setwpmat", 100, "R-10K", "L1", 20, 2),
        ("closewpmat", 100, "R-10K", "L1", 7),
        ("writeoffmat", lot, 5, "lost"),
        ("receivemat", "R-10K", "L1", 5),
    ]
    codes = [floor.error(*call)["data"]["code"] for call in calls]
    # The first crash is that of a hook, the others are those of the plugin's own methods.
    assert codes == ["plugin-failed", *["internal-error"] * 4]
    monkeypatch.undo()
    assert floor.loaded() == {1: [("L1", 50)]}
    assert floor.on_floor(lot) == 50
    floor.check_books([lot])
