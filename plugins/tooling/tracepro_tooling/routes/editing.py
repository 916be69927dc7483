"""The five routes of a kind of editable object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracepro_hookspecs import LineFrom, Route
from tracepro_tooling.resource import Resource

LIFE: dict[str, dict[str, Any]] = {"life": {"type": "boolean"}}
AVERAGE: dict[str, dict[str, Any]] = {
    "average_tool_life": {"description": "parts between replacements", "type": ["number", "null"]}
}
"""What a list takes and then shows, where the average life can be asked for."""


def routes_of(
    kind: Resource,
    path: str,
    plural: str,
    line_from: LineFrom = (),
    *,
    query: Mapping[str, Mapping[str, Any]] | None = None,
    listed: Mapping[str, Any] | None = None,
) -> list[Route]:
    """Return the routes below ``path``, which ends in a slash.

    ``query`` are the parameters that its list takes, ``listed`` are members that objects have in lists only.
    """
    each, answer = f"{path}{{{kind.id_name}}}", kind.answer()
    unknown = {404: f"There is no such {kind.what}."}
    changed = {**unknown, 412: "Somebody changed it since its ETag was read."}
    refers = any(field.reference or field.virtual for field in kind.fields)
    dangling = {424: "The body names an object that does not exist."} if refers else {}
    return [
        Route(
            "GET",
            path,
            kind.list_all,
            "read",
            f"Lists {plural} by id.",
            answer=kind.list_answer(listed),
            query=query or {},
            line_from=line_from,
        ),
        Route(
            "PUT",
            path,
            kind.create,
            "write",
            f"Makes one of the {plural}.",
            status=201,
            body=kind.body(new=True),
            answer=answer,
            etag=True,
            line_from=line_from,
            statuses=dangling,
        ),
        Route(
            "GET",
            each,
            kind.show,
            "read",
            f"Shows one of the {plural}.",
            answer=answer,
            etag=True,
            line_from=line_from,
            statuses=unknown,
        ),
        Route(
            "PATCH",
            each,
            kind.change,
            "write",
            f"Changes the given fields of one of the {plural}.",
            body=kind.body(new=False),
            answer=answer,
            etag=True,
            if_match=True,
            line_from=line_from,
            statuses={**changed, **dangling},
        ),
        Route(
            "DELETE",
            each,
            kind.delete,
            "write",
            f"Deletes one of the {plural}.",
            status=204,
            if_match=True,
            line_from=line_from,
            statuses=changed,
        ),
    ]
