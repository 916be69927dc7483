"""The section ``orders`` of the plant file: rows are created or updated by id or ERP reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, InvalidParams, PlantSection, RowKey
from tracepro_hookspecs.records import Order
from tracepro_orders import changes, orders, routing

TEXT = {"type": "string", "maxLength": 255}
CODE = {"$ref": "shared.json#/$defs/Code", "minLength": 1}
SCHEMA = {
    "type": "object",
    "required": ["erp_ref", "item"],
    "properties": {
        "id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        "erp_ref": CODE,
        "item": CODE,
        "status": {"type": "integer", "minimum": 0, "maximum": 5},
        "flags": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "amount": {"$ref": "shared.json#/$defs/Amount"},
        "params": {"type": "object", "maxProperties": 1000},
        "mptp": {"type": "integer", "minimum": 0, "maximum": 2},
        "mpcount": {"type": "integer", "minimum": 0, "maximum": 1000},
        **dict.fromkeys(("barcode_mp", "barcode_pcb", "customer", "cat1", "cat2", "cat3", "item_name"), TEXT),
        "vd": {},
        "operations": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/StepIn"}},
    },
    "additionalProperties": False,
}


def load(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update orders; what a row leaves out keeps its value, ``operations`` replaces the routing.

    Rows with an id come first, so that no other new order is given it.
    """
    for row in sorted(rows, key=lambda row: "id" not in row):
        properties = {name: row[name] for name in changes.PROPERTIES if name in row}
        existing = _existing(call, row)
        if existing is not None:
            changes.update_order(call, existing.id, properties, row.get("operations"))
        else:
            _create(call, row, properties)


def _create(call: Call, row: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
    steps = routing.from_rows(row.get("operations") or ())
    workplaces_api.acts(call, {step.act for step in steps})
    columns = changes.to_columns(properties) | {"operations": routing.encode(steps)}
    order = changes.make_order(call, row["erp_ref"], row["item"], columns, row.get("id"))
    for name, value in row.items():
        if name != "id":
            call.changed(f"order {order.id}", name, None, value)


def _existing(call: Call, row: Mapping[str, Any]) -> Order | None:
    """Return the order a row means, or None for a new one; ERP reference and product of an order never change."""
    by_ref, order_id = orders.find_by_erp_ref(call, row["erp_ref"]), row.get("id")
    by_id = by_ref if order_id is None else orders.find(call, int(order_id))
    if by_id is None and by_ref is None:
        return None
    if by_id is None or by_ref is None or by_id.id != by_ref.id:
        info = (
            f"Order {order_id} can't be called {row['erp_ref']}: the id or the reference belongs to another order; "
            "correct the row."
        )
        raise InvalidParams("orders", info)
    if by_id.item != row["item"]:
        info = f"Order {by_id.erp_ref} makes {by_id.item}, not {row['item']}; make a new order for {row['item']}."
        raise InvalidParams("orders", info)
    return by_id


def keys(row: Mapping[str, Any]) -> Iterator[RowKey]:
    """Yield what orders don't share, and the op that steps of one order don't share."""
    yield RowKey("id", row.get("id"))
    yield RowKey("erp_ref", row["erp_ref"])
    for index, step in enumerate(row.get("operations", ())):
        yield RowKey("erp_ref and op", (row["erp_ref"], int(step["op"])), f"operations[{index}]")


SECTIONS = [PlantSection("orders", SCHEMA, load, keys)]
