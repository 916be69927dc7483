"""Where a code leads that somebody scanned or typed into the search."""

from __future__ import annotations

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_tooling import models as m

FOUND = 20
"""Tools that a name leads to."""


@statement
def tools_with_name() -> Query:
    """Some tools with a name."""
    return m.Tool.select(m.Tool.id).where(m.Tool.name == p("name")).limit(p("limit"))


def pages_of_code(call: Call, code: str) -> dict[str, str]:
    """Return the pages of the tools with a name."""
    rows = call.db.rows(tools_with_name, name=code, limit=FOUND)
    return {f"/ui/tool/{tool_id}": f"Tool {tool_id} {code}" for (tool_id,) in rows}
