"""Looking workplaces up: one statement brings a workplace with its acts and its block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from peewee import JOIN, Query

from tracepro import clock
from tracepro.database import list_rows, p, statement
from tracepro_hookspecs import Call, Row
from tracepro_hookspecs.records import Block, Workplace
from tracepro_workplaces import models as m
from tracepro_workplaces.reasons import workplace_not_found


def _select_workplaces() -> Query:
    """One row for each act of a workplace, one without an act for a workplace that has none."""
    workplace, assignment = m.Workplace, m.Assignment
    columns = (workplace.id, workplace.name, workplace.erp_ref, workplace.esd)
    block = (workplace.block_reason, workplace.block_tm)
    joined = workplace.select(*columns, *block, assignment.act).join(assignment, JOIN.LEFT_OUTER)
    return joined.order_by(workplace.id, assignment.act)


@statement
def workplace_by_id() -> Query:
    """One workplace."""
    return _select_workplaces().where(m.Workplace.id == p("wp_id"))


@statement
def workplaces_by_ids() -> Query:
    """Several workplaces in order of id."""
    return _select_workplaces().where(m.Workplace.id.in_(p.integers("wp_ids")))


@statement
def workplaces_by_name() -> Query:
    """The workplace with a name."""
    return _select_workplaces().where(m.Workplace.name == p("name"))


@statement
def workplaces_by_erp_ref() -> Query:
    """The workplaces with an ERP reference in order of id."""
    return _select_workplaces().where(m.Workplace.erp_ref == p("erp_ref"))


@statement
def all_workplaces() -> Query:
    """All workplaces in order of id."""
    return _select_workplaces()


@statement
def names_of_workplaces() -> Query:
    """Names and ERP references of the workplaces behind an id, in order of id."""
    workplace = m.Workplace
    columns = workplace.select(workplace.id, workplace.name, workplace.erp_ref)
    return columns.where(workplace.id > p("after")).order_by(workplace.id)


def line_of(call: Call, wp_id: int) -> str | None:
    """Return the name of the line a workplace is on, None when it is on none."""
    return call.line_of("wp_id", wp_id)


def _record(call: Call, rows: Sequence[Row]) -> Workplace:
    wp_id, name, erp_ref, esd, block_reason, block_tm, _ = rows[0]
    acts = tuple(row[6] for row in rows if row[6] is not None)
    block = None if block_tm is None else Block(block_reason, clock.text(block_tm))
    return Workplace(wp_id, name, erp_ref, line_of(call, wp_id), esd, acts, block)


def _records(call: Call, rows: Iterable[Row]) -> list[Workplace]:
    return [_record(call, list(group)) for _, group in groupby(rows, itemgetter(0))]


def find(call: Call, wp_id: int) -> Workplace | None:
    """Return a workplace by its id, or None."""
    rows = call.db.rows(workplace_by_id, wp_id=wp_id)
    return _record(call, rows) if rows else None


def ask_ahead(call: Call, wp_id: int) -> None:
    """Have a workplace asked for with the next statement, for :func:`find` and :func:`workplace`."""
    call.db.ask_ahead(workplace_by_id, wp_id=wp_id)


def workplace(call: Call, wp_id: int) -> Workplace:
    """Return a workplace by its id. Raises ``workplace-not-found``."""
    found = find(call, wp_id)
    if found is None:
        raise workplace_not_found(wp_id)
    return found


def workplaces(call: Call, wp_ids: Iterable[int]) -> list[Workplace]:
    """Return several workplaces in order of id. Raises ``workplace-not-found`` for the first unknown one."""
    wanted = list(dict.fromkeys(wp_ids))
    found = _records(call, call.db.rows(workplaces_by_ids, wp_ids=wanted))
    missing = set(wanted) - {workplace.id for workplace in found}
    if missing:
        raise workplace_not_found(min(missing))
    return found


def list_workplaces(call: Call) -> list[Workplace]:
    """Return all workplaces in order of id."""
    return _records(call, list_rows(call, all_workplaces))


def search(call: Call, text: str, after: int, most: int) -> list[Workplace]:
    """Return workplaces behind an id whose id, name or ERP reference has a text in it, small or capital; "" is in all."""
    wanted = text.casefold()
    rows = call.db.rows(names_of_workplaces, after=after)
    found = [row[0] for row in rows if any(wanted in str(value).casefold() for value in row)]
    return workplaces(call, found[:most]) if found else []


def find_by_name_and_erp_ref(call: Call, name: str, erp_ref: str) -> Workplace | None:
    """Return the workplace with this name and this ERP reference; an empty one matches any, two empty ones none.

    Of several workplaces with one ERP reference it is the one with the lowest id.
    """
    if name:
        found = _records(call, call.db.rows(workplaces_by_name, name=name))
    elif erp_ref:
        found = _records(call, call.db.rows(workplaces_by_erp_ref, erp_ref=erp_ref))
    else:
        return None
    return next((workplace for workplace in found if not erp_ref or workplace.erp_ref == erp_ref), None)
