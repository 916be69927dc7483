"""The first page: where everything is."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Call, Page, Request


def _read(call: Call, request: Request) -> dict[str, Any]:
    return {"subject": None}


PAGE = Page("home", "/ui", "Start", "pages/home.html", _read)
