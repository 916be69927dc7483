"""What ``tracepro check`` says of orders."""

from __future__ import annotations

from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call
from tracepro_orders.orders import orders_by_status, record
from tracepro_schemas import defs


def acts_of_no_workplace(call: Call) -> dict[str, str]:
    """Return a warning for each act that an active order needs and no workplace may do, where the site asks for that."""
    if not call.parameter("site", "check_workplaces"):
        return {}
    done = {act for place in workplaces_api.list_workplaces(call) for act in place.acts}
    orders = map(record, call.db.rows(orders_by_status, statuses=[defs.ORDER_ST_ACTIVE]))
    return {
        f"act {step.act}": f"order {order.erp_ref} needs it at step {step.op}, and no workplace is assigned to it; assign one in "
        "the plant file, or correct the routing."
        for order in orders
        for step in order.operations
        if step.act not in done
    }
