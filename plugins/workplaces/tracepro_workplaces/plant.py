"""The sections of the plant file: acts and workplaces, created or updated by id or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro.database import Statement, p
from tracepro_hookspecs import InvalidParams, PlantSection
from tracepro_workplaces import models as m
from tracepro_workplaces.acts import acts

CLEAR = Statement(lambda: m.Assignment.delete().where(m.Assignment.workplace == p("wp_id")))
ASSIGNED = Statement(lambda: m.Assignment.select(m.Assignment.act).where(m.Assignment.workplace == p("wp_id")))

ID = {"$ref": "shared.json#/$defs/Id"}
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
