"""The sections ``inventory_items``, ``inventory_points`` and ``processes`` of the plant file.

A file says what a plant begins with, and names tell which objects are meant: an item or a point by its name, a process by
its name and machine, programs and assemblies by their names in the process, a tool by its name in the assembly. What a row
leaves out keeps its value, and what no row names stays. Counters and quantities are opening ones: they are set once, and
then belong to production and to those who count the stock (docs/rules.md, Tools).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from peewee import Query
from tracepro_workplaces import api as workplaces_api

from tracepro.database import p, statement
from tracepro_hookspecs import Call, NotFound, PlantSection, RowKey, row_keys
from tracepro_tooling import fields
from tracepro_tooling import models as m
from tracepro_tooling.assemblies import ASSEMBLIES
from tracepro_tooling.inventory import ITEMS, MOST_ITEMS, POINTS, STOCK
from tracepro_tooling.plant_names import Entry, Key, Named, listed, within
from tracepro_tooling.processes import PROCESSES, workplace_exists
from tracepro_tooling.programs import PROGRAMS
from tracepro_tooling.resource import Resource, Stored
from tracepro_tooling.tools import TOOLS

Schema = dict[str, Any]
COUNTERS = ("part_count", "runtime", "day_count")
"""What a tool has done already when it is made; afterwards production counts."""


def _row(kind: Resource, without: Sequence[str] = (), *, needs: Sequence[str] = (), **more: Schema) -> Schema:
    """Return the schema of a row: an object's fields as REST takes them, but for those that a file says otherwise."""
    body = kind.body(new=True)
    properties = {name: each for name, each in body["properties"].items() if name not in without} | more
    return {
        **body,
        "required": [*body["required"], *needs],
        "properties": properties,
        "additionalProperties": False,
    }


def _list(row: Schema, most: int = 1000) -> Schema:
    return {"type": "array", "maxItems": most, "items": row}


QUANTITY: Schema = {
    "type": "object",
    "required": ["item", "quantity"],
    "properties": {
        "item": fields.NAME,
        "quantity": {"type": "integer", "minimum": 0, "maximum": fields.LARGEST},
    },
    "additionalProperties": False,
}
ITEM = _row(ITEMS)
POINT = _row(POINTS, items=_list(QUANTITY, MOST_ITEMS))
PROGRAM = _row(PROGRAMS, ("process_id",))
TOOL = _row(
    TOOLS,
    ("assembly_id", "inventory_item_id", "parts"),
    inventory_item={"anyOf": [fields.NAME, {"type": "null"}]},
)
ASSEMBLY = _row(ASSEMBLIES, ("process_id",), tools=_list(TOOL))
PROCESS = _row(
    PROCESSES,
    ("machine_id",),
    needs=("machine",),
    machine={"type": "integer", "minimum": 1, "maximum": fields.INT64_MAX},
    programs=_list(PROGRAM, 10_000),
    assemblies=_list(ASSEMBLY),
)
NAMED_ITEMS, NAMED_POINTS = Named(ITEMS), Named(POINTS)
NAMED_PROCESSES = Named(PROCESSES, "machine_id")
NAMED_PROGRAMS = Named(PROGRAMS, "process_id")
NAMED_ASSEMBLIES = Named(ASSEMBLIES, "process_id")
NAMED_TOOLS = Named(TOOLS, "assembly_id", opening=COUNTERS)


@statement
def durable_tools() -> Query:
    """The durable tools with some names, which substitutes replace and are."""
    return TOOLS.select().where(m.Tool.name.in_(p.texts("names")), m.Tool.durable == True)  # noqa: E712


@statement
def moves_by_substitution() -> Query:
    """The assemblies that tools left because a substitute came: with their ids, the last moves last."""
    r, ids = m.ToolReplacement, p.integers("ids")
    replaced = r.select(r.id, r.assembly_id, r.tool_id).where(
        r.tool_id.in_(ids), r.substitute_id.is_null(False)
    )
    return replaced | r.select(r.id, r.substitute_from, r.substitute_id).where(r.substitute_id.in_(ids))


