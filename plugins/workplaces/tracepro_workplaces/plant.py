"""The sections of the plant file: acts and workplaces, created or updated by id or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro.database import Insert, Statement, p
from tracepro.database.upsert import Upsert
from tracepro_hookspecs import PlantSection
from tracepro_workplaces import models as m
from tracepro_workplaces.acts import acts

CLEAR = Statement(lambda: m.Assignment.delete().where(m.Assignment.workplace == p("wp_id")))
ASSIGNED = Statement(
    lambda: m.Assignment.select(m.Assignment.act).where(m.Assignment.workplace == p("wp_id"))
)

ID = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
NAME = {"type": "string", "minLength": 1, "maxLength": 255}

ACT = {
    "type": "object",
    "required": ["name"],
    "properties": {"id": ID, "name": NAME, "desc": {"type": "string"}},
    "additionalProperties": False,
}
WORKPLACE = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": ID,
        "name": NAME,
        "erp_ref": {"type": "string", "maxLength": 255},
        "esd": {"type": "boolean"},
        "acts": {"type": "array", "items": ID, "uniqueItems": True},
    },
    "additionalProperties": False,
}

PUT_ACT = Upsert(m.Act, "act")
PUT_WORKPLACE = Upsert(m.Workplace, "workplace")
ASSIGN = Insert(m.Assignment)


def load_acts(call: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Creates or updates acts."""
    for row in rows:
        PUT_ACT.put(call, row.get("id"), without(row, "id"))


def load_workplaces(call: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Creates or updates workplaces; ``acts``, when given, are all the acts a workplace is assigned to."""
    for row in rows:
        wp_id, _ = PUT_WORKPLACE.put(call, row.get("id"), without(row, "id", "acts"))
        if "acts" in row:
            _assign(call, wp_id, sorted(map(int, row["acts"])))


def _assign(call: Any, wp_id: int, act_ids: list[int]) -> None:
    before = sorted(act_id for (act_id,) in call.db.rows(ASSIGNED, wp_id=wp_id))
    if before == act_ids:
        return
    acts(call, act_ids)
    call.changed(f"workplace {wp_id}", "acts", before, act_ids)
    call.db.run(CLEAR, wp_id=wp_id)
    call.db.insert_many(ASSIGN, [{"workplace": wp_id, "act": act_id} for act_id in act_ids])


def without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Returns a row without some of its members."""
    return {name: value for name, value in row.items() if name not in names}


SECTIONS = [
    PlantSection("acts", ACT, load_acts),
    PlantSection("workplaces", WORKPLACE, load_workplaces),
]
