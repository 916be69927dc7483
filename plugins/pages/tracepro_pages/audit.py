"""The audit: who did what, searched by time, and in it by worker and unit; for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from tracepro import clock
from tracepro.inspection import AuditSearch, search_audit
from tracepro_hookspecs import Call, InvalidParams, Page, Request

NUMBERS = ("before_tm", "before_id")
TIMES = ("since", "until")
TEXTS = ("worker", "unit")


def _read(call: Call, request: Request) -> dict[str, Any]:
    asked = {name: value for name, value in request.query.items() if value != ""}
    times: dict[str, Any] = {name: _time(call, name, asked[name]) for name in TIMES if name in asked}
    others = {name: asked[name] for name in (*TEXTS, *NUMBERS) if name in asked}
    found = search_audit(call, replace(AuditSearch(), **times, **others))
    return {"asked": asked, "rows": found.rows, "rest": _rest(asked, found.rest)}


def _time(call: Call, name: str, text: str) -> int:
    try:
        return clock.parse(text, call.zone)
    except ValueError as error:
        raise InvalidParams(name, str(error)) from None


def _rest(asked: Mapping[str, Any], rest: AuditSearch | None) -> str | None:
    """Return where the search goes on, None where it has ended."""
    if rest is None:
        return None
    return f"/ui/audit?{urlencode({**asked, **{name: getattr(rest, name) for name in NUMBERS}})}"


PAGE = Page(
    "audit",
    "/ui/audit",
    "Audit",
    "pages/audit.html",
    _read,
    scope="admin",
    query={
        **{name: {"type": "string", "maxLength": 40} for name in TIMES},
        **{name: {"type": "string", "maxLength": 255} for name in TEXTS},
        **{name: {"type": "integer"} for name in NUMBERS},
    },
)
