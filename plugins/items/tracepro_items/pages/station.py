"""The station: where a worker scans a unit, is told whether it may be worked on, and books it; and the list of all stations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro.codes import code as cleaned
from tracepro_hookspecs import Call, Page, Reply, Request
from tracepro_hookspecs.records import Operation, Workplace
from tracepro_items import history

RECORDS = 20
SHORTEST = 0.5
"""Days that a booking may wait at least, however short answers are kept."""
STATIONS = 200
SESSIONS = "sessions"


def _read(call: Call, request: Request) -> dict[str, Any]:
    workplace = workplaces_api.workplace(call, request.path["wp_id"])
    records = history.recorded_last(call, workplace.id, RECORDS)
    here = workers_api.logged_in(call, [workplace.id])[workplace.id]
    return {
        "subject": workplace,
        "workplace": workplace,
        "station": _station(call, workplace),
        "here": here,
        "acts": workplaces_api.acts(call, workplace.acts),
        "records": records,
        "names": _names(call, records),
    }


def _station(call: Call, workplace: Workplace) -> dict[str, Any]:
    """Return what the browser must know to book here; answers are kept for a day longer than a booking may wait."""
    caller = call.caller
    return {
        "wp_id": workplace.id,
        "line": workplace.line,
        "acts": workplace.acts,
        "by": caller.name if caller.session_id is None else SESSIONS,
        "may_book": "write" in caller.scopes,
        "material": call.enabled("material"),
        "days": max(call.parameter("api", "idempotency_days") - 1, SHORTEST),
    }


def _names(call: Call, records: Sequence[Operation]) -> Mapping[int, str]:
    workers = workers_api.workers(call, sorted({id for record in records for id in record.workers}))
    return {worker.id: worker.name for worker in workers}


def _read_list(call: Call, request: Request) -> dict[str, Any] | Reply:
    """Return the stations with a text in their name, number or ERP reference, or lead to the one that is meant."""
    text = request.query.get("q", "").strip()
    only = _meant(call, text) if text else None
    if only is not None:
        return Reply(b"", 303, {"Location": path_of(only), "Content-Type": "text/html"})
    found = workplaces_api.search(call, text, request.query.get("after", 0), STATIONS + 1)
    lines = call.caller.lines
    shown = [each for each in found[:STATIONS] if lines is None or each.line in lines]
    return {
        "text": text,
        "groups": _by_line(shown),
        "after": found[STATIONS - 1].id if len(found) > STATIONS else None,
    }


def _by_line(stations: Sequence[Workplace]) -> dict[str, list[Workplace]]:
    """Return stations by the name of their line, in order of it; those on no line come last, under ""."""
    found: dict[str, list[Workplace]] = {}
    for each in sorted(stations, key=lambda station: (station.line is None, station.line or "")):
        found.setdefault(each.line or "", []).append(each)
    return found


def _meant(call: Call, text: str) -> Workplace | None:
    if text.isascii() and text.isdecimal() and int(text) < 2**63:
        return workplaces_api.find(call, int(text))
    try:
        return _with_code(call, cleaned(text))
    except ValueError:
        return None


def _with_code(call: Call, code: str) -> Workplace | None:
    find = workplaces_api.find_by_name_and_erp_ref
    return find(call, code, "") or find(call, "", code)


def path_of(workplace: Workplace) -> str:
    """Return where the page of a workplace is."""
    return f"/ui/station/{workplace.id}"


def pages_of_code(call: Call, code: str) -> dict[str, str]:
    """Return the station of a workplace with a code: its name or its ERP reference."""
    workplace = _with_code(call, code)
    return {} if workplace is None else {path_of(workplace): f"Station {workplace.name}"}


PAGE = Page("station", "/ui/station/{wp_id}", "Station", "items/station.html", _read, line_from=("wp_id",))
LIST = Page(
    "stations",
    "/ui/stations",
    "Stations",
    "items/stations.html",
    _read_list,
    menu="Stations",
    query={
        "q": {"type": "string", "maxLength": 255},
        "after": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    },
)
