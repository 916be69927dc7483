"""What the page of a station shows of tools: those of its machine that must be replaced, now or soon."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Workplace
from tracepro_tooling import life
from tracepro_tooling.life import ToolLife
from tracepro_tooling.pages.life_bar import bar_of
from tracepro_tooling.pages.line_panel import SHOWN, tools_at_workplaces


def panel(call: Call, workplace: Workplace) -> dict[str, Any] | None:
    """Return the panel of the tools past their warning at a workplace, the most used first; None when no tool is."""
    today, tools = life.site_day(call), []
    for tool_id, name, _, *columns in call.db.rows(tools_at_workplaces, wp_ids=[workplace.id], now=call.now):
        tool_life = ToolLife(*columns)
        if life.is_past_warning(tool_life, today):
            tool = {"id": tool_id, "name": name, "bar": bar_of(tool_life, today)._asdict()}
            tools.append((tool_life.share(today) or 0, tool))
    shown = [tool for _, tool in sorted(tools, key=lambda each: each[0], reverse=True)]
    more = max(0, len(shown) - SHOWN)
    return {"template": "tooling/station.html", "tools": shown[:SHOWN], "more": more} if shown else None
