"""What people see of tools: which are due, and the life and replacements of one."""

from tracepro_hookspecs import Page
from tracepro_tooling.pages import one_tool, tool_list

PAGES: list[Page] = [tool_list.PAGE, one_tool.PAGE]
