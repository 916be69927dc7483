"""The section ``orders`` of the plant file: orders with their routing, created or updated by id or ERP reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, InvalidParams, PlantSection
from tracepro_hookspecs.records import Order
from tracepro_orders import changes, orders, routing

TEXT = {"type": "string", "maxLength": 255}
NAME = {"type": "string", "minLength": 1, "maxLength": 255}
ROW = {
    "type": "object",
    "required": ["erp_ref", "item"],
    "properties": {
        "id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        "erp_ref": NAME,
        "item": NAME,
        "status": {"type": "integer", "minimum": 0, "maximum": 5},
        "flags": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "amount": {"$ref": "shared.json#/$defs/Amount"},
        "params": {"type": "object"},
        "mptp": {"type": "integer", "minimum": 0, "maximum": 2},
        "mpcount": {"type": "integer", "minimum": 0, "maximum": 1000},
        **dict.fromkeys(("barcode_mp", "barcode_pcb", "customer", "cat1", "cat2", "cat3", "item_name"), TEXT),
        "vd": {},
        "operations": {"type": "array", "items": {"$ref": "#/components/schemas/StepIn"}},
    },
    "additionalProperties": False,
}


def load(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update orders; what a row leaves out keeps its value, ``operations`` replaces the routing."""
    for row in rows:
        properties = {name: row[name] for name in changes.PROPERTIES if name in row}
        known = _find_meant(call, row)
        if known is not None:
            changes.update_order(call, known.id, properties, row.get("operations"))
        else:
            _create(call, row, properties)


def _create(call: Call, row: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
    steps = routing.from_rows(row.get("operations") or ())
    workplaces_api.acts(call, {step.act for step in steps})
    columns = changes.to_columns(properties) | {"operations": routing.write(steps)}
    changes.make_order(call, row["erp_ref"], row["item"], columns, row.get("id"))


def _find_meant(call: Call, row: Mapping[str, Any]) -> Order | None:
    """Return the order a row means, or None for a new one; ERP reference and product of an order never change."""
    by_name, number = orders.find_by_erp_ref(call, row["erp_ref"]), row.get("id")
    by_id = by_name if number is None else orders.find(call, int(number))
    if by_id is None and by_name is None:
        return None
    if by_id is None or by_name is None or by_id.id != by_name.id:
        raise InvalidParams(
            "orders", f"Order {number} can't be called {row['erp_ref']}; ids and references cross."
        )
    if by_id.item != row["item"]:
        info = f"Order {by_id.erp_ref} makes {by_id.item}, not {row['item']}; make a new order."
        raise InvalidParams("orders", info)
    return by_id


SECTIONS = [PlantSection("orders", ROW, load)]
