"""Looking workplaces up: one statement brings a workplace with its acts and its block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from peewee import JOIN

from tracepro import clock
from tracepro.database import Statement, p
from tracepro_hookspecs import NotFound
from tracepro_hookspecs.records import Block, Workplace
from tracepro_workplaces import models as m


def _query() -> Any:
    place, assigned = m.Workplace, m.Assignment
    columns = (place.id, place.name, place.erp_ref, place.esd, place.block_reason, place.block_tm)
    joined = place.select(*columns, assigned.act).join(assigned, JOIN.LEFT_OUTER)
    return joined.order_by(place.id, assigned.act)


BY_ID = Statement(lambda: _query().where(m.Workplace.id == p("wp_id")))
BY_IDS = Statement(lambda: _query().where(m.Workplace.id.in_(p.integers("wp_ids"))))
BY_NAME = Statement(lambda: _query().where(m.Workplace.name == p("name")))
BY_ERP_REF = Statement(lambda: _query().where(m.Workplace.erp_ref == p("erp_ref")))
ALL = Statement(_query)


def line_of(call: Any, wp_id: int) -> str | None:
    """Returns the name of the line a workplace is on, None when it is on none."""
    return call.line_of("wp_id", wp_id)


def _record(call: Any, rows: Sequence[tuple]) -> Workplace:
    wp_id, name, erp_ref, esd, reason, blocked_at, _ = rows[0]
    acts = tuple(row[6] for row in rows if row[6] is not None)
    block = None if blocked_at is None else Block(reason, clock.text(blocked_at))
    return Workplace(wp_id, name, erp_ref, line_of(call, wp_id), esd, acts, block)


def _records(call: Any, rows: Iterable[tuple]) -> list[Workplace]:
    return [_record(call, list(group)) for _, group in groupby(rows, itemgetter(0))]


def find(call: Any, wp_id: int) -> Workplace | None:
    """Returns a workplace by its id, or None."""
    rows = call.db.rows(BY_ID, wp_id=wp_id)
    return _record(call, rows) if rows else None


def workplace(call: Any, wp_id: int) -> Workplace:
    """Returns a workplace by its id; raises ``workplace-not-found``."""
    found = find(call, wp_id)
    if found is None:
        raise unknown(wp_id)
    return found


def workplaces(call: Any, wp_ids: Iterable[int]) -> list[Workplace]:
    """Returns several workplaces in order of id; raises ``workplace-not-found`` for the first unknown one."""
    wanted = list(dict.fromkeys(wp_ids))
    found = _records(call, call.db.rows(BY_IDS, wp_ids=wanted))
    missing = set(wanted) - {place.id for place in found}
    if missing:
        raise unknown(min(missing))
    return found


def every(call: Any) -> list[Workplace]:
    """Returns all workplaces in order of id."""
    return _records(call, call.db.rows(ALL))


def find_named(call: Any, name: str, erp_ref: str) -> Workplace | None:
    """Returns the workplace with this name and this ERP reference; an empty one matches any, two empty ones none.

    Of several workplaces with one ERP reference it is the one with the lowest id.
    """
    if name:
        found = _records(call, call.db.rows(BY_NAME, name=name))
    elif erp_ref:
        found = _records(call, call.db.rows(BY_ERP_REF, erp_ref=erp_ref))
    else:
        return None
    return next((place for place in found if not erp_ref or place.erp_ref == erp_ref), None)


def unknown(wp_id: int) -> NotFound:
    """Returns the error for a workplace that doesn't exist."""
    return NotFound(
        "workplace-not-found", f"There is no workplace {wp_id}; look its id up with findworkplace."
    )
