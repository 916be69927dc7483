"""Counts that are kept while recording, so that asking for them reads a few rows of however large an order.

Steps count each unit once, by its latest result; boards count, their panel doesn't. Units count by type. Bad
marks count as neither good nor bad, by type and at steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from peewee import EXCLUDED, Query

from tracepro.database import Model, p, statement
from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_items import models as m
from tracepro_items import reasons
from tracepro_schemas import defs

LIMITED = (defs.ITEM_TP_PCB, defs.ITEM_TP_ASSEMBLY)
"""The types that an order's amount counts."""


class CountChange(msgspec.Struct, gc=False):
    """How many good and bad ones more there are; a negative number is how many fewer.

    ``scrapped`` are those of the good ones of a step that are scrapped units.
    """

    good: int = 0
    bad: int = 0
    scrapped: int = 0

    def add(self, result: int, number: int = 1, *, of: int = defs.ITEM_BAD_GOOD) -> None:
        """Count the latest result of a unit ``number`` times more; ``of`` is how the unit is marked."""
        if of == defs.ITEM_BAD_BADMARK:
            return
        if result == defs.RESULT_PASS:
            self.good += number
            self.scrapped += number if of == defs.ITEM_BAD_SCRAP else 0
        else:
            self.bad += number


CountChanges = Mapping[int, CountChange]
"""Changes by step or by type."""


def _insert_or_add(model: type[Model], keys: Sequence[str], numbers: Sequence[str]) -> Query:
    """Return the insert of a row that adds its numbers to those of the row that is there already."""
    fields = model._meta.fields
    row = {fields[name]: p(name, fields[name]) for name in (*keys, *numbers)}
    sums = {fields[name]: fields[name] + getattr(EXCLUDED, name) for name in numbers}
    return model.insert(row).on_conflict(conflict_target=[fields[name] for name in keys], update=sums)


@statement
def add_to_step() -> Query:
    """Add to what a step of an order counts."""
    return _insert_or_add(m.Tally, ("order_id", "op"), ("good", "bad", "scrapped", "noncharged"))


@statement
def add_to_type() -> Query:
    """Add to what an order has of a type of units."""
    return _insert_or_add(m.UnitCount, ("order_id", "tp"), ("good", "bad"))


@statement
def counts_of_steps() -> Query:
    """What the steps of an order count."""
    query = m.Tally.select(m.Tally.op, m.Tally.good, m.Tally.bad, m.Tally.scrapped, m.Tally.noncharged)
    return query.where(m.Tally.order_id == p("order_id"))


@statement
def counts_of_orders() -> Query:
    """What the steps of several orders have made."""
    query = m.Tally.select(m.Tally.order_id, m.Tally.op, m.Tally.good - m.Tally.scrapped + m.Tally.noncharged)
    return query.where(m.Tally.order_id.in_(p.integers("order_ids")))


@statement
def counts_of_types() -> Query:
    """What an order has of each type of units."""
    query = m.UnitCount.select(m.UnitCount.tp, m.UnitCount.good, m.UnitCount.bad)
    return query.where(m.UnitCount.order_id == p("order_id")).order_by(m.UnitCount.tp)


def add(call: Call, order_id: int, changes: CountChanges) -> None:
    """Add changes by step to an order's counts of steps; a step that is named has records from now on."""
    rows = [
        {"order_id": order_id, "op": op, "noncharged": 0, **msgspec.structs.asdict(change)}
        for op, change in sorted(changes.items())
    ]
    for row in rows:
        call.db.defer(add_to_step, **row)


def add_noncharged(call: Call, order_id: int, ops: Iterable[int], count: int) -> None:
    """Add work without units to steps; one that is named twice gets twice the count."""
    nothing = msgspec.structs.asdict(CountChange())
    rows = [
        {"order_id": order_id, "op": op, "noncharged": count * times, **nothing}
        for op, times in sorted(Counter(ops).items())
    ]
    for row in rows:
        call.db.defer(add_to_step, **row)


def add_units(call: Call, order_id: int, changes: CountChanges) -> None:
    """Add changes by type to an order's counts of units."""
    rows = [
        {"order_id": order_id, "tp": tp, "good": change.good, "bad": change.bad}
        for tp, change in sorted(changes.items())
    ]
    for row in rows:
        call.db.defer(add_to_type, **row)


def of_units(call: Call, order_id: int) -> dict[str, dict[str, int]]:
    """Return how many units of each type an order has, good and bad; types without any are left out."""
    rows = call.db.rows(counts_of_types, order_id=order_id)
    return {str(tp): {"good": good, "bad": bad} for tp, good, bad in rows if good or bad}


def amount_taken(call: Call, order_id: int) -> int:
    """Return how much of an order's amount its units take: boards and assemblies that are not bad."""
    rows = call.db.rows(counts_of_types, order_id=order_id)
    return sum(good for tp, good, _ in rows if tp in LIMITED)


def of_steps(call: Call, order: Order) -> list[dict[str, int]]:
    """Return a row for each step of an order; what was counted without units is good."""
    rows = call.db.rows(counts_of_steps, order_id=order.id)
    counts = {op: (good + noncharged, bad) for op, good, bad, _, noncharged in rows}
    return [_row(step, *counts.get(step.op, (0, 0))) for step in order.operations]


def _row(step: Step, good: int, bad: int) -> dict[str, int]:
    return {"op": step.op, "act": step.act, "good": good, "bad": bad}


def made(call: Call, order_id: int) -> dict[int, int]:
    """Return how much was made at each step that has records: passes of units not bad, and work without units."""
    rows = call.db.rows(counts_of_steps, order_id=order_id)
    return {op: good - scrapped + noncharged for op, good, _, scrapped, noncharged in rows}


def done(call: Call, orders: Sequence[Order]) -> dict[int, int]:
    """Return how much was made at the last step that all units of an order need, by order; 0 where there is no step."""
    rows = call.db.rows(counts_of_orders, order_ids=[order.id for order in orders]) if orders else ()
    made_at = {(order_id, op): count for order_id, op, count in rows}
    return {order.id: made_at.get((order.id, _last_needed(order)), 0) for order in orders}


def _last_needed(order: Order) -> int | None:
    """Return the number of the last step that no unit is done without; of all steps where none is needed."""
    spared = defs.STEP_F_OPTIONAL | defs.STEP_F_REPAIR
    needed = [step.op for step in order.operations if not step.flags & spared]
    return max(needed or [step.op for step in order.operations], default=None)


def steps_in_use(call: Call, order: Order, steps: Iterable[Step]) -> list[Reason]:
    """Return why a new routing can't be: it drops steps with records or gives them another act."""
    recorded = made(call, order.id).keys()
    kept = {(step.op, step.act) for step in steps}
    return [
        reasons.step_in_use(order, step)
        for step in order.operations
        if step.op in recorded and (step.op, step.act) not in kept
    ]
