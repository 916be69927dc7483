"""The sentences of this plugin's refusals: one function a code, named like it; no code is made anywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tracepro_hookspecs import Conflict, NotFound, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_schemas import defs

if TYPE_CHECKING:
    from tracepro_items.history import OperationRow
    from tracepro_items.units import Unit

WORDS_FOR_BAD = {defs.ITEM_BAD_SCRAP: "scrapped", defs.ITEM_BAD_BADMARK: "marked bad"}


def _reason(code: str, info: str, **concerns: int | None) -> Reason:
    return Reason(code, info, plugin="items", **concerns)


def _named(step: Step) -> str:
    return f"{step.op} {step.name}".rstrip()


def item_not_found(asked: int | str) -> NotFound:
    """Return the error for a unit, by its id or by a code, that doesn't exist."""
    named = f"with the code {asked}" if isinstance(asked, str) else asked
    return NotFound("item-not-found", f"There is no unit {named}; scan its code again.")


def operation_not_found(op_id: int) -> NotFound:
    """Return the error for an operation that doesn't exist."""
    info = f"There is no operation {op_id}; look at the records of its unit."
    return NotFound("operation-not-found", info)


def barcode_exists(code: str, product: str) -> Conflict:
    """Return the error for a code that another unit of the product has."""
    info = f"Code {code} belongs to another unit of {product} already; a code is unique within a product."
    return Conflict("barcode-exists", info)


def barcode_taken(code: str, product: str) -> Reason:
    """Return the same as a reason, for who asks."""
    error = barcode_exists(code, product)
    return _reason(error.code, error.info)


def item_bad(unit: Unit) -> Reason:
    """Return that a unit is scrapped or marked bad, or a panel without a board that is not."""
    why = f": {unit.bad_reason}" if unit.bad_reason else ""
    info = f"Unit {unit.barcode} is {WORDS_FOR_BAD.get(unit.bad, 'bad')}{why}; set it aside."
    if unit.bad == defs.ITEM_BAD_GOOD:
        info = f"All boards of panel {unit.barcode} are bad; set it aside."
    return _reason("item-bad", info, item_id=unit.id)


def item_create_not_allowed(order: Order) -> Reason:
    """Return that units of an order are not created by scanning."""
    info = f"Order {order.erp_ref} makes no units by scanning; check the code, or have the order changed so that a scan of a new code makes a unit."
    return _reason("item-create-not-allowed", info)


def barcode_mask(order: Order, barcode: str, mask: str) -> Reason:
    """Return that a code doesn't fit the order's mask."""
    info = f"Code {barcode} does not fit the mask {mask} of order {order.erp_ref}; check code and order."
    return _reason("barcode-mask", info)


def order_amount_reached(order: Order, counted: int, new: int, step: Step | None = None) -> Reason:
    """Return that an order would get more units than it makes, or more non-charged work at a step."""
    what, op, act = "units", None, None
    if step is not None:
        what, op, act = f"counted at step {_named(step)}", step.op, step.act
    info = (
        f"Order {order.erp_ref} makes {order.amount}; with {new} more it would have {counted + new} {what}. "
        "Raise its amount or allow overrun."
    )
    return _reason("order-amount-reached", info, op=op, act=act)


def op_already_done(unit: Unit, step: Step) -> Reason:
    """Return that a step was passed and may not be repeated."""
    info = f"Unit {unit.barcode} has passed step {_named(step)} already; go on with the next one."
    return _reason("op-already-done", info, op=step.op, act=step.act, item_id=unit.id)


def previous_op_missing(unit: Unit, step: Step, missing: Iterable[Step]) -> Reason:
    """Return which earlier steps keep a unit from a step."""
    names = ", ".join(map(_named, missing))
    info = f"Unit {unit.barcode} can't do step {_named(step)} yet: it has not passed {names}; do that first."
    return _reason("previous-op-missing", info, op=step.op, act=step.act, item_id=unit.id)


