"""Whether the carts that a step needs are docked at a workplace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_lines import api as lines_api
from tracepro_material import api as material_api

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_smdcarts import carts, reasons
from tracepro_smdcarts.records import Listed, Reel

Needed = list[tuple[Step, Listed, list[Reel]]]


def needed(call: Call, order: Order, steps: Sequence[Step], wp_id: int) -> Needed:
    """Return the carts that steps need at a workplace, each with its reels that are not loaded there.

    A step needs the carts listed for it whose machine is one of the workplace's. A cart without missing reels is
    docked; a reel without a lot is not asked for. Read once in a call: checkproc asks for the reasons and for what it shows.
    """
    asked = ("smdcarts", order.id, tuple(step.op for step in steps), wp_id)
    if asked not in call.context:
        call.context[asked] = _needed(call, order, steps, wp_id)
    found: Needed = call.context[asked]
    return found


def _needed(call: Call, order: Order, steps: Sequence[Step], wp_id: int) -> Needed:
    by_op = {step.op: step for step in steps}
    listed = carts.of_steps(call, order.id, by_op) if by_op else []
    if not listed:
        return []
    machines = {machine.name for machine in lines_api.machines_at(call, wp_id)}
    here = [each for each in listed if each.machine in machines]
    loaded = material_api.loaded_lots(call, wp_id) if here else set()
    return [
        (by_op[each.op], each, [reel for reel in each.reels if reel.mat_lot and reel not in loaded])
        for each in here
    ]


def reasons_against(call: Call, order: Order, steps: Sequence[Step], wp_id: int) -> list[Reason]:
    """Return which carts keep the steps from being done at a workplace; none where ``cart_check`` is off."""
    if not call.option("smdcarts", "cart_check"):
        return []
    found = needed(call, order, steps, wp_id)
    return [reasons.cart_missing(order, step, listed, missing) for step, listed, missing in found if missing]


def op_info(call: Call, order: Order, steps: Sequence[Step], wp_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return what checkproc shows of the carts that steps need: an entry a cart, whatever ``cart_check`` says."""
    shown: dict[str, list[dict[str, Any]]] = {}
    for step, listed, missing in needed(call, order, steps, wp_id):
        shown.setdefault(str(step.op), []).append(_entry(listed, missing))
    return shown


def _entry(listed: Listed, missing: Sequence[Reel]) -> dict[str, Any]:
    return {
        "_tp": "cart",
        "_name": listed.cart,
        "_status": "missing" if missing else "docked",
        "machine": listed.machine,
        "bank": listed.bank,
        "program": listed.program,
        "missing": [reel._asdict() for reel in missing],
    }
