"""The machine's rules of orders and units, and how every answer is held against the oracle."""

import itertools

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from plant_oracle import Oracle
from plant_things import (
    ANY_ORDER,
    FREE_ROUTE,
    MULTIPANEL,
    OPTIONAL,
    OVERRUN,
    PCB,
    REPAIR,
    REPEATABLE,
    Order,
    Step,
    Unit,
)

from tracepro.testing import RpcError

ROUTE_FLAGS = st.sampled_from([0, 0, 0, OPTIONAL, REPEATABLE, ANY_ORDER, REPAIR, REPAIR])
BACK_TO = st.sampled_from([None, 10, 20, 30])
USUAL = [
    [(REPEATABLE, None), (0, None), (REPAIR, 10)],
    [(0, None), (OPTIONAL, None), (0, None), (REPAIR, 20)],
    [(REPEATABLE, None), (ANY_ORDER, None), (REPAIR, None), (0, None)],
    [(OPTIONAL, None), (REPAIR, 10), (REPEATABLE, None)],
]
ROUTES = st.sampled_from(USUAL) | st.lists(st.tuples(ROUTE_FLAGS, BACK_TO), min_size=2, max_size=5)
ORDER_FLAGS = st.sampled_from([1, 1, 1, 1 | FREE_ROUTE, 1 | OVERRUN, 0])
AMOUNTS = st.sampled_from([0, 4, 5, 7])
CODES = st.sampled_from(["A", "B", "C", "D", "E", "F", "A/1", "P", "Q"])
OPS = st.sampled_from([10, 20, 30, 40, 50])
MARKS = st.sampled_from(["setitembad", "setitemscrap", "setitembadmark", "taken back", "taken back"])
WHERE = {"wp_id": 100, "workers": [32]}


def drawn(what):
    """A strategy that picks one of the things the oracle knows."""
    return st.runner().flatmap(lambda machine: st.sampled_from(getattr(machine.oracle, what)))


def some(what):
    """A precondition: the oracle knows at least one."""
    return precondition(lambda machine: getattr(machine.oracle, what))


