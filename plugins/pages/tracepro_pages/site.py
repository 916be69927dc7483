"""The site: what runs, who may call, what was archived, and what a reload would change; for administrators."""

from __future__ import annotations

from typing import Any

from tracepro import inspection
from tracepro_hookspecs import Call, Page, Request


def _read(call: Call, request: Request) -> dict[str, Any]:
    plugins = inspection.running_plugins(call)
    lines = sorted({line for plugin in plugins for line in plugin.lines})
    tokens, more = inspection.token_states(call, request.query.get("after", 0))
    return {
        "subject": {},
        "plugins": plugins,
        "lines": lines,
        "other_lines": sorted(set(inspection.known_lines(call)).difference(lines)),
        "changes": inspection.reload_changes(call),
        "parameters": call.public_parameters(),
        "tokens": tokens,
        "more": more,
        "backups": inspection.backups(call),
        "missing_backup": inspection.missing_backup(call),
        "archives": inspection.archives(call),
    }


PAGE = Page(
    "site",
    "/ui/site",
    "Site",
    "pages/site.html",
    _read,
    menu="Site",
    scope="admin",
    query={"after": {"type": "integer", "minimum": 0}},
)
