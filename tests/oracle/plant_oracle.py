"""A plant in plain Python: the rules of the floor written a second time, as simply as they can be said.

Nothing here is fast or stored; it is what the server is held against. Refusals are sets of codes.
"""

from plant_things import (
    ACTIVE,
    ANY_ORDER,
    BADMARK,
    COMPONENT,
    COMPONENT_OUT,
    CREATE_ITEMS,
    FREE_ROUTE,
    GOOD,
    MULTIPANEL,
    OPTIONAL,
    REPAIR,
    REPEATABLE,
    ComponentPosition,
    Record,
)


class Oracle:
    """Orders, units and records, and every question the server is asked about them."""

    def __init__(self):
        self.orders, self.units, self.records = [], [], []

    # units

    def coded(self, code, item=None):
        return [unit for unit in self.units if code in unit.codes and item in (None, unit.order.item)]

    def why_no_unit(self, order, code, tp):
        """Why the order may not get a new unit with this code."""
        codes = self.reasons_of_order(order)
        if not order.flags & CREATE_ITEMS:
            codes.add("item-create-not-allowed")
        new = order.mpcount if tp == MULTIPANEL else 1
        if order.limits(self.amount_taken(order) + new):
            codes.add("order-amount-reached")
        boards = range(1, order.mpcount + 1) if tp == MULTIPANEL else ()
        if not codes and any(self.coded(f"{code}/{n}", order.item) for n in boards):
            codes.add("barcode-exists")
        return codes

    def amount_taken(self, order):
        """How many units count against the order's amount."""
        return sum(unit.order is order and unit.tp != MULTIPANEL and unit.bad == GOOD for unit in self.units)

    def why_not_marked(self, unit, bad):
        """Why a unit can't be marked so: what is taken back needs room in the amount."""
        back = [unit] if unit.tp != MULTIPANEL else [board for board in unit.boards if board.by_panel]
        new = sum(one.bad != GOOD for one in back)
        over = bad == GOOD and new and unit.order.limits(self.amount_taken(unit.order) + new)
        return {"order-amount-reached"} if over else set()

    def mark(self, unit, bad):
        """Mark a unit; a panel takes its good boards with it and gives back only those."""
        unit.bad, unit.by_panel = bad, False
        for board in unit.boards:
            if bad and board.bad == GOOD:
                board.bad, board.by_panel = bad, True
            elif not bad and board.by_panel:
                board.bad, board.by_panel = GOOD, False

    def item_counts(self, order):
        """What getorderitemcounts answers."""
        counts = {}
        for unit in self.units:
            if unit.order is order and unit.bad != BADMARK:
                of_type = counts.setdefault(str(unit.tp), {"good": 0, "bad": 0})
                of_type["bad" if unit.bad else "good"] += 1
        return counts

    # the interlock

    def latest(self, unit, op):
        """The last record of a step that counts for the unit, or None."""
        return next(
            (record for record in reversed(self.records) if record.step.op == op and record.counts_for(unit)),
            None,
        )

    def bearers(self, unit):
        """The units an operation on a unit counts for."""
        if not unit.boards:
            return [unit]
        return [board for board in unit.boards if board.bad == GOOD]

    def reasons_of_order(self, order):
        """Why nothing may be recorded on an order."""
        return set() if order.status == ACTIVE else {"order-not-active"}

    def reasons(self, unit, steps, rows=()):
        """All reasons against recording these steps on the unit, one after the other."""
        codes = self.reasons_of_order(unit.order)
        if unit.bad or not self.bearers(unit):
            codes.add("item-bad")
        leaving = self._leaving(unit, rows)
        if any(part.bad for host in {unit, *self.bearers(unit)} for part in self.below(host, leaving)):
            codes.add("component-bad")
        for bearer in self.bearers(unit):
            codes |= self._one_after_the_other(bearer, sorted(steps, key=lambda step: step.op))
        return codes

    def _one_after_the_other(self, unit, steps):
        latest = {op: self.latest(unit, op) for op in unit.order.steps}
        results = {op: record.result for op, record in latest.items() if record}
        last = next((record.result for record in reversed(self.records) if record.counts_for(unit)), 0)
        codes = set()
        due_first = sorted(steps, key=lambda step: not (step.flags & REPAIR and last))
        for step in due_first:
            codes |= self._against(unit.order, step, results, last)
            back_to = step.params.get("back_to") if step.flags & REPAIR else None
            results = {op: result for op, result in results.items() if back_to is None or op < back_to}
            results[step.op] = last = 0
        return codes

    def _against(self, order, step, results, last):
        if step.flags & REPAIR:
            return set() if last else {"repair-not-due"}
        codes = set()
        if not (step.flags & ANY_ORDER or order.flags & FREE_ROUTE):
            earlier = [
                other for other in order.steps.values() if other.op < step.op and not other.flags & REPAIR
            ]
            if any(results.get(other.op, 0 if other.flags & OPTIONAL else None) != 0 for other in earlier):
                codes.add("previous-op-missing")
        if not step.flags & REPEATABLE and results.get(step.op) == 0:
            codes.add("op-already-done")
        return codes

    # recording

    def record(self, op_id, unit, step, result, rows=()):
        """Write a record down; a passed repair with ``back_to`` undoes what was done from there on."""
        back_to = step.params.get("back_to") if step.flags & REPAIR and result == 0 else None
        boards = [bearer for bearer in self.bearers(unit) if bearer is not unit]
        if back_to is None:
            boards = [board for board in boards if not self._failed_itself(board, step)]
        units = (unit, *boards)
        record = Record(op_id, unit.order, step, result, 1, unit, units)
        if back_to is not None:
            for counted in units:
                for older in self.records:
                    if older.step.op >= back_to and older.counts_for(counted):
                        older.undone[counted] = record
        self.records.append(record)
        positions = self.built(unit, rows, record)[1]
        record.removed = {
            part: part.position
            for part, position in positions.items()
            if part.position and (position is None or position.by[0] is record)
        }
        for part, position in positions.items():
            part.position = position

    def _failed_itself(self, board, step):
        """Tell whether a board's latest record of a step is a fail of its own, which its panel doesn't clear."""
        record = self.latest(board, step.op)
        return record is not None and record.result != 0 and record.unit is board

    def below(self, unit, without=()):
        """Everything that is built into a unit, by components alone."""
        parts = [part for part in self.units if part.position and part.position.host is unit]
        parts = [part for part in parts if part not in without]
        return {*parts}.union(*(self.below(part) for part in parts))

    def _leaving(self, unit, rows):
        """The parts of a unit that rows take out."""
        return {
            part
            for tp, ref, code in rows
            for part in self.coded(code)
            if tp == COMPONENT_OUT and self._is_at(unit, ref, part.position)
        }

    def built(self, unit, rows, record=None):
        """What COMPONENT rows would change: the codes against, and where each part would be."""
        codes, positions, filled = set(), {}, []
        for tp, ref, code in rows:
            parts = [part for part in self.coded(code) if part is not unit]
            if tp == COMPONENT_OUT:
                parts = [part for part in parts if self._is_at(unit, ref, positions.get(part, part.position))]
            against = self._only(parts)
            now = positions.get(parts[0], parts[0].position) if parts else None
            again = tp == COMPONENT and now is not None and (now.host, now.ref) == (unit, ref)
            if tp == COMPONENT and not against and not again:
                against = self._taken(unit, parts[0], positions)
            if not against:
                by = (*now.by, record) if again else (record,)
                positions[parts[0]] = ComponentPosition(unit, ref, by) if tp == COMPONENT else None
                filled += [(parts[0], ref)] if tp == COMPONENT and not again else []
            codes |= against
        held = {part: positions.get(part, part.position) for part in self.units}
        for part, ref in filled:
            if any(
                at and at.host is unit and at.ref == ref != "" and other is not part
                for other, at in held.items()
            ):
                codes.add("position-occupied")
        return codes, positions

    def _is_at(self, unit, ref, position):
        return position is not None and position.host is unit and ref in ("", position.ref)

    def _only(self, parts):
        return {"component-ambiguous" if parts else "component-not-found"} if len(parts) != 1 else set()

    def _taken(self, unit, part, positions):
        if part.bad:
            return {"item-bad"}
        taken = (
            positions.get(part, part.position) is not None or part in self.above(unit) or part.panel is unit
        )
        return {"component-in-use"} if taken else set()

    def above(self, unit):
        """Everything a unit is part of."""
        near = {host for host in (unit.panel, unit.position and unit.position.host) if host}
        return near.union(*(self.above(host) for host in near))

    def relations(self, unit):
        """What getitemrel answers, as a set."""
        near = {("parent", "panel", unit.panel.id)} if unit.panel else set()
        near |= {("parent", "component", unit.position.host.id)} if unit.position else set()
        near |= {("child", "panel", board.id) for board in unit.boards}
        parts = [part for part in self.units if part.position and part.position.host is unit]
        return near | {("child", "component", part.id) for part in parts}

    def order_counts(self, order):
        """What getordercounts answers: each unit once for each step, by its latest result."""
        return [self._count(order, step) for step in sorted(order.steps.values(), key=lambda step: step.op)]

    def _count(self, order, step):
        results = [
            record.result for unit, record in self._latest_of_boards(order, step) if unit.bad != BADMARK
        ]
        good = self.charged(order, step) + results.count(0)
        return {"op": step.op, "act": step.act, "good": good, "bad": len(results) - results.count(0)}

    def _latest_of_boards(self, order, step):
        boards = [unit for unit in self.units if unit.order is order and unit.tp != MULTIPANEL]
        latest = [(unit, self.latest(unit, step.op)) for unit in boards]
        return [(unit, record) for unit, record in latest if record is not None]

    def made(self, order, step):
        """How much of the amount was made at a step, with units and without."""
        passed = [unit for unit, record in self._latest_of_boards(order, step) if record.result == 0]
        return self.charged(order, step) + sum(unit.bad == GOOD for unit in passed)

    def charged(self, order, step):
        """How much was counted without units at a step."""
        of_step = (
            record
            for record in self.records
            if record.unit is None and record.order is order and record.step.op == step.op
        )
        return sum(record.count for record in of_step if not record.cancelled)

    def why_not_charged(self, order, steps, count):
        """Why so many may not be counted on these steps."""
        codes = self.reasons_of_order(order)
        if any(order.limits(self.made(order, step) + count) for step in steps):
            codes.add("order-amount-reached")
        return codes

    # taking back

    def why_not_cancelled(self, record):
        """Why a record can't be taken back."""
        if record.cancelled or any(not self._is_last(record, unit) for unit in record.units):
            return {"op-not-latest"}
        codes = set()
        back = self._put_back(record)
        held = {
            part: part.position for part in self.units if part.position and not self._only_by(part, record)
        }
        for part, position in back.items():
            if part in held or part in self.above(record.unit):
                codes.add("component-in-use")
            if position.ref and any(
                (at.host, at.ref) == (position.host, position.ref) for at in held.values()
            ):
                codes.add("position-occupied")
        return codes

    def _only_by(self, part, record):
        """Tell whether a part is where it is by this record alone."""
        return all(by is record or by.cancelled for by in part.position.by)

    def _is_last(self, record, unit):
        later = (self.latest(unit, op) for op in unit.order.steps if op > record.step.op)
        return self.latest(unit, record.step.op) is record and not any(
            other and other.id > record.id for other in later
        )

    def _put_back(self, record):
        """The parts a record took out, as far as what built them in still counts."""
        return {part: position for part, position in record.removed.items() if not position.cancelled}

    def cancel(self, record):
        """Take a record back; parts it moved go back where they were."""
        record.cancelled = True
        for part in self.units:
            if part.position and self._only_by(part, record):
                part.position = None
        for part, position in self._put_back(record).items():
            part.position = position

    def operations(self, unit):
        """What getitemoperations answers, as (id, count)."""
        mine = [record for record in self.records if unit in record.units]
        return [(record.id, 0 if record.cancelled else record.count) for record in mine]