def load_items(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update inventory items."""
    NAMED_ITEMS.put_all(call, listed("inventory_items", rows))


def load_points(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update inventory points, and put the opening stock of each item into points that have none of it yet."""
    entries = listed("inventory_points", rows)
    ids = NAMED_POINTS.put_all(call, [each.without("items") for each in entries])
    items = NAMED_ITEMS.ids(
        call, [(each.place, one["item"]) for each in entries for one in each.said.get("items", ())]
    )
    stock = STOCK.read(call, ids)
    for point_id, entry in zip(ids, entries, strict=True):
        opening = {str(items[one["item"]]): one["quantity"] for one in entry.said.get("items", ())}
        _put_stock(call, point_id, {key: each for key, each in opening.items() if key not in stock[point_id]})


def _put_stock(call: Call, point_id: int, opening: Mapping[str, int]) -> None:
    if opening:
        call.db.insert_many(
            STOCK.put,
            [
                {"point_id": point_id, "item_id": int(item_id), "quantity": quantity}
                for item_id, quantity in opening.items()
            ],
        )
        call.changed(f"inventory point {point_id}", "items", {}, dict(opening))


def load_processes(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update processes with their programs, their assemblies, and the tools in these."""
    processes = listed("processes", rows, "machine")
    _require_machines(call, processes)
    ids = NAMED_PROCESSES.put_all(call, [each.without("programs", "assemblies") for each in processes])
    NAMED_PROGRAMS.put_all(call, list(within(processes, ids, "programs")))
    assemblies = list(within(processes, ids, "assemblies"))
    ids = NAMED_ASSEMBLIES.put_all(call, [each.without("tools") for each in assemblies])
    tools = _with_items(call, list(within(assemblies, ids, "tools")))
    NAMED_TOOLS.put_all(call, tools, _elsewhere(call, [each.said["name"] for each in tools]))


def _require_machines(call: Call, processes: Sequence[Entry]) -> None:
    try:
        workplaces_api.workplaces(call, [each.owner for each in processes if each.owner is not None])
    except NotFound:
        for place, machine, said in processes:
            if machine is not None and not workplace_exists(call, machine):
                info = f"there is no workplace {machine}; add it to the file, or correct the machine."
                raise place.wrong(said["name"], info) from None
        raise


def _with_items(call: Call, tools: Sequence[Entry]) -> list[Entry]:
    """Return tools with the ids of their inventory items in the place of the names."""
    named = [(each.place, name) for each in tools if (name := each.said.get("inventory_item")) is not None]
    ids = NAMED_ITEMS.ids(call, named)
    return [
        each.without("inventory_item", inventory_item_id=ids.get(each.said["inventory_item"]))
        if "inventory_item" in each.said
        else each
        for each in tools
    ]


def _elsewhere(call: Call, names: Iterable[str]) -> dict[Key, Stored]:
    """Return the tools that are not where they were put because of a substitute, by the assembly that they left and their name."""
    durable = {row["id"]: row for row in TOOLS.rows(call, durable_tools, names=sorted(set(names)))}
    moves = sorted(call.db.rows(moves_by_substitution, ids=sorted(durable))) if durable else []
    return {(left, durable[id]["name"]): durable[id] for _, left, id in moves if left is not None}


def point_keys(row: Mapping[str, Any]) -> Iterator[RowKey]:
    """Yield the name, which points don't share, and the items, of which a point has each once."""
    yield RowKey("name", row["name"])
    for index, one in enumerate(row.get("items", ())):
        yield RowKey("name and item", (row["name"], one["item"]), f"items[{index}]")


def process_keys(row: Mapping[str, Any]) -> Iterator[RowKey]:
    """Yield what processes, and what their programs, assemblies and tools don't share."""
    process = (row["name"], row["machine"])
    yield RowKey("name and machine", process)
    yield from _names("name, machine and program", process, row.get("programs", ()), "programs")
    yield from _names("name, machine and assembly", process, row.get("assemblies", ()), "assemblies")
    for index, assembly in enumerate(row.get("assemblies", ())):
        tools, place = assembly.get("tools", ()), f"assemblies[{index}].tools"
        yield from _names("name, machine, assembly and tool", (*process, assembly["name"]), tools, place)


def _names(
    what: str, owner: tuple[Any, ...], rows: Iterable[Mapping[str, Any]], place: str
) -> Iterator[RowKey]:
    for index, row in enumerate(rows):
        yield RowKey(what, (*owner, row["name"]), f"{place}[{index}]")


SECTIONS = [
    PlantSection("inventory_items", ITEM, load_items, row_keys("name")),
    PlantSection("inventory_points", POINT, load_points, point_keys),
    PlantSection("processes", PROCESS, load_processes, process_keys),
]
