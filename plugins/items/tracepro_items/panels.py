"""Panels and their boards: an operation on a panel counts for each board that is not bad at that moment.

A board stands at a position of its panel, has the code ``PANELCODE/position`` until it gets its own, and goes
its own way whenever something is recorded on itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peewee import fn

from tracepro.database import Statement, p
from tracepro_hookspecs.records import Item
from tracepro_items import models as m
from tracepro_items import units
from tracepro_items.units import Unit
from tracepro_schemas import defs

GOOD = Statement(lambda: (
    m.Unit.select(m.Unit.panel_id, fn.count(m.Unit.id))
    .where(m.Unit.panel_id.in_(p.integers("ids")), m.Unit.bad == defs.ITEM_BAD_GOOD)
    .group_by(m.Unit.panel_id)
))  # fmt: skip
PANELS = Statement(lambda: (
    m.Unit.select(m.Unit.id, m.Unit.panel_id)
    .where(m.Unit.id.in_(p.integers("ids")), m.Unit.panel_id.is_null(False))
))  # fmt: skip


def code_of(panel_code: str, position: int) -> str:
    """Returns the code a board has until it gets its own."""
    return f"{panel_code}/{position}"


def bearers(one: Unit, boards: Mapping[int, Sequence[Unit]]) -> Sequence[Unit]:
    """Returns the units an operation on a unit counts for: a panel's boards that are not bad, else itself.

    A panel without any boards stands for itself; one whose boards are all bad for none.
    """
    on_panel = boards.get(one.id)
    if not on_panel:
        return (one,)
    return [board for board in on_panel if board.bad == defs.ITEM_BAD_GOOD]


def boards(call: Any, panel_ids: Sequence[int]) -> dict[int, list[Item]]:
    """Returns the boards of panels by panel, in order of position."""
    found = [Unit._make(row) for row in call.db.rows(units.BOARDS_OF, ids=panel_ids)] if panel_ids else []
    by_panel: dict[int, list[Item]] = {}
    for board, row in zip(units.records(call, found), found, strict=True):
        by_panel.setdefault(row.panel_id, []).append(board)
    return by_panel


def good_boards(call: Any, panel_ids: Iterable[int]) -> dict[int, int]:
    """Returns how many boards of each panel are not bad; a panel without boards counts as one."""
    wanted = list(panel_ids)
    counts = dict(call.db.rows(GOOD, ids=wanted))
    empty = set(wanted) - counts.keys() - boards(call, [one for one in wanted if one not in counts]).keys()
    return {panel_id: 1 if panel_id in empty else counts.get(panel_id, 0) for panel_id in wanted}


def panels_of(call: Any, item_ids: Iterable[int]) -> dict[int, int]:
    """Returns the panel of each of the units that is a board."""
    wanted = list(item_ids)
    return dict(call.db.rows(PANELS, ids=wanted)) if wanted else {}
