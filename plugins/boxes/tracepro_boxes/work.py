"""Work on a whole box: what is asked and recorded concerns every unit in it and in the boxes in it, all or none."""

from __future__ import annotations

import msgspec
from tracepro_items import api as items_api

from tracepro.database import check_length
from tracepro_boxes import nesting, reasons
from tracepro_hookspecs import Call, Reason, Refused

StepRequest = items_api.StepRequest


def reasons_against(call: Call, box_id: int, request: StepRequest) -> list[Reason]:
    """Return why the steps of a request, which names no units, may not be done on all units of a box.

    Raises ``box-not-found`` and ``workplace-not-found``.
    """
    units = _units_of(call, box_id)
    found = items_api.check_operations(call, msgspec.structs.replace(request, item_ids=units))
    check_length(call, len(found))
    return found if units else [reasons.box_empty(box_id)]


def record(call: Call, box_id: int, request: StepRequest) -> items_api.Recorded:
    """Record a request of one step, which names no units, on all units of a box: a bad one refuses it too.

    Units of several orders go together. Raises ``box-not-found``, ``workplace-not-found`` and PluginOff; refused
    with all reasons.
    """
    units = _units_of(call, box_id)
    recorded = items_api.record_operations(call, msgspec.structs.replace(request, item_ids=units))
    if not units:
        raise Refused([reasons.box_empty(box_id)])
    return recorded


def _units_of(call: Call, box_id: int) -> list[int]:
    """Return the units of a box; in a write none gets in or out until the call ends."""
    nesting.lock(call, box_id)
    return nesting.units_within(call, box_id)
