"""Replacements: replacing a tool, correcting, undoing, and the history of a process."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Route
from tracepro_tooling import history, replacing, undo
from tracepro_tooling.replacements import REPLACEMENTS, TESTING_SCOPE
from tracepro_tooling.tools import TOOLS

ONE = "/api/tools/replacements/{replacement_id}"
TIME: dict[str, Any] = {"type": "number", "minimum": -62_000_000_000, "maximum": 253_000_000_000}
CORRECTED = REPLACEMENTS.body(new=False)
SENT = {
    **CORRECTED,
    "properties": {
        name: each for name, each in CORRECTED["properties"].items() if name != "inventory_item_id"
    },
}
UNKNOWN = {404: "There is no such replacement."}
HISTORY = {
    "type": "object",
    "additionalProperties": TOOLS.answer({"replacements": REPLACEMENTS.list_answer()}),
}
ROUTES: list[Route] = [
    Route(
        "POST",
        "/api/tools/{tool_id}/replace",
        replacing.replace,
        "write",
        "Replaces a tool, or turns it to its next edge.",
        further_scopes=[TESTING_SCOPE],
        status=201,
        body=SENT,
        answer=REPLACEMENTS.answer(),
        etag=True,
        line_from=("tool_id",),
        plant_wide=False,
        statuses={
            403: "The caller may not say that it is a test.",
            404: "There is no such tool.",
            409: "The inventory point has no unit left.",
            424: "The body names a point or a substitute that does not exist.",
        },
    ),
    Route(
        "GET",
        "/api/tools/replacements/process/{process_id}",
        history.history,
        "read",
        "Tells the replacements of all tools that are now in a process's assemblies.",
        answer=HISTORY,
        query={"start": TIME, "end": TIME},
        line_from=("process_id",),
        statuses={404: "There is no such process."},
    ),
    Route(
        "GET",
        ONE,
        REPLACEMENTS.show,
        "read",
        "Shows one replacement.",
        answer=REPLACEMENTS.answer(),
        etag=True,
        line_from=("replacement_id",),
        statuses=UNKNOWN,
    ),
    Route(
        "PATCH",
        ONE,
        REPLACEMENTS.change,
        "write",
        "Corrects what was said of a replacement.",
        further_scopes=[TESTING_SCOPE],
        body=CORRECTED,
        answer=REPLACEMENTS.answer(),
        etag=True,
        if_match=True,
        line_from=("replacement_id",),
        plant_wide=False,
        statuses={403: "The caller may not change testing.", **UNKNOWN},
    ),
    Route(
        "DELETE",
        ONE,
        undo.delete,
        "write",
        "Deletes a replacement; undo=1 gives the tool back what it had.",
        status=204,
        query={"undo": {"type": "integer", "minimum": 0, "maximum": 1}},
        if_match=True,
        line_from=("replacement_id",),
        statuses={202: "The tool is gone.", **UNKNOWN, 409: "The tool was replaced again since."},
    ),
]
