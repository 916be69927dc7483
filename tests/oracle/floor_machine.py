"""A machine that does to a plant what people do: the rules of operations, on top of those of orders and units."""

from hypothesis import strategies as st
from hypothesis.stateful import rule
from plant_things import COMPONENT, COMPONENT_OUT, REPAIR, Record
from units_machine import OPS, UnitsMachine, drawn, some

RESULTS = st.sampled_from([0, 0, 1])
ROWS = st.tuples(st.sampled_from([COMPONENT, COMPONENT, COMPONENT_OUT]), st.sampled_from(["R1", "R2", ""]))
PICKS = st.lists(ROWS, min_size=1, max_size=2)


class Floor(UnitsMachine):
    """Orders, units, operations, marks, components and corrections, in any sequence."""

    def step(self, order, op):
        return order.steps.get(op) or next(iter(order.steps.values()))

    def due(self, unit):
        """The steps a unit may do now."""
        return [step for step in unit.order.steps.values() if not self.oracle.reasons(unit, [step])]

    @some("units")
    @rule(unit=drawn("units"), results=st.lists(RESULTS, min_size=1, max_size=5), repair=st.booleans())
    def go_on(self, unit, results, repair):
        """Record steps that are due, one after the other, as terminals do that asked before."""
        for result in results:
            due = self.due(unit)
            if due:
                repairs = [step for step in due if step.flags & REPAIR]
                self.record(unit, repairs[0] if repair and repairs else due[0], result, ())
        for step in unit.order.steps.values():
            self._ask(unit, [step])

    @some("units")
    @rule(unit=drawn("units"), op=OPS, result=RESULTS)
    def try_any(self, unit, op, result):
        self.record(unit, self.step(unit.order, op), result, ())

    @some("units")
    @rule(unit=drawn("units"), parts=st.tuples(drawn("units"), drawn("units")), picks=PICKS)
    def build(self, unit, parts, picks):
        """Build units in and take them out, whether that makes sense or not."""
        self._build(unit, parts, picks)

    @rule(units=st.permutations([3, 4, 5]), picks=PICKS, more=PICKS, back=st.booleans())
    def rebuild(self, units, picks, more, back):
        """Build the first units into each other, and take the last booking back."""
        host, *parts = (self.oracle.units[number] for number in units)
        self._build(host, parts, picks)
        self._build(host, parts, more)
        if back and self.oracle.records:
            self._cancel(self.oracle.records[-1])

    def _build(self, unit, parts, picks):
        coded = zip(picks, parts, strict=False)
        rows = [(tp, ref, part.barcode2 or part.barcode) for (tp, ref), part in coded]
        steps = self.due(unit) or list(unit.order.steps.values())
        self.record(unit, steps[0], 0, rows)

    def record(self, unit, step, result, rows):
        expected = self.oracle.reasons(unit, [step], rows) | self.oracle.built(unit, rows)[0]
        made = self.call(
            expected,
            "addop",
            unit.id,
            step.op,
            None,
            100,
            [32],
            None,
            None,
            result,
            False,
            [list(row) for row in rows],
        )
        if made:
            self.oracle.record(made["op_id"], unit, step, result, rows)
            self.touched.add(unit.order)

    @some("units")
    @rule(
        units=st.runner().flatmap(
            lambda machine: st.lists(st.sampled_from(machine.oracle.units), max_size=4)
        ),
        op=OPS,
    )
    def batch(self, units, op):
        distinct = list(dict.fromkeys(units))
        good = [unit for unit in distinct if not unit.bad]
        if any(unit.panel in distinct for unit in distinct) or any(
            op not in unit.order.steps for unit in good or distinct
        ):
            return
        expected = set().union(*(self.oracle.reasons(unit, [unit.order.steps[op]]) for unit in good))
        if not good:
            expected = set().union(*(self.oracle.reasons_of_order(unit.order) for unit in distinct))
        made = self.call(expected, "batch_addop", [unit.id for unit in units], op, None, 100, [32])
        if made:
            assert made["skipped"] == [unit.id for unit in distinct if unit.bad]
            assert [row["item_id"] for row in made["ops"]] == [unit.id for unit in good]
            for unit, row in sorted(zip(good, made["ops"], strict=True), key=lambda pair: pair[1]["op_id"]):
                self.oracle.record(row["op_id"], unit, unit.order.steps[op], 0)
                self.touched.add(unit.order)

    @some("units")
    @rule(unit=drawn("units"), ops=st.lists(OPS, min_size=1, max_size=3))
    def ask(self, unit, ops):
        steps = {self.step(unit.order, op).op: self.step(unit.order, op) for op in ops}
        self._ask(unit, list(steps.values()))

    def _ask(self, unit, steps):
        answer = self.call(set(), "canaddop", unit.id, [[step.op, step.act] for step in steps], 100, [32])
        assert {reason["code"] for reason in answer["reasons"]} == self.oracle.reasons(unit, steps)

    @rule(order=drawn("orders"), op=OPS, count=st.integers(1, 5))
    def charge(self, order, op, count):
        step = self.step(order, op)
        expected = self.oracle.why_not_charged(order, [step], count)
        made = self.call(expected, "addncops", order.id, [[step.op, step.act]], count, 100, [32])
        if made:
            self.oracle.records.append(Record(made["op_ids"][0], order, step, count=count))
            self.touched.add(order)

    @some("records")
    @rule(record=drawn("records"))
    def cancel(self, record):
        self._cancel(record)

    @some("records")
    @rule()
    def cancel_latest(self):
        self._cancel(self.oracle.records[-1])

    def _cancel(self, record):
        if self.call(self.oracle.why_not_cancelled(record), "cancelop", record.id, 100, [32], "wrong"):
            self.oracle.cancel(record)
            self.touched.add(record.order)

    @some("units")
    @rule(unit=drawn("units"))
    def look(self, unit):
        history = self.call(set(), "getitemoperations", unit.id)
        assert [(row["id"], row["count"]) for row in history] == self.oracle.operations(unit)
        near = self.call(set(), "getitemrel", unit.id)
        assert {
            (relation["rel"], relation["kind"], relation["item"]["id"]) for relation in near
        } == self.oracle.relations(unit)
