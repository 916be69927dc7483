"""Data that is added to an operation after it was recorded."""

from __future__ import annotations

from typing import Any

from tracepro_orders import api as orders_api

from tracepro_hookspecs import Call, Refused
from tracepro_items import components, data, history, units
from tracepro_items.data import DataRows
from tracepro_items.history import OperationRow
from tracepro_items.units import Unit
from tracepro_schemas import defs

CHECK, APPLY = "tracepro_check_added_data", "tracepro_apply_added_data"


def add(call: Call, op_id: int, rows: DataRows) -> None:
    """Add rows to an operation that was recorded before; the plugins are asked as they are of an operation's own rows.

    Raises ``operation-not-found``; refuses a cancelled one (``op-not-latest``), components that can't be built in, and
    what a plugin has against the rows.
    """
    data.check("data_list", rows)
    operation, unit = history.require_active_operation(call, op_id)
    if unit.tp == defs.ITEM_TP_NONCHARGED:
        data.check_without_unit("data_list", rows)
    asked = rows and (call.hooks.has(CHECK) or call.hooks.has(APPLY))
    told = _told_to_plugins(call, operation, unit, rows) if asked else {}
    against = components.reasons_against(call, [unit], data.of_components(rows))
    if told:
        against += call.hooks.check(CHECK, **told)
    if against:
        raise Refused(against)
    data.write(call, [(unit, op_id)], rows)
    if told:
        call.hooks.apply(APPLY, **told)


def _told_to_plugins(call: Call, operation: OperationRow, unit: Unit, rows: DataRows) -> dict[str, Any]:
    order = orders_api.order(call, operation.order_id)
    (recorded,) = history.to_operations(call, [operation])
    item = units.to_item(unit, order.erp_ref, order.item)
    return {"order": order, "item": item, "operation": recorded, "data": tuple(rows)}
