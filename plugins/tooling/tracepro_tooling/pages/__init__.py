"""What people see of tools: which are due, and the life and replacements of one."""

from collections.abc import Callable, Mapping
from typing import Any

from tracepro_hookspecs import Call, Page
from tracepro_tooling.pages import line_panel, one_tool, station_panel, tool_list

PAGES: list[Page] = [tool_list.PAGE, one_tool.PAGE]
PANELS: Mapping[str, Callable[[Call, Any], dict[str, Any] | None]] = {
    "line": line_panel.panel,
    "station": station_panel.panel,
}
"""What tools add to pages of others, by the page's name."""
