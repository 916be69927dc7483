"""A unit's records, the newest first, page by page: with the data and the material of each, long ones cut."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import Query
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro.database import ListTooLong, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import OpMat
from tracepro_items import history
from tracepro_items import models as m
from tracepro_items.history import COLUMNS, MATERIAL, OperationRow
from tracepro_items.pages.family import by_lot
from tracepro_items.pages.tree import cut
from tracepro_items.retention import data_archived_before
from tracepro_items.units import Unit
from tracepro_schemas import defs

PAGE = 50
NEWEST = 2**63 - 1
DATA, DATA_OF_PAGE, LONGEST_KEY, LONGEST_VALUE = 20, 250, 60, 120
"""Rows of data that a record and a page show, and characters of their keys and values."""
LOTS = 6


class Records(NamedTuple):
    """A page of operations, the newest first; ``next`` is the ``before`` of the next one, None on the last."""

    rows: list[OperationRow]
    next: int | None


@statement
def latest_operations() -> Query:
    """The operations on units before one, the newest first.

    By what is as large as the id and not the id itself: PostgreSQL would read all that was ever recorded backwards.
    """
    found = m.Operation.select(*COLUMNS).where(m.Operation.item_id.in_(p.integers("ids")))
    newest = found.where(m.Operation.id < p("before")).order_by((m.Operation.id + 0).desc())
    return newest.limit(p("limit"))


@statement
def latest_data() -> Query:
    """The data rows of operations, the newest first."""
    found = m.Data.select(m.Data.op_id, m.Data.tp, m.Data.key, m.Data.value)
    newest = found.where(m.Data.op_id.in_(p.integers("op_ids"))).order_by((m.Data.id + 0).desc())
    return newest.limit(p("limit"))


def page(call: Call, unit: Unit, before: int = NEWEST, limit: int = PAGE) -> Records:
    """Return what was recorded on a unit before an operation, with what its panel did for it."""
    ids = [unit.id] if unit.panel_id is None else [unit.id, unit.panel_id]
    found = call.db.rows(latest_operations, ids=ids, before=before, limit=limit + 1)
    rows = [OperationRow(*row) for row in found]
    last = rows[limit - 1].id if len(rows) > limit else None
    return Records([row for row in rows[:limit] if history.counts_for(row, unit)], last)


def entries(call: Call, rows: Sequence[OperationRow]) -> list[dict[str, Any]]:
    """Return records as the page shows them; ``more_data`` and ``more_lots`` tell that some are left out."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    data, cut_from = _data_of(call, ids)
    mat = _material_of(call, ids)
    archived = data_archived_before(call, (row.recorded for row in rows))
    found = []
    for row in rows:
        values, lots = data.get(row.id, ()), by_lot(mat.get(row.id, ()) if mat else ())
        entry = {"done": row, "data": values[:DATA], "lots": lots[:LOTS], "archived": row.recorded < archived}
        more_data = row.id <= cut_from or len(values) > DATA
        found.append(entry | {"more_data": more_data, "more_lots": mat is None or len(lots) > LOTS})
    return found


def _material_of(call: Call, op_ids: Sequence[int]) -> Mapping[int, Sequence[OpMat]] | None:
    """Return what operations took; None where that is more than a list may have."""
    if not call.hooks.has(MATERIAL):
        return {}
    try:
        return call.hooks.collect(MATERIAL, op_ids=tuple(op_ids))
    except ListTooLong:
        return None


def _data_of(call: Call, op_ids: Sequence[int]) -> tuple[dict[int, list[tuple[str, str]]], int]:
    """Return the data of operations as key and text, and the newest operation of which some are left out, 0 for none."""
    rows = call.db.rows(latest_data, op_ids=op_ids, limit=DATA_OF_PAGE + 1)
    found: dict[int, list[tuple[str, str]]] = {}
    for op_id, tp, key, value in reversed(rows[:DATA_OF_PAGE]):
        found.setdefault(op_id, []).append((cut(key, LONGEST_KEY), text_of(tp, value)))
    return found, rows[DATA_OF_PAGE][0] if len(rows) > DATA_OF_PAGE else 0


def text_of(tp: int, value: Any) -> str:
    """Return the value of a data row as people read it: a measurement with its limits and unit."""
    if tp == defs.DATA_TP_MEASUREMENT and isinstance(value, dict):
        low, high = value.get("low"), value.get("high")
        limits = "" if low is None and high is None else f" ({_limit(low)} to {_limit(high)})"
        return cut(f"{value.get('value')} {value.get('unit') or ''}".rstrip() + limits, LONGEST_VALUE)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return cut(text, LONGEST_VALUE)


def _limit(number: Any) -> str:
    return "…" if number is None else str(number)


def places_and_people(call: Call, done: Iterable[OperationRow]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the names of the workplaces and of the workers of operations, by id."""
    rows = list(done)
    places = workplaces_api.workplaces(call, sorted({row.wp_id for row in rows})) if rows else ()
    people = workers_api.workers(call, sorted({worker_id for row in rows for worker_id in row.workers}))
    return {place.id: place.name for place in places}, {worker.id: worker.name for worker in people}
