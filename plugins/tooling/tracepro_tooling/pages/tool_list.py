"""All tools, those due first, of all machines or of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from peewee import JOIN, Query
from tracepro_workplaces import api as workplaces_api

from tracepro.database import list_rows, statement
from tracepro_hookspecs import Call, Page, Request, Row
from tracepro_tooling import life
from tracepro_tooling import models as m
from tracepro_tooling.life import ToolLife
from tracepro_tooling.pages.life_bar import bar_of

SHOWN = 40
"""How many tools a page shows."""
MACHINES_SHOWN = 24


class PlacedTool(NamedTuple):
    """A tool with the assembly and the machine it is in; null for one that is in none."""

    id: int
    name: str
    is_critical: bool
    assembly: str | None
    location: str | None
    machine_id: int | None
    life: ToolLife


@statement
def placed_tools() -> Query:
    """All tools with where they are and what their life depends on."""
    tool, assembly, process = m.Tool, m.ToolAssembly, m.Process
    columns = [getattr(tool, name) for name in ToolLife._fields]
    found = tool.select(
        tool.id, tool.name, tool.is_critical, assembly.name, assembly.location, process.machine_id, *columns
    )
    found = found.join(assembly, JOIN.LEFT_OUTER, on=(tool.assembly_id == assembly.id))
    return found.join(process, JOIN.LEFT_OUTER, on=(assembly.process_id == process.id)).order_by(tool.id)


def _read(call: Call, request: Request) -> dict[str, Any]:
    today, machine_id = life.site_day(call), request.query.get("machine")
    tools = _due_first(_seen(call), today)
    chosen = [tool for tool in tools if machine_id in (None, tool.machine_id)]
    shown = _behind(chosen, request.query.get("after"))
    return {
        "tools": [
            (tool, _machine(call, tool.machine_id), bar_of(tool.life, today)) for tool in shown[:SHOWN]
        ],
        "more": len(shown) > SHOWN,
        "machine_id": machine_id,
        "machine": _machine(call, machine_id),
        "machines": _machines_with_due_tools(call, tools, today),
    }


def _seen(call: Call) -> list[PlacedTool]:
    """Return the tools without those on another line than the caller's."""
    found = [_placed(row) for row in list_rows(call, placed_tools)]
    own = call.caller.lines
    if own is None:
        return found
    machines = {tool.machine_id for tool in found if tool.machine_id is not None}
    known = {wp_id for wp_id in machines if workplaces_api.line_of(call, wp_id) in (None, *own)}
    return [tool for tool in found if tool.machine_id is None or tool.machine_id in known]


def _placed(row: Row) -> PlacedTool:
    id, name, is_critical, assembly, location, machine_id, *columns = row
    return PlacedTool(id, name, is_critical, assembly, location, machine_id, ToolLife(*columns))


def _due_first(tools: Sequence[PlacedTool], today: int) -> list[PlacedTool]:
    """Return tools by the share of their life that they have used, those without an expected life last."""
    shares = {tool.id: tool.life.share(today) for tool in tools}
    return sorted(tools, key=lambda tool: -1 if (share := shares[tool.id]) is None else share, reverse=True)


def _behind(tools: list[PlacedTool], after: int | None) -> list[PlacedTool]:
    """Return the tools behind one; all when it isn't among them any more."""
    ids = [tool.id for tool in tools]
    return tools[ids.index(after) + 1 :] if after in ids else tools


def _machine(call: Call, machine_id: int | None) -> str | None:
    found = None if machine_id is None else workplaces_api.find(call, machine_id)
    return None if found is None else found.name


def _machines_with_due_tools(
    call: Call, tools: Sequence[PlacedTool], today: int
) -> list[tuple[int, str, int]]:
    """Return the machines that have most tools past their warning, with how many."""
    due = Counter(tool.machine_id for tool in tools if life.is_past_warning(tool.life, today))
    return [
        (machine_id, _machine(call, machine_id) or str(machine_id), count)
        for machine_id, count in due.most_common(MACHINES_SHOWN)
        if machine_id is not None
    ]


PAGE = Page(
    "tools",
    "/ui/tools",
    "Tools",
    "tooling/tools.html",
    _read,
    menu="Tools",
    query={
        "machine": {"type": "integer", "minimum": 0},
        "after": {"type": "integer", "minimum": 0},
    },
)
