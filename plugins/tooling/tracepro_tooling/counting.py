"""What recorded operations count on tools: parts and machining time, and what a cancellation takes off again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import EXCLUDED, Case, Field, Query
from tracepro_items import api as items_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Draft, Item, Operation, Order
from tracepro_schemas import defs
from tracepro_tooling import cancelled, magazine
from tracepro_tooling import models as m
from tracepro_tooling.magazine import Magazine

NEW = Insert(m.Counted)
Programs = tuple[tuple[int, int], ...]
"""The program that tools work for at each step of a call, as (op, program id)."""


class Share(NamedTuple):
    """What an operation counts on each of some tools: parts made by a program, and microseconds."""

    op_id: int
    program_id: int
    tool_ids: list[int]
    parts: int
    runtime: int


def _at_least_zero(column: Field[Any], change: str) -> Case:
    """A counter with a change added: one that was corrected by hand may be less than what is taken off."""
    changed = column + p(change, column)
    return Case(None, [(changed < 0, 0)], changed)


@statement
def add_to_tools() -> Query:
    """Add to the counters of tools, or take off."""
    values = {
        m.Tool.part_count: _at_least_zero(m.Tool.part_count, "parts"),
        m.Tool.runtime: _at_least_zero(m.Tool.runtime, "runtime"),
    }
    return m.Tool.update(values).where(m.Tool.id.in_(p.integers("tool_ids")))


@statement
def add_parts() -> Query:
    """Add to the parts of a program that tools have made."""
    row = m.Tool.select(m.Tool.id, p("program_id"), p("parts")).where(m.Tool.id.in_(p.integers("tool_ids")))
    keys = [m.ToolParts.tool_id, m.ToolParts.program_id]
    insert = m.ToolParts.insert_from(row, [*keys, m.ToolParts.parts])
    return insert.on_conflict(
        conflict_target=keys, update={m.ToolParts.parts: m.ToolParts.parts + EXCLUDED.parts}
    )


@statement
def take_parts() -> Query:
    """Take off the parts of a program that tools have made."""
    values = {m.ToolParts.parts: _at_least_zero(m.ToolParts.parts, "parts")}
    of_tools = m.ToolParts.tool_id.in_(p.integers("tool_ids"))
    return m.ToolParts.update(values).where(of_tools, m.ToolParts.program_id == p("program_id"))


@statement
def drop_parts() -> Query:
    """Drop the parts of a program that tools have made none of any more."""
    of_tools = m.ToolParts.tool_id.in_(p.integers("tool_ids"))
    return m.ToolParts.delete().where(
        of_tools, m.ToolParts.program_id == p("program_id"), m.ToolParts.parts == 0
    )


@statement
def counted_by_operation() -> Query:
    """What an operation counted."""
    row = m.Counted
    columns = (row.id, row.op_id, row.program_id, row.tool_ids, row.parts, row.runtime)
    return row.select(*columns).where(row.op_id == p("op_id")).order_by(row.id)


@statement
def lock_tools() -> Query:
    """Lock tools, and tell since which row what was counted stands in their counters."""
    found = m.Tool.select(m.Tool.id, m.Tool.counted_from).where(m.Tool.id.in_(p.integers("tool_ids")))
    return found.order_by(m.Tool.id).for_update()


def count(
    call: Call,
    order: Order,
    items: Sequence[Item],
    operations: Sequence[Operation],
    draft: Draft,
    counted: Sequence[int],
    batch: int,
) -> None:
    """Count recorded operations on the tools that made them; a statement for each table, however many they are.

    What a call recorded took its machining time once: its operations share it, those of its first order where it has several.
    """
    used = magazine.of_product(call, operations[0].wp_id, order.item)
    if not used.tools:
        return
    parts = _parts(call, items, operations, draft, counted)
    timed: set[int] = call.context.setdefault(("tooling", "timed", batch), set())
    shares: list[Share] = []
    for programs, tool_ids in _alike(used, {operation.op for operation in operations}):
        for ids, interval in _untimed(tool_ids, timed, draft.tm1 - draft.tm0):
            shares += _shares(operations, parts, dict(programs), ids, interval)
    _write(call, shares)


def _parts(
    call: Call, items: Sequence[Item], operations: Sequence[Operation], draft: Draft, counted: Sequence[int]
) -> list[int]:
    """Return how many parts each operation made: a panel one for each board that is not bad, whatever is left out of its route."""
    panels = [item.id for item in items if item.tp == defs.ITEM_TP_MULTIPANEL]
    boards = items_api.good_boards(call, panels) if panels else {}
    return [
        draft.count * boards[operation.item_id] if operation.item_id in boards else number
        for operation, number in zip(operations, counted, strict=True)
    ]


def _alike(used: Magazine, ops: Iterable[int]) -> Iterator[tuple[Programs, list[int]]]:
    """Yield the tools by the programs that they work for at steps; those that have no part in any are left out."""
    at_steps = {op: used.at_step(op) for op in sorted(ops)}
    alike: dict[Programs, list[int]] = {}
    for tool_id in used.tools:
        programs = tuple((op, at_step[tool_id]) for op, at_step in at_steps.items() if tool_id in at_step)
        alike.setdefault(programs, []).append(tool_id)
    yield from ((programs, tool_ids) for programs, tool_ids in alike.items() if programs)


def _untimed(tool_ids: Sequence[int], timed: set[int], interval: int) -> Iterator[tuple[list[int], int]]:
    """Yield the tools that get the interval of a call, and those that have it already; they all have it then."""
    fresh = [tool_id for tool_id in tool_ids if tool_id not in timed]
    again = [tool_id for tool_id in tool_ids if tool_id in timed]
    timed.update(fresh)
    yield from ((ids, time) for ids, time in ((fresh, interval), (again, 0)) if ids)


def _shares(
    operations: Sequence[Operation],
    parts: Sequence[int],
    programs: Mapping[int, int],
    tool_ids: list[int],
    interval: int,
) -> list[Share]:
    """Return the shares of the operations at steps of these programs; those of the interval add up to it."""
    done = [each for each in zip(operations, parts, strict=True) if each[0].op in programs]
    number = len(done)
    return [
        Share(
            operation.id,
            programs[operation.op],
            tool_ids,
            made,
            interval * (n + 1) // number - interval * n // number,
        )
        for n, (operation, made) in enumerate(done)
    ]


def _write(call: Call, shares: Sequence[Share]) -> None:
    for row in _of_tools(shares):
        call.db.defer(add_to_tools, **row)
    for row in _of_programs(shares):
        call.db.defer(add_parts, **row)
    call.db.defer_insert_many(NEW, [share._asdict() for share in shares])


def _of_tools(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """Return what shares add to the counters of tools, one row for tools that get the same."""
    parts: Counter[tuple[int, ...]] = Counter()
    runtime: Counter[tuple[int, ...]] = Counter()
    for share in shares:
        parts[tuple(share.tool_ids)] += share.parts
        runtime[tuple(share.tool_ids)] += share.runtime
    return [{"tool_ids": ids, "parts": parts[ids], "runtime": runtime[ids]} for ids in parts]


def _of_programs(shares: Iterable[Share]) -> list[dict[str, Any]]:
    """Return what shares add to the parts of programs, one row for tools that get the same."""
    parts: Counter[tuple[tuple[int, ...], int]] = Counter()
    for share in shares:
        parts[tuple(share.tool_ids), share.program_id] += share.parts
    return [
        {"tool_ids": ids, "program_id": program_id, "parts": made}
        for (ids, program_id), made in parts.items()
    ]


def take_back(call: Call, op_id: int) -> None:
    """Take a cancelled operation off the tools that it was counted on; of those replaced since, the replacement notes it."""
    rows = call.db.rows(counted_by_operation, op_id=op_id)
    if not rows:
        return
    tool_ids = {tool_id for row in rows for tool_id in row[3]}
    counted_from: dict[int, int] = dict(call.db.rows(lock_tools, tool_ids=list(tool_ids)))
    standing: list[Share] = []
    for row_id, _, program_id, ids, parts, runtime in rows:
        left = [tool_id for tool_id in ids if tool_id in counted_from]
        in_counters = [tool_id for tool_id in left if row_id > counted_from[tool_id]]
        if in_counters:
            standing.append(Share(op_id, program_id, in_counters, -parts, -runtime))
        if len(in_counters) < len(left):
            replaced = [tool_id for tool_id in left if row_id <= counted_from[tool_id]]
            cancelled.note(call, row_id, replaced, str(program_id), parts, runtime)
    call.db.many(add_to_tools, _of_tools(standing))
    taken = _of_programs(standing)
    call.db.many(take_parts, taken)
    call.db.many(drop_parts, taken)
