"""Panels and their boards: an operation on a panel counts for each board that is not bad at that moment.

A board stands at a position of its panel, has the code ``PANELCODE/position`` until it gets its own, and goes
its own way whenever something is recorded on itself. A fail that was recorded on itself stays until it is cleared there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from peewee import Query, fn

from tracepro.database import list_rows, p, statement
from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Item
from tracepro_items import models as m
from tracepro_items import reasons, units
from tracepro_items.units import Unit
from tracepro_schemas import defs


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A unit as it is taken in hand: ``others`` are its panel or its boards, ``against`` says that it is bad."""

    item: Item
    others: list[int]
    against: list[Reason]


@statement
def locked_piece() -> Query:
    """A unit, its panel and its boards, locked in a write."""
    own = m.Unit.select(m.Unit.id).where(m.Unit.id == p("id"))
    panel = m.Unit.select(m.Unit.panel_id).where(m.Unit.id == p("id"))
    boards = m.Unit.select(m.Unit.id).where(m.Unit.panel_id == p("id"))
    return units.select_units().where(m.Unit.id.in_(own | panel | boards)).for_update()


@statement
def good_boards_by_panel() -> Query:
    """How many boards of panels are not bad."""
    on_panels = m.Unit.panel_id.in_(p.integers("ids"))
    query = m.Unit.select(m.Unit.panel_id, fn.count(m.Unit.id))
    return query.where(on_panels, m.Unit.bad == defs.ITEM_BAD_GOOD).group_by(m.Unit.panel_id)


@statement
def panels_of_boards() -> Query:
    """The panels of those of the units that are boards."""
    query = m.Unit.select(m.Unit.id, m.Unit.panel_id)
    return query.where(m.Unit.id.in_(p.integers("ids")), m.Unit.panel_id.is_null(False))


@statement
def skipped_by_operation() -> Query:
    """The boards that operations on panels don't count for, because they were bad."""
    query = m.Operation.select(m.Operation.id, m.Operation.skipped)
    return query.where(m.Operation.id.in_(p.integers("op_ids")))


def code_of(panel_code: str, position: int) -> str:
    """Return the code a board has until it gets its own."""
    return f"{panel_code}/{position}"


def counted_units(unit: Unit, boards: Mapping[int, Sequence[Unit]]) -> Sequence[Unit]:
    """Return the units that an operation on a unit counts for: a panel's boards that are not bad, else itself.

    A panel without any boards stands for itself; one whose boards are all bad for none. ``boards`` are those of
    all panels, by panel.
    """
    on_panel = boards.get(unit.id)
    if not on_panel:
        return (unit,)
    return [board for board in on_panel if board.bad == defs.ITEM_BAD_GOOD]


def bad(unit: Unit, counted: Sequence[Unit]) -> list[Reason]:
    """Return that nothing goes on with a unit: it is bad, or a panel without a board that is not."""
    return [reasons.item_bad(unit)] if unit.bad != defs.ITEM_BAD_GOOD or not counted else []


def lock_piece(call: Call, item_id: int) -> Piece:
    """Return a unit with what it is one piece with, locked until the call ends, a panel before its boards.

    Raises ``item-not-found``.
    """
    by_id = {row[0]: Unit(*row) for row in call.db.rows(locked_piece, id=item_id)}
    unit = units.require(by_id.pop(item_id, None), item_id)
    on_panel = {unit.id: list(by_id.values())} if unit.tp == defs.ITEM_TP_MULTIPANEL else {}
    against = bad(unit, counted_units(unit, on_panel))
    return Piece(units.to_items(call, [unit])[0], list(by_id), against)


def boards(call: Call, panel_ids: Sequence[int]) -> dict[int, list[Item]]:
    """Return the boards of panels by panel, in order of position."""
    rows = list_rows(call, units.boards_of_panels, ids=panel_ids) if panel_ids else ()
    found = [Unit(*row) for row in rows]
    items = {item.id: item for item in units.to_items(call, found)}
    return {
        panel_id: [items[board.id] for board in on_panel]
        for panel_id, on_panel in units.by_panel(found).items()
    }


def good_boards(call: Call, panel_ids: Iterable[int]) -> dict[int, int]:
    """Return how many boards of each panel are not bad; a panel without boards counts as one."""
    wanted = list(panel_ids)
    counts: dict[int, int] = dict(call.db.rows(good_boards_by_panel, ids=wanted))
    uncounted = [panel_id for panel_id in wanted if panel_id not in counts]
    without_boards = set(uncounted) - boards(call, uncounted).keys()
    return {panel_id: 1 if panel_id in without_boards else counts.get(panel_id, 0) for panel_id in wanted}


def bad_boards(call: Call, op_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    """Return the boards that were bad when operations on their panels were recorded, by operation."""
    rows = call.db.rows(skipped_by_operation, op_ids=op_ids) if op_ids else ()
    return {op_id: frozenset(skipped or ()) for op_id, skipped in rows}


def panels_of(call: Call, item_ids: Iterable[int]) -> dict[int, int]:
    """Return the panel of each of the units that is a board."""
    wanted = list(item_ids)
    return dict(call.db.rows(panels_of_boards, ids=wanted)) if wanted else {}
