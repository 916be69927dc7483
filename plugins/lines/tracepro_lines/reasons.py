"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import InvalidParams, NotFound, Reason
from tracepro_hookspecs.records import Workplace


def line_not_found(name: str) -> NotFound:
    """Return the error for a line that does not exist."""
    return NotFound("line-not-found", f"There is no line {name}; the plant file brings the lines.")


def machine_not_found(machine: int | str, line_name: str | None = None) -> NotFound:
    """Return the error for a machine that does not exist, by its id or its name, on any line or on one."""
    where = f" on line {line_name}" if line_name is not None else ""
    info = f"There is no machine {machine}{where}; the plant file brings the machines of a line."
    return NotFound("machine-not-found", info)


def item_ambiguous(barcode: str) -> Reason:
    """Return that several units in active orders have a code and no order on the line says which is meant."""
    info = (
        f"Several units in active orders have the code {barcode}; set the line's order to say which is meant."
    )
    return Reason("item-ambiguous", info, plugin="lines")


def item_not_found(barcode: str, line_name: str) -> NotFound:
    """Return the error for a code that no unit of an active order has, on a line without an order."""
    info = f"No unit in an active order has the code {barcode}; set the order of line {line_name} if the unit is a new one."
    return NotFound("item-not-found", info)


def workplace_not_on_line(parameter: str, workplace: Workplace, line_name: str) -> InvalidParams:
    """Return the error for a workplace that is not a machine of the line that is named beside it."""
    info = f"Workplace {workplace.id} ({workplace.name}) is not on line {line_name}; name a workplace of its machines."
    return InvalidParams(parameter, info)


def no_next_board(line_name: str, op: int | None, act: int | None, why_not_first: str) -> Reason:
    """Return that no board of a line may do a step; ``why_not_first`` says what keeps the first that waits from it."""
    step = f"step {op}" if op is not None else f"act {act}"
    boards = f"No board that entered line {line_name} lately"
    if why_not_first:
        info = f"{boards} may do {step} next. The first that waits can't: {why_not_first}"
    else:
        info = f"{boards} waits for {step}; have a board enter the line first, and do the steps before this one on it."
    return Reason("no-next-board", info, op=op, act=act, plugin="lines")