class UnitsMachine(RuleBasedStateMachine):
    """Orders and units: made, found, given codes, marked."""

    numbers = itertools.count(1)
    plant = None

    def __init__(self):
        super().__init__()
        self.oracle = Oracle()
        self.prefix = f"R{next(self.numbers)}"
        self.touched = set()

    def call(self, expected, method, *args, **params):
        """Call a method; return its result, or None when it was refused with just the codes expected."""
        try:
            result = self.plant.call(method, *args, **params)
        except RpcError as error:
            codes = {reason["code"] for reason in error.data.get("reasons", ())} or {error.data["code"]}
            assert codes == expected, f"{method} refused for {codes}; the oracle says {expected or 'yes'}"
            return None
        assert not expected, f"{method} went through; the oracle says {expected}"
        return result

    def code(self, name):
        """A code that no other run uses."""
        return f"{self.prefix}-{name}"

    # orders

    @initialize(route=ROUTES, amount=st.sampled_from([0, 6]))
    def begin(self, route, amount):
        self._new_order(0, route, 1, amount)
        self._get_unit(self.oracle.orders[0], "P", MULTIPANEL)
        for name in "ABC":
            self._get_unit(self.oracle.orders[0], name, PCB)

    @precondition(lambda machine: len(machine.oracle.orders) < 3)
    @rule(product=st.integers(0, 1), route=ROUTES, flags=ORDER_FLAGS, amount=AMOUNTS)
    def new_order(self, product, route, flags, amount):
        self._new_order(product, route, flags, amount)

    def _new_order(self, product, route, flags, amount):
        erp_ref, item = self.code(len(self.oracle.orders)), self.code(f"product{product}")
        order_id = self.call(set(), "makeorder", erp_ref, item, 1, flags, amount)["id"]
        rows = [
            {"op": 10 * n, "act": n, "flags": mark, "params": {"back_to": back_to} if mark & REPAIR else {}}
            for n, (mark, back_to) in enumerate(route, 1)
        ]
        self.call(set(), "updateorder", order_id, {"mptp": 1, "mpcount": 2}, rows)
        steps = {row["op"]: Step(**row) for row in rows}
        self.oracle.orders.append(Order(order_id, item, flags, amount, 2, steps))

    @rule(order=drawn("orders"), status=st.sampled_from([1, 1, 1, 2]))
    def set_status(self, order, status):
        self.call(set(), "updateorder", order.id, {"status": status})
        order.status = status

    @rule(order=drawn("orders"), op=OPS)
    def drop_step(self, order, op):
        rows = [vars(step) for step in order.steps.values() if step.op != op]
        in_use = op in order.steps and any(
            record.order is order and record.step.op == op for record in self.oracle.records
        )
        if len(rows) > 1 and self.call(
            {"step-in-use"} if in_use else set(), "updateorder", order.id, {}, rows
        ):
            order.steps.pop(op, None)

    # units

    @rule(order=drawn("orders"), name=CODES, tp=st.sampled_from([0, PCB, PCB, MULTIPANEL]))
    def get_unit(self, order, name, tp):
        self._get_unit(order, name, tp)

    def _get_unit(self, order, name, tp):
        code = self.code(name)
        known = next(iter(self.oracle.coded(code, order.item)), None)
        if known or not tp:
            other = known is not None and known.order is not order
            found = self.call({"barcode-exists"} if other and tp else set(), "getitem", order.id, code, tp)
            assert (found or {}).get("id") == (known.id if known and not other else None)
            return
        made = self.call(self.oracle.why_no_unit(order, code, tp), "getitem", order.id, code, tp)
        if made:
            self.add_unit(order, made["id"], tp, code)

    @rule(order=drawn("orders"), first=st.integers(0, 20), count=st.integers(1, 4))
    def scan_new(self, order, first, count):
        for n in range(first, first + count):
            self._get_unit(order, f"N{n}", PCB)

    def add_unit(self, order, item_id, tp, code):
        unit = Unit(item_id, order, tp, code)
        self.oracle.units.append(unit)
        for relation in self.plant.call("getitemrel", item_id):
            board = Unit(relation["item"]["id"], order, PCB, f"{code}/{relation['ref']}", unit)
            self.oracle.units.append(board)
            unit.boards.append(board)
        self.touched.add(order)

    @some("units")
    @rule(unit=drawn("units"), name=st.sampled_from(["", "A", "S", "T", "P/2"]))
    def second_code(self, unit, name):
        code = name and self.code(name)
        taken = any(owner is not unit for owner in self.oracle.coded(code, unit.order.item))
        if self.call({"barcode-exists"} if taken else set(), "setitembarcode2", unit.id, code):
            unit.barcode2 = code

    @some("units")
    @rule(unit=drawn("units"), method=MARKS)
    def mark(self, unit, method):
        self._mark(unit, method)

    @rule(marks=st.lists(st.tuples(st.integers(0, 2), MARKS), min_size=2, max_size=4))
    def mark_panel_and_boards(self, marks):
        panel = self.oracle.units[0]
        for number, method in marks:
            self._mark([panel, *panel.boards][number], method)

    def _mark(self, unit, method):
        taken_back = method == "taken back"
        name = "setitembad" if taken_back else method
        bad = {"taken back": 0, "setitembadmark": 2}.get(method, 1)
        expected = self.oracle.why_not_marked(unit, bad)
        shown = self.call(expected, name, item_id=unit.id, **WHERE, **({"bad": 0} if taken_back else {}))
        if shown:
            self.oracle.mark(unit, bad)
            assert shown["bad"] == unit.bad
            self.touched.add(unit.order)

    @some("units")
    @rule(
        unit=drawn("units"),
        bits=st.integers(0, 15),
        method=st.sampled_from(["setitemrtflags", "clearitemrtflags"]),
    )
    def flags(self, unit, bits, method):
        unit.rt_flags = unit.rt_flags | bits if method == "setitemrtflags" else unit.rt_flags & ~bits
        assert self.call(set(), method, unit.id, 100, [32], bits)["rt_flags"] == unit.rt_flags

    @rule(name=CODES)
    def find(self, name):
        found = self.call(set(), "getitembybarcode", self.code(name))
        units = self.oracle.coded(self.code(name))
        assert [(row["id"], row["bad"], row["rt_flags"]) for row in found] == [
            (unit.id, unit.bad, unit.rt_flags) for unit in sorted(units, key=lambda unit: unit.id)
        ]

    @invariant()
    def counts_are_right(self):
        while self.touched:
            order = self.touched.pop()
            assert self.call(set(), "getordercounts", order.id) == self.oracle.order_counts(order)
            assert self.call(set(), "getorderitemcounts", order.id) == self.oracle.item_counts(order)
