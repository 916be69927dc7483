"""The audit, searched from the newest back: a bounded number of rows is looked at, and the next search goes on there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, NamedTuple

from peewee import Expression, Field, Node, Query, Select, Tuple, Value, fn

from tracepro import clock
from tracepro.database import p, statement
from tracepro.database.core_models import Audit
from tracepro_hookspecs import Call, Row

SHOWN = 25
LOOKED_AT = 2000
"""How many rows one search looks at: the audit has no index on what it is searched for but time."""
CUT = 1000
"""Characters of parameters and changes that are shown."""
NEWEST = 2**63 - 1


@dataclass(frozen=True)
class AuditSearch:
    """What is searched for: a time from ``since`` to ``until`` in microseconds UTC, a worker's id, a code or an id of a unit.

    ``before_tm`` and ``before_id`` are where the last search ended.
    """

    since: int = clock.EARLIEST
    until: int = clock.LATEST
    worker: str = ""
    unit: str = ""
    before_tm: int = clock.LATEST
    before_id: int = NEWEST


@dataclass(frozen=True)
class AuditRow:
    """Who did what, when, where; ``params`` and ``changes`` are JSON, cut after 1000 characters."""

    id: int
    tm: int
    caller: str
    worker: str | None
    wp_id: int | None
    line: str | None
    method: str
    params: str
    changes: str
    address: str


NAMES = tuple(field.name for field in fields(AuditRow))


class AuditPage(NamedTuple):
    """Some rows, newest first, and where to go on; None where nothing older is left in the time asked for."""

    rows: list[AuditRow]
    rest: AuditSearch | None


def _span(*columns: Field[Any]) -> Select:
    before = Tuple(Audit.tm, Audit.id) < Tuple(p("before_tm"), p("before_id"))
    span = Audit.select(*columns).where(Audit.tm >= p("since"), Audit.tm <= p("until"), before)
    return span.order_by(Audit.tm.desc(), Audit.id.desc())


def _contains(text: Node, name: str) -> Expression:
    """Return the condition that a text has another in it, which is meant as it is, without wildcards."""
    return fn.REPLACE(text, p(name), "") != text


def _beginning(text: Node) -> Node:
    return fn.SUBSTR(text, *(Value(number).cast("integer") for number in (1, CUT)))


@statement
def rows_in_span() -> Query:
    """The rows of the next span that are searched for, one more than a page shows."""
    span = _span(*(getattr(Audit, name) for name in NAMES)).limit(LOOKED_AT).alias("span")
    workers = Value(",").concat(fn.COALESCE(span.c.worker, "")).concat(",")
    of_worker = (p("worker") == Value("")) | _contains(workers, "worker")
    of_unit = p("code") == Value("")
    for name in ("code", "last_id", "next_id"):
        of_unit = of_unit | _contains(span.c.params, name)
    for name in ("code", "changed"):
        of_unit = of_unit | _contains(span.c.changes, name)
    cut = {name: _beginning(getattr(span.c, name)) for name in ("params", "changes")}
    columns = [cut.get(name, getattr(span.c, name)) for name in NAMES]
    found = span.select_from(*columns).where(of_worker, of_unit)
    return found.order_by(span.c.tm.desc(), span.c.id.desc()).limit(SHOWN + 1)


@statement
def end_of_span() -> Query:
    """The last row of the next span, none where nothing is left behind it."""
    return _span(Audit.tm, Audit.id).offset(LOOKED_AT - 1).limit(1)


def search_audit(call: Call, search: AuditSearch) -> AuditPage:
    """Return the next rows that are searched for, at most 25 of the next 2000 of the time asked for.

    A unit is found by the code or the id (as ``item_id``) that stands in the parameters, and by what was changed of it. A page
    without rows may have a rest: nothing was found in that many.
    """
    span = asdict(search)
    worker = f",{search.worker}," if search.worker else ""
    found = call.db.rows(rows_in_span, **{**span, "worker": worker, **_of_unit(search.unit)})
    rows = [AuditRow(*row) for row in found[:SHOWN]]
    if len(found) > SHOWN:
        return AuditPage(rows, replace(search, before_tm=rows[-1].tm, before_id=rows[-1].id))
    end: Row | None = call.db.one(end_of_span, **span)
    return AuditPage(rows, None if end is None else replace(search, before_tm=end[0], before_id=end[1]))


def _of_unit(unit: str) -> dict[str, str]:
    """Return the pieces of JSON that tell of a unit."""
    code = json.dumps(unit, ensure_ascii=False) if unit else ""
    if not (unit.isascii() and unit.isdigit()):
        return {"code": code, "last_id": code, "next_id": code, "changed": code}
    named = f'"item_id":{int(unit)}'
    return {"code": code, "last_id": named + "}", "next_id": named + ",", "changed": f'"item {int(unit)}"'}
