"""The sections of the plant file: ``boms`` and ``lots``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro.amounts import to_micros
from tracepro_hookspecs import Call, InvalidParams, PlantSection, RowKey, row_keys
from tracepro_material import boms, lots

_NAME = {"$ref": "shared.json#/$defs/Code", "minLength": 1}
_AMOUNT = {"type": "number", "minimum": 0, "maximum": 1_000_000_000}
_BOM_LINE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["hole_no", "mat_item"],
    "properties": {"hole_no": {"type": "integer", "minimum": 0}, "mat_item": _NAME, "decrement": _AMOUNT},
}
BOM_ROW = {
    "type": "object",
    "additionalProperties": False,
    "required": ["wp_id", "lines"],
    "properties": {
        "wp_id": {"type": "integer", "minimum": 1},
        "lines": {"type": "array", "maxItems": 10_000, "items": _BOM_LINE},
    },
}
LOT_ROW = {
    "type": "object",
    "additionalProperties": False,
    "required": ["mat_item", "mat_lot", "amount"],
    "properties": {"mat_item": _NAME, "mat_lot": _NAME, "amount": _AMOUNT},
}


def load_boms(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make each row the whole BOM of its workplace."""
    for row in rows:
        workplaces_api.workplace(call, row["wp_id"])
        lines = [(line["hole_no"], line["mat_item"], line.get("decrement", 1)) for line in row["lines"]]
        boms.replace(call, row["wp_id"], lines)


def load_lots(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Receive lots that are not known yet; known ones are left as they are, so that twice is once."""
    for row in rows:
        if lots.find(call, row["mat_item"], row["mat_lot"]) is None:
            lot_id = lots.find_or_receive(call, row["mat_item"], row["mat_lot"], _micros(row))
            for column in ("mat_item", "mat_lot"):
                call.changed(f"floor-material {lot_id}", column, None, row[column])


def _micros(row: Mapping[str, Any]) -> int:
    try:
        return to_micros(row["amount"])
    except ValueError as error:
        raise InvalidParams("lots", f"Lot {row['mat_lot']} of {row['mat_item']}: {error}") from error


def bom_keys(row: Mapping[str, Any]) -> Iterator[RowKey]:
    """Yield the workplace, which has one BOM, and what lines of one BOM don't share."""
    yield RowKey("wp_id", row["wp_id"])
    for index, line in enumerate(row["lines"]):
        value = (row["wp_id"], line["hole_no"], line["mat_item"])
        yield RowKey("wp_id, hole_no and mat_item", value, f"lines[{index}]")


SECTIONS = [
    PlantSection("boms", BOM_ROW, load_boms, bom_keys),
    PlantSection("lots", LOT_ROW, load_lots, row_keys(("mat_item", "mat_lot"))),
]
