"""The search: any code, of a unit, an order, a lot, a box, a tool; whoever knows it says where it leads."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tracepro.codes import code
from tracepro_hookspecs import Call, Page, Reply, Request

LONGEST = 255


def _read(call: Call, request: Request) -> dict[str, Any] | Reply:
    """Return the pages of a code, or lead to the one there is."""
    asked = request.query.get("code", "").strip()
    found = _pages_of(call, asked) if asked else {}
    if len(found) == 1:
        return Reply(b"", status=303, headers={"Location": next(iter(found)), "Content-Type": "text/html"})
    return {"code": asked, "found": found}


def _pages_of(call: Call, asked: str) -> dict[str, str]:
    try:
        cleaned = code(asked)
    except ValueError:
        return {}
    found = call.hooks.collect("tracepro_pages_of_code", code=cleaned)
    return {path: str(title) for path, title in found.items() if _is_ours(path)}


def _is_ours(path: object) -> bool:
    """Tell whether a path leads to a page of this server."""
    parts = urlsplit(str(path))
    return not parts.scheme and not parts.netloc and parts.path.startswith("/ui/")


PAGE = Page(
    "search",
    "/ui/search",
    "Search",
    "pages/search.html",
    _read,
    query={"code": {"type": "string", "maxLength": LONGEST}},
)
