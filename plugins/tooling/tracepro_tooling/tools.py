"""Tools: what is known of each, its counters and their correction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peewee import Query

from tracepro.database import Statement, narrowed_by, p, statement
from tracepro_hookspecs import Call, Request
from tracepro_tooling import average_life, fields, life, life_records, reasons
from tracepro_tooling import models as m
from tracepro_tooling.assemblies import ASSEMBLIES, ids_for_process
from tracepro_tooling.counts import CountsById
from tracepro_tooling.fields import Field
from tracepro_tooling.inventory import ITEMS, with_averages
from tracepro_tooling.processes import PROCESSES
from tracepro_tooling.programs import PROGRAMS
from tracepro_tooling.resource import Resource, Shown, Stored

PARTS = CountsById(PROGRAMS, m.ToolParts, "tool_id", "program_id", "parts")
MOST_PROGRAMS = 10_000
MOST_DAYS = 100_000
DAY_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0, "maximum": MOST_DAYS}


@statement
def delete_image() -> Query:
    """Delete the picture of a tool."""
    return m.Image.delete().where(m.Image.kind == "tool", m.Image.owner_id == p("id"))


@statement
def delete_images_of_replacements() -> Query:
    """Delete the pictures of the replacements of a tool."""
    replacements = m.ToolReplacement.select(m.ToolReplacement.id).where(m.ToolReplacement.tool_id == p("id"))
    return m.Image.delete().where(m.Image.kind == "replacement", m.Image.owner_id.in_(replacements))


@statement
def delete_replacements() -> Query:
    """Delete the replacements of a tool."""
    return m.ToolReplacement.delete().where(m.ToolReplacement.tool_id == p("id"))


BELONGING = (life_records.delete_of_tool, delete_image, delete_images_of_replacements, delete_replacements)


class Tools(Resource):
    """The tools."""

    what, title, id_name = "tool", "Tool", "tool_id"
    model = m.Tool
    not_found = reasons.tool_not_found
    fields = (
        fields.name(),
        fields.long_text("notes"),
        fields.reference("assembly_id", "assembly", ASSEMBLIES.keep),
        fields.reference("inventory_item_id", "inventory item", ITEMS.keep),
        fields.whole("usage_mode", 0, 2),
        fields.whole("part_life", 1, null=True),
        fields.seconds("max_runtime", null=True),
        fields.whole("day_life", 1, MOST_DAYS, null=True),
        fields.whole("warn_percent", 0, 100),
        fields.whole("part_count"),
        fields.counts("parts", MOST_PROGRAMS),
        fields.seconds("runtime"),
        Field("day_count", DAY_COUNT, answer={"type": "integer", "minimum": 0}, virtual=True),
        fields.flag("is_critical"),
        fields.flag("durable"),
        fields.instant("created", read_only=True, null=False),
        fields.instant("last_replaced", read_only=True),
        fields.instant("in_service_date"),
        fields.instant("out_service_date"),
        fields.shown_text("image_type"),
    )

    def virtual(self, call: Call, rows: Sequence[Stored]) -> dict[int, Shown]:
        """Return parts by program and day count of each tool."""
        today = life.site_day(call)
        parts = PARTS.read(call, [row["id"] for row in rows])
        return {
            row["id"]: {"parts": parts[row["id"]], "day_count": life.day_count(row["start_day"], today)}
            for row in rows
        }

    def prepare(self, call: Call, before: Stored | None, after: Stored, body: Mapping[str, Any]) -> None:
        """Give a new tool its creation, and find the day that days are counted from."""
        if before is None:
            after["created"] = call.now
        if "day_count" in body:
            after["start_day"] = life.site_day(call) - body["day_count"]
        elif before is None or ("in_service_date" in body and before["last_replaced"] is None):
            after["start_day"] = life.site_day(call, first_moment(after))

    def written(self, call: Call, before: Stored | None, after: Stored, body: Mapping[str, Any]) -> None:
        """Set the parts that were sent, and keep what life is expected from now on."""
        PARTS.merge(call, "parts", after["id"], body.get("parts", {}))
        if before is None or any(before[name] != after[name] for name in life_records.FIELDS):
            life_records.add(call, after)

    def detach(self, call: Call, row: Stored) -> None:
        """Delete its parts, life records, replacements and pictures."""
        PARTS.clear(call, row["id"])
        for query in BELONGING:
            call.db.run(query, id=row["id"])

    @narrowed_by("process", "ask for the tools of one process, assembly or inventory item")
    def list_all(self, call: Call, request: Request) -> dict[str, Shown]:
        """Return all tools, or those of one process, assembly or inventory item; with ``warn_life`` those past their warning.

        ``life`` adds the average life. Raises InvalidParams for two filters, HttpProblem 424 for an unknown id.
        """
        rows = self._filtered(call, request.query)
        if request.query.get("warn_life"):
            today = life.site_day(call)
            rows = [row for row in rows if life.is_past_warning(life_of(row), today)]
        return with_averages(call, request, self.by_key(call, rows), average_life.parts_by_tool)

    def _filtered(self, call: Call, query: Mapping[str, Any]) -> list[Stored]:
        asked = [name for name in FILTERS if name in query]
        if len(asked) > 1:
            raise reasons.one_filter(asked)
        if not asked:
            return self.rows(call, self.all)
        kind, found = FILTERS[asked[0]]
        kind.require(call, asked[0], query[asked[0]])
        return self.rows(call, found, id=query[asked[0]])


TOOLS = Tools()


@statement
def tools_of_process() -> Query:
    """The tools in the assemblies that work for a process, shared ones too."""
    return TOOLS.select().where(m.Tool.assembly_id.in_(ids_for_process()))


@statement
def tools_of_assembly() -> Query:
    """The tools in an assembly."""
    return TOOLS.select().where(m.Tool.assembly_id == p("id"))


@statement
def tools_of_item() -> Query:
    """The tools that are replaced with an inventory item."""
    return TOOLS.select().where(m.Tool.inventory_item_id == p("id"))


FILTERS: Mapping[str, tuple[Resource, Statement]] = {
    "process": (PROCESSES, tools_of_process),
    "assembly": (ASSEMBLIES, tools_of_assembly),
    "inventory_item": (ITEMS, tools_of_item),
}


@statement
def lock_tools() -> Query:
    """Lock tools, in order of id."""
    return TOOLS.select().where(m.Tool.id.in_(p.integers("ids"))).for_update()


def locked_tools(call: Call, ids: Iterable[int | None]) -> dict[int, Stored]:
    """Return tools by id, locked until the call ends; those that don't exist are left out."""
    named = sorted({id for id in ids if id is not None})
    return {row["id"]: row for row in TOOLS.rows(call, lock_tools, ids=named)}


def save_tool(
    call: Call,
    tool: Stored,
    values: Mapping[str, Any],
    *,
    clear_parts: bool = False,
    parts: Mapping[str, int] | None = None,
) -> None:
    """Change columns of a locked tool, and its parts of the programs that are named, which the audit tells."""
    before, after = TOOLS.state_of(call, tool), {**tool, **values}
    if clear_parts:
        PARTS.clear(call, tool["id"])
    PARTS.merge(call, "parts", tool["id"], parts or {})
    call.db.run(TOOLS.update, **after)
    TOOLS.note_changes(call, before, after)


def life_of(row: Stored) -> life.ToolLife:
    """Return what a tool's row says of its life."""
    return life.ToolLife(*(row[name] for name in life.ToolLife._fields))


def first_moment(row: Stored) -> int:
    """Return the moment that the days of a tool count from before it is first replaced."""
    moment: int = row["created"] if row.get("in_service_date") is None else row["in_service_date"]
    return moment
