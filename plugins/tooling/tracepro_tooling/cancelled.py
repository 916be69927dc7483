"""What was cancelled after its tool was replaced: noted beside the snapshot, so that undoing doesn't bring it back."""

from __future__ import annotations

from collections.abc import Sequence

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_tooling import models as m


@statement
def replacements_with() -> Query:
    """Lock the replacements of tools that took a count out of the counters, with what was cancelled of each."""
    r = m.ToolReplacement
    query = r.select(r.id, r.cancelled, r.cancelled_runtime).where(r.tool_id.in_(p.integers("tool_ids")))
    query = query.where(r.counted_from < p("row_id"), r.counted_to >= p("row_id"))
    return query.order_by(r.id).for_update()


@statement
def note_cancelled() -> Query:
    """Note what was cancelled."""
    r = m.ToolReplacement
    values = {r.cancelled: p("cancelled"), r.cancelled_runtime: p("runtime")}
    return r.update(values).where(r.id == p("id"))


def note(call: Call, row_id: int, tool_ids: Sequence[int], program: str, parts: int, runtime: int) -> None:
    """Note with the replacements of tools that a count which they took along was cancelled; ``program`` is its id as text."""
    for id, known, known_runtime in call.db.rows(replacements_with, row_id=row_id, tool_ids=list(tool_ids)):
        by_program = {**(known or {})}
        by_program[program] = by_program.get(program, 0) + parts
        call.db.run(note_cancelled, id=id, cancelled=by_program, runtime=known_runtime + runtime)
