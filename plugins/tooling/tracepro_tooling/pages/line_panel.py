"""What the page of a line shows of tools: how far the life of those in its machines is, the most used first."""

from __future__ import annotations

from typing import Any

from peewee import Query, Value

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Line
from tracepro_tooling import life
from tracepro_tooling import models as m
from tracepro_tooling.life import ToolLife
from tracepro_tooling.pages.life_bar import bar_of

SHOWN = 12


@statement
def tools_at_workplaces() -> Query:
    """The tools in service in the machines of workplaces; what is archived has no part in it."""
    tool, assembly, process = m.Tool, m.ToolAssembly, m.Process
    in_service = [
        tool.in_service_date.is_null() | (tool.in_service_date <= p("now")),
        tool.out_service_date.is_null() | (tool.out_service_date > p("now")),
    ]
    columns = [getattr(tool, name) for name in ToolLife._fields]
    return (
        tool.select(tool.id, tool.name, process.machine_id, *columns)
        .join(assembly, on=(tool.assembly_id == assembly.id))
        .join(process, on=(assembly.process_id == process.id))
        .where(process.machine_id.in_(p.integers("wp_ids")), process.archived == Value(0), *in_service)
    )


def panel(call: Call, line: Line) -> dict[str, Any] | None:
    """Return the panel of the tools in a line's machines, None where no life is expected of any."""
    machine_of = {machine.wp_id: machine.name for machine in line.machines}
    today, tools = life.site_day(call), []
    for tool_id, name, wp_id, *columns in call.db.rows(
        tools_at_workplaces, wp_ids=list(machine_of), now=call.now
    ):
        tool_life = ToolLife(*columns)
        if (share := tool_life.share(today)) is not None:
            bar = bar_of(tool_life, today)._asdict()
            tools.append((share, {"id": tool_id, "name": name, "machine": machine_of[wp_id], "bar": bar}))
    shown = [tool for _, tool in sorted(tools, key=lambda each: each[0], reverse=True)]
    more = max(0, len(shown) - SHOWN)
    return {"template": "tooling/line_panel.html", "tools": shown[:SHOWN], "more": more} if shown else None
