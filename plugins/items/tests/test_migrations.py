"""What is stored by an older version counts as if it had been recorded by this one."""

import importlib
from pathlib import Path

import pytest
import tracepro_items
from tracepro_items import models as m

from tracepro.database import migrating

old = importlib.import_module("tracepro_items.migrations.0001_first")
FOLDER = Path(tracepro_items.__file__).with_name("migrations")


@pytest.fixture
def store(old_store):
    """A database as the first version left it."""
    return old_store("items", FOLDER)


UNIT = {"order_id": 1, "barcode2": "", "bad_reason": "", "bad_by_panel": False, "rt_flags": 0, "created": 0}
OPERATION = {"order_id": 1, "act": 1, "name": "", "wp_id": 1, "workers": [], "tm0": 0, "tm1": 0} | {
    "count": 1,
    "recorded": 0,
    "cancelled": False,
}
# (id, type, bad, panel): a panel with two boards, the second a bad mark; a tower 6 > 5 > 4, and 7 in 5, 4 and 7 bad.
UNITS = [
    (1, 2, 0, None),
    (2, 1, 0, 1),
    (3, 1, 2, 1),
    (4, 1, 1, None),
    (5, 1, 0, None),
    (6, 1, 0, None),
    (7, 1, 1, None),
]
# (id, unit, step, result)
OPERATIONS = [(1, 1, 10, 0), (2, 2, 20, 1), (3, 3, 10, 0), (4, 4, 10, 0), (5, 7, 10, 1)]
# (unit, step, result, operation)
STATES = [(1, 10, 0, 1), (2, 10, 0, 1), (2, 20, 1, 2), (3, 10, 0, 3), (4, 10, 0, 4), (7, 10, 1, 5)]


def fill(db):
    for item_id, tp, bad, panel_id in UNITS:
        columns = {"tp": tp, "bad": bad, "barcode": f"U{item_id}", "panel_id": panel_id}
        db.run(old.Unit.insert({**UNIT, **columns, "id": item_id}))
    for op_id, item_id, op, result in OPERATIONS:
        db.run(
            old.Operation.insert({**OPERATION, "id": op_id, "item_id": item_id, "op": op, "result": result})
        )
    for item_id, op, result, op_id in STATES:
        db.run(old.State.insert({"item_id": item_id, "op": op, "result": result, "op_id": op_id}))
    for child_id, parent_id in ((4, 5), (7, 5), (5, 6)):
        db.run(old.Component.insert({"child_id": child_id, "parent_id": parent_id, "ref": "", "op_id": 1}))
    for op, good, bad in ((10, 3, 1), (20, 0, 1)):
        db.run(old.Tally.insert({"order_id": 1, "op": op, "good": good, "bad": bad, "noncharged": 0}))


def test_own_records_bad_components_and_counts_are_filled_from_what_is_stored(store):
    store.write_inline(fill)
    migrating.apply(store, {"items": FOLDER})
    states = store.read(lambda db: db.rows(m.State.select(m.State.item_id, m.State.op, m.State.own)))
    assert sorted(row[:2] for row in states if not row[2]) == [(2, 10)]
    units = store.read(lambda db: db.rows(m.Unit.select(m.Unit.id, m.Unit.bad_below)))
    assert {item_id: number for item_id, number in units if number} == {5: 2, 6: 2}
    columns = (m.Tally.op, m.Tally.good, m.Tally.bad, m.Tally.scrapped)
    assert sorted(store.read(lambda db: db.rows(m.Tally.select(*columns)))) == [
        (10, 2, 1, 1),
        (20, 0, 1, 0),
    ]
