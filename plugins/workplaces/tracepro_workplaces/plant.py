"""The sections ``acts`` and ``workplaces`` of the plant file: rows are created or updated by id or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro.database.upsert import Upsert
from tracepro_hookspecs import Call, PlantSection, row_keys
from tracepro_workplaces import models as m
from tracepro_workplaces.acts import acts

ID = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
NAME = {"$ref": "shared.json#/$defs/Name"}
ACT_SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {"id": ID, "name": NAME, "desc": {"type": "string", "maxLength": 65535}},
    "additionalProperties": False,
}
WORKPLACE_SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": ID,
        "name": NAME,
        "erp_ref": {"$ref": "shared.json#/$defs/Code"},
        "esd": {"type": "boolean"},
        "acts": {"type": "array", "maxItems": 1000, "items": ID, "uniqueItems": True},
    },
    "additionalProperties": False,
}

UPSERT_ACT = Upsert(m.Act, "act")
UPSERT_WORKPLACE = Upsert(m.Workplace, "workplace")
NEW_ASSIGNMENT = Insert(m.Assignment)


@statement
def assigned_acts() -> Query:
    """The acts that are assigned to a workplace."""
    return m.Assignment.select(m.Assignment.act).where(m.Assignment.workplace == p("wp_id"))


@statement
def delete_assignments() -> Query:
    """Take all acts from a workplace."""
    return m.Assignment.delete().where(m.Assignment.workplace == p("wp_id"))


def load_acts(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update acts."""
    UPSERT_ACT.put_all(call, [(row.get("id"), _without(row, "id")) for row in rows])


def load_workplaces(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update workplaces; ``acts``, when given, are all the acts a workplace is assigned to."""
    given = [(row.get("id"), _without(row, "id", "acts")) for row in rows]
    for row, (wp_id, _) in zip(rows, UPSERT_WORKPLACE.put_all(call, given), strict=True):
        if "acts" in row:
            _assign(call, wp_id, sorted(map(int, row["acts"])))


def _assign(call: Call, wp_id: int, act_ids: list[int]) -> None:
    before = sorted(act_id for (act_id,) in call.db.rows(assigned_acts, wp_id=wp_id))
    if before == act_ids:
        return
    acts(call, act_ids)
    call.changed(f"workplace {wp_id}", "acts", before, act_ids)
    call.db.run(delete_assignments, wp_id=wp_id)
    call.db.insert_many(NEW_ASSIGNMENT, [{"workplace": wp_id, "act": act_id} for act_id in act_ids])


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


SECTIONS = [
    PlantSection("acts", ACT_SCHEMA, load_acts, row_keys("id", "name")),
    PlantSection("workplaces", WORKPLACE_SCHEMA, load_workplaces, row_keys("id", "name")),
]
