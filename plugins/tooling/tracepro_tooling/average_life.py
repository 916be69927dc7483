"""Average tool life: how many parts tools, or those of an inventory item, made between replacements."""

from __future__ import annotations

from collections.abc import Sequence

from peewee import Field, Query, fn

from tracepro.database import Statement, p, statement
from tracepro_hookspecs import Call
from tracepro_tooling import models as m

PREEMPTIVE = 2
"""The reason of a replacement before the tool was worn, which tells nothing of its life; nor does an index."""


def _average_by(column: Field[int | None]) -> Query:
    counts = (m.ToolReplacement.reason != PREEMPTIVE) & (m.ToolReplacement.indexed == False)  # noqa: E712
    parts = fn.SUM(m.ToolReplacement.static_part_count)
    query = m.ToolReplacement.select(column, parts, fn.COUNT(m.ToolReplacement.id))
    return query.where(column.in_(p.integers("ids")), counts).group_by(column)


@statement
def parts_by_tool() -> Query:
    """Parts that tools made until they were replaced, and how often that was."""
    return _average_by(m.ToolReplacement.tool_id)


@statement
def parts_by_item() -> Query:
    """Parts that inventory items made until they were replaced, and how often that was."""
    return _average_by(m.ToolReplacement.inventory_item_id)


def averages(call: Call, parts: Statement, ids: Sequence[int]) -> dict[int, int | float]:
    """Return the parts between replacements of each tool or item by its id; those that were never replaced are left out."""
    return {id: _mean(int(total), count) for id, total, count in call.db.rows(parts, ids=list(ids))}


def _mean(total: int, count: int) -> int | float:
    return total / count if total % count else total // count
