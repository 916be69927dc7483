"""Counts that are kept while recording, so that asking for them reads a few rows of however large an order.

Steps count each unit once, by its latest result; boards count, their panel doesn't. Units count by type, bad
marks as neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from peewee import EXCLUDED

from tracepro.database import Statement, p
from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_items import models as m
from tracepro_items import reasons
from tracepro_schemas import defs

Change = tuple[int, int]
"""What is added to good and to bad."""
LIMITED = (defs.ITEM_TP_PCB, defs.ITEM_TP_ASSEMBLY)
"""The types that an order's amount counts."""


def _adding(model: Any, keys: tuple[str, ...], numbers: tuple[str, ...]) -> Any:
    fields = model._meta.fields
    row = {fields[name]: p(name, fields[name]) for name in (*keys, *numbers)}
    sums = {fields[name]: fields[name] + getattr(EXCLUDED, name) for name in numbers}
    return model.insert(row).on_conflict(conflict_target=[fields[name] for name in keys], update=sums)


ADD = Statement(lambda: _adding(m.Tally, ("order_id", "op"), ("good", "bad", "noncharged")))
ADD_UNITS = Statement(lambda: _adding(m.UnitCount, ("order_id", "tp"), ("good", "bad")))
OF_ORDER = Statement(lambda: (
    m.Tally.select(m.Tally.op, m.Tally.good, m.Tally.bad, m.Tally.noncharged).where(m.Tally.order_id == p("order_id"))
))  # fmt: skip
UNITS_OF_ORDER = Statement(lambda: (
    m.UnitCount.select(m.UnitCount.tp, m.UnitCount.good, m.UnitCount.bad)
    .where(m.UnitCount.order_id == p("order_id")).order_by(m.UnitCount.tp)
))  # fmt: skip


def add(call: Any, order_id: int, changes: Mapping[int, Change]) -> None:
    """Adds changes by step to an order's counts of steps; a step that is named has records from now on."""
    rows = [
        {"order_id": order_id, "op": op, "good": good, "bad": bad, "noncharged": 0}
        for op, (good, bad) in sorted(changes.items())
    ]
    call.db.many(ADD, rows)


def add_noncharged(call: Any, order_id: int, ops: Iterable[int], count: int) -> None:
    """Adds work without units to steps."""
    rows = [{"order_id": order_id, "op": op, "good": 0, "bad": 0, "noncharged": count} for op in sorted(ops)]
    call.db.many(ADD, rows)


def add_units(call: Any, order_id: int, changes: Mapping[int, Change]) -> None:
    """Adds changes by type to an order's counts of units."""
    rows = [
        {"order_id": order_id, "tp": tp, "good": good, "bad": bad}
        for tp, (good, bad) in sorted(changes.items())
    ]
    call.db.many(ADD_UNITS, rows)


def of_units(call: Any, order_id: int) -> dict[str, dict[str, int]]:
    """Returns how many units of each type an order has, good and bad; types without any are left out."""
    rows = call.db.rows(UNITS_OF_ORDER, order_id=order_id)
    return {str(tp): {"good": good, "bad": bad} for tp, good, bad in rows if good or bad}


def taken(call: Any, order_id: int) -> int:
    """Returns how much of an order's amount its units take: boards and assemblies that are not bad."""
    rows = call.db.rows(UNITS_OF_ORDER, order_id=order_id)
    return sum(good for tp, good, _ in rows if tp in LIMITED)


def of_steps(call: Any, order: Order) -> list[dict[str, int]]:
    """Returns a row for each step of an order; what was counted without units is good."""
    rows = {op: (good + noncharged, bad) for op, good, bad, noncharged in _of_order(call, order.id)}
    return [_row(step, rows.get(step.op, (0, 0))) for step in order.operations]


def _row(step: Step, counts: Change) -> dict[str, int]:
    return {"op": step.op, "act": step.act, "good": counts[0], "bad": counts[1]}


def noncharged(call: Any, order_id: int) -> dict[int, int]:
    """Returns how much was counted without units at each step that has records."""
    return {op: count for op, _, _, count in _of_order(call, order_id)}


def steps_in_use(call: Any, order: Order, steps: Iterable[Step]) -> list[Reason]:
    """Says which steps with records a new routing would drop or give another act."""
    recorded = {row[0] for row in _of_order(call, order.id)}
    kept = {(step.op, step.act) for step in steps}
    return [
        reasons.step_in_use(order, step)
        for step in order.operations
        if step.op in recorded and (step.op, step.act) not in kept
    ]


def _of_order(call: Any, order_id: int) -> list[tuple[int, int, int, int]]:
    return call.db.rows(OF_ORDER, order_id=order_id)
