"""What a scan at a machine means: which unit, which step; asked about, or recorded and counted (docs/rules.md, Lines at work)."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec.structs import replace
from peewee import Query
from tracepro_items import api as items_api
from tracepro_items.api import StepRequest
from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api

from tracepro.database import p, statement
from tracepro_hookspecs import Call, InvalidParams, Refused
from tracepro_hookspecs.records import Draft, Item, Order
from tracepro_lines import lines
from tracepro_lines import models as m
from tracepro_lines.lines import StoredLine, StoredMachine
from tracepro_lines.reasons import item_ambiguous, item_not_found
from tracepro_schemas import defs


class Scan(NamedTuple):
    """A code scanned at a machine: the order it belongs to, the unit, None for a new one, and what is to be done."""

    barcode: str
    order: Order
    item_id: int | None
    request: StepRequest

    @property
    def new_type(self) -> int:
        """The type of a new unit with this code: a panel where the order makes panels and their mask fits, else a board."""
        panel = defs.ITEM_TP_MULTIPANEL
        return (
            panel
            if self.order.mptp and orders_api.matches_mask(self.order, panel, self.barcode)
            else defs.ITEM_TP_PCB
        )


@statement
def count_one() -> Query:
    """Count one more operation of a machine, and tell how many there are."""
    counted = m.Machine.update(counter0=m.Machine.counter0 + 1).where(m.Machine.id == p("id"))
    return counted.returning(m.Machine.counter0)


def check(call: Call, machine_id: int, barcode: str, op: int | None, act: int | None) -> dict[str, Any]:
    """Return whether a machine may do its step on the unit with a code, and which unit that is; nothing is written.

    Raises ``machine-not-found``, and ``item-not-found`` for a code that is nobody's on a line without an order.
    """
    try:
        scan = _scan(call, machine_id, barcode, op, act, None)
    except Refused as refused:
        return items_api.check_answer(refused.reasons, item_id=None)
    if scan.item_id is not None:
        reasons = items_api.check_operations(call, scan.request)
    else:
        reasons = items_api.reasons_against_new(call, scan.order, barcode, scan.new_type, scan.request)
    return items_api.check_answer(reasons, item_id=scan.item_id)


def record(
    call: Call, machine_id: int, barcode: str, op: int | None, act: int | None, draft: Draft
) -> dict[str, int]:
    """Record a machine's step on the unit with a code, which is made if the line's order doesn't have it; count it.

    Raises what :func:`check` tells as Refused, and Conflict for a code of another order of the product.
    """
    items_api.require_plugins(call, draft)
    scan = _scan(call, machine_id, barcode, op, act, draft)
    item_id = _create(call, scan) if scan.item_id is None else scan.item_id
    recorded = items_api.record_operations(call, replace(scan.request, item_ids=(item_id,)))
    counted = call.db.value(count_one, id=machine_id)
    return {"op_id": recorded.ops[0][1], "item_id": item_id, "counter0": counted}


def _create(call: Call, scan: Scan) -> int:
    """Make the unit; of two machines that would make the same one, the second waits for the order and finds it made."""
    scan = scan._replace(order=orders_api.lock_counts(call, scan.order.id))
    reasons = items_api.reasons_against_new(call, scan.order, scan.barcode, scan.new_type, scan.request)
    if reasons and reasons[0].code != "barcode-exists":
        raise Refused(reasons)
    item = items_api.get_or_create(call, scan.order.id, scan.barcode, scan.new_type)
    assert item is not None
    return item.id


def _scan(
    call: Call, machine_id: int, barcode: str, op: int | None, act: int | None, draft: Draft | None
) -> Scan:
    machine, line = lines.machine(call, machine_id)
    order, item = _unit(call, line, barcode)
    item_id = item.id if item else None
    pair = _step(call, machine, order, item_id, op, act)
    workers = workers_api.logged_in(call, [machine.wp_id])[machine.wp_id]
    ids = () if item_id is None else (item_id,)
    request = StepRequest(ids, (pair,), machine.wp_id, [worker.id for worker in workers], draft)
    return Scan(barcode, order, item_id, request)


def _unit(call: Call, line: StoredLine, barcode: str) -> tuple[Order, Item | None]:
    """Return the unit that a code means on a line, and its order; no unit for one that the line's order would get.

    With an order on the line only its units are meant, else the only one with the code in an active order.
    """
    if line.order_id is not None:
        order = orders_api.order(call, line.order_id)
        with_code = items_api.items_with_code(call, barcode, order.item)
        return order, next((item for item in with_code if item.order_id == order.id), None)
    with_code = items_api.items_with_code(call, barcode)
    orders = orders_api.orders(call, {item.order_id for item in with_code}) if with_code else {}
    found = [item for item in with_code if orders[item.order_id].status == defs.ORDER_ST_ACTIVE]
    if not found:
        raise item_not_found(barcode, line.name)
    if len(found) > 1:
        raise Refused([item_ambiguous(barcode)])
    return orders[found[0].order_id], found[0]


def _step(
    call: Call, machine: StoredMachine, order: Order, item_id: int | None, op: int | None, act: int | None
) -> tuple[int | None, int | None]:
    """Return op and act that are meant: those named, else the machine's; of several steps with the act the unit's next one."""
    if op is None and act in (None, machine.act):
        op, act = machine.op, machine.act
    if op is None and act is None:
        info = f"Machine {machine.id} ({machine.name}) has no step of its own; say which step is meant."
        raise InvalidParams("op", info, rule="required")
    steps = [step for step in order.operations if step.act == act] if op is None else []
    if len(steps) > 1:
        op = items_api.step_of_act(call, item_id, steps).op
    return op, act
