"""A unit that doesn't exist yet: may it be made, and may it do its first step?

For who asks about a code before anything is written. The unit has the id 0 meanwhile, in hooks too.
"""

from __future__ import annotations

import msgspec

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Order
from tracepro_items import checking, codes, creation, reasons
from tracepro_items.order_units import OrderUnits
from tracepro_items.step_request import StepRequest
from tracepro_items.units import Unit
from tracepro_schemas import defs

NO_ID = 0


def reasons_against_new(
    call: Call, order: Order, barcode: str, tp: int, request: StepRequest
) -> list[Reason]:
    """Return every reason against making a unit of an order and doing the steps of the request on it.

    A code of another unit of the product is one (``barcode-exists``), for the unit or for one of its boards; else a panel
    is judged without its boards. Raises InvalidParams for a code that no unit can have. Nothing is written.
    """
    creation.check_code(order, barcode, tp)
    unit = Unit(NO_ID, order.id, tp, barcode, "", defs.ITEM_BAD_GOOD, "", 0, call.now, None)
    group = OrderUnits(order, request.pairs, (unit,), {}, {})
    taken = codes.taken(call, order.item, [barcode, *creation.board_codes(order, barcode, tp)])
    found = [reasons.barcode_taken(taken[0], order.item)] if taken else []
    found += creation.reasons_against(call, order, barcode, tp)
    found += checking.reasons_against(call, request, [group])
    return list(dict.fromkeys(map(_of_no_unit, found)))


def _of_no_unit(reason: Reason) -> Reason:
    return msgspec.structs.replace(reason, item_id=None) if reason.item_id == NO_ID else reason
