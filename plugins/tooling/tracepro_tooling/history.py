"""The replacements of all tools of a process, in pages: no more than a page is ever held."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import msgspec
from peewee import Query, Tuple

from tracepro import clock
from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reply, Request
from tracepro_tooling import models as m
from tracepro_tooling.fields import to_instant
from tracepro_tooling.processes import PROCESSES
from tracepro_tooling.replacements import REPLACEMENTS
from tracepro_tooling.tools import TOOLS, tools_of_process

PAGE = 100
"""How many replacements and tools a page has at least, and never twice as many."""
_encode = msgspec.json.Encoder().encode


class Place(NamedTuple):
    """How far a history is told: the tools still to come, and the time and id of the last replacement of the first of them.

    ``id`` is None while that tool has not begun.
    """

    tool_ids: list[int]
    begun: int
    end: int
    timestamp: int
    id: int | None = None
    any: bool = False


@statement
def page_of_tool() -> Query:
    """The next replacements of a tool up to a time, in order of time."""
    r = m.ToolReplacement
    after = Tuple(r.timestamp, r.id) > Tuple(p("timestamp"), p("id"))
    query = r.select().where(r.tool_id == p("tool_id"), after, r.timestamp <= p("end"))
    return query.order_by(r.timestamp, r.id).limit(PAGE)


def history(call: Call, request: Request) -> Reply:
    """Return the tools that are now in a process's assemblies, each with its replacements. Raises NotFound."""
    process_id, query = request.path["process_id"], request.query
    PROCESSES.get(call, process_id)
    start, end = to_instant(query.get("start", 0)), clock.LATEST
    start = start if "start" in query else clock.EARLIEST
    end = to_instant(query["end"]) if "end" in query else end
    ids = [row["id"] for row in TOOLS.rows(call, tools_of_process, id=process_id)]
    return _page(Place(ids, start, end, start), b"{", call)


def _page(place: Place, head: bytes, call: Call) -> Reply:
    """Return the next page: tools' heads where they begin, and their next replacements."""
    pieces, told = [head], 0
    while place.tool_ids:
        place, rows = _step(call, place, pieces)
        told += 1 + rows
        if told >= PAGE and place.tool_ids:
            return _reply(pieces, partial(_page, place, b""))
    return _reply([*pieces, b"}"], None)


def _step(call: Call, place: Place, pieces: list[bytes]) -> tuple[Place, int]:
    tool_id, *others = place.tool_ids
    over = place._replace(tool_ids=others, timestamp=place.begun, id=None)
    if place.id is None:
        tool = TOOLS.find(call, tool_id)
        if tool is None:
            return over, 0
        pieces.append(b"," if place.any else b"")
        shown = _encode(TOOLS.shown_one(call, tool))
        pieces.append(b'"%d":%b,"replacements":{' % (tool_id, shown[:-1]))
    values: dict[str, Any] = {"tool_id": tool_id, "timestamp": place.timestamp, "end": place.end}
    rows = [REPLACEMENTS.named(row) for row in call.db.rows(page_of_tool, **values, id=place.id or 0)]
    told = b",".join(b'"%d":%b' % (one["id"], _encode(one)) for one in REPLACEMENTS.shown(call, rows))
    pieces.append(b"," + told if place.id and rows else told)
    if len(rows) == PAGE:
        last = rows[-1]
        return place._replace(timestamp=last["timestamp"], id=last["id"], any=True), len(rows)
    pieces.append(b"}}")
    return over._replace(any=True), len(rows)


def _reply(pieces: list[bytes], rest: Any) -> Reply:
    return Reply(b"".join(pieces), headers={"Content-Type": "application/json"}, rest=rest)