def repair_not_due(unit: Unit, step: Step) -> Reason:
    """Return that a unit has nothing to repair."""
    info = (
        f"Unit {unit.barcode} has nothing to repair at step {_named(step)}: its last record is not a fail; "
        "record the fail first."
    )
    return _reason("repair-not-due", info, op=step.op, act=step.act, item_id=unit.id)


def first_piece_missing(
    order: Order, first_piece_act: int | None, *, op: int, act: int | None, unit: Unit | None = None
) -> Reason:
    """Return that no unit has passed ``first_piece_act`` in the run, for which this unit must wait."""
    waits = f"Unit {unit.barcode} must wait at step {op}: " if unit else ""
    info = (
        f"{waits}no unit of order {order.erp_ref} has passed the check of the first piece (act {first_piece_act}) after step "
        f"{op} in this run here; have the first piece checked."
    )
    return _reason(
        "first-piece-missing", info[0].upper() + info[1:], op=op, act=act, item_id=unit.id if unit else None
    )


def component_not_found(host: Unit, code: object, ref: str, *, to_take_out: bool) -> Reason:
    """Return that no unit has the code, or that none that has it is built in at ``ref``."""
    info = f"There is no unit {code} to build into {host.barcode}; scan the component again."
    if to_take_out:
        at = f" at {ref}" if ref else ""
        info = f"Component {code} is not built into {host.barcode}{at}; scan the one that is."
    return _reason("component-not-found", info, item_id=host.id)


def component_ambiguous(host: Unit, code: object) -> Reason:
    """Return that a code means several units."""
    info = f"Several units have the code {code}; give the component for {host.barcode} a second code and use that."
    return _reason("component-ambiguous", info, item_id=host.id)


def component_in_use(host: Unit, part: Unit, used_in: Unit | None) -> Reason:
    """Return that a component is built into the unit ``used_in`` already, or None: that it holds the host itself."""
    if part.panel_id == host.id:
        info = f"Component {part.barcode} is a board of {host.barcode}; it can't be built into its own panel."
    elif used_in is None:
        info = f"Component {part.barcode} holds unit {host.barcode} itself, so it can't be built into it."
    else:
        info = f"Component {part.barcode} is built into unit {used_in.barcode}; take it out there before it goes into {host.barcode}."
    return _reason("component-in-use", info, item_id=host.id)


def component_bad(host: Unit) -> Reason:
    """Return that a unit holds a component that is scrapped or marked bad, directly or further down."""
    info = (
        f"Unit {host.barcode} holds a component that is bad, directly or further down; take that out, or take "
        "its mark back."
    )
    return _reason("component-bad", info, item_id=host.id)


def position_occupied(host: Unit, ref: str, held: Unit) -> Reason:
    """Return that the position of a unit holds another component, the unit ``held``."""
    info = f"Position {ref} of unit {host.barcode} holds unit {held.barcode}; take that out first."
    return _reason("position-occupied", info, item_id=host.id)


def op_cancelled(operation: OperationRow) -> Reason:
    """Return that nothing can be done to an operation because it is cancelled."""
    return op_not_latest(operation, "is cancelled already; record the step again if it was done")


def op_not_latest(operation: OperationRow, why: str, unit: Unit | None = None) -> Reason:
    """Return why nothing can be done to an operation any more: something was built upon it, or it is cancelled."""
    item_id = unit.id if unit else operation.item_id
    info = f"Operation {operation.id} {why}."
    return _reason("op-not-latest", info, op=operation.op, act=operation.act, item_id=item_id)


def step_in_use(order: Order, step: Step) -> Reason:
    """Return that a step with records must stay as it is."""
    info = (
        f"Step {_named(step)} of order {order.erp_ref} has records: it can't be dropped or get another act; "
        "leave it in the routing."
    )
    return _reason("step-in-use", info, op=step.op, act=step.act)
