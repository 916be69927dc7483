"""Barcode masks: regular expressions that a unit's code must match whole.

They are RE2 expressions: matching takes time linear in the code's length, so no mask can hang the server.
"""

from __future__ import annotations

from tracepro.patterns import compiled
from tracepro_hookspecs import InvalidParams
from tracepro_hookspecs.records import Order
from tracepro_schemas import defs

MAX_LENGTH = 200


def check_mask(parameter: str, mask: str) -> None:
    """Raise InvalidParams for a mask that is too long or not a regular expression."""
    if len(mask) > MAX_LENGTH:
        info = f"{parameter} has {len(mask)} characters; a mask has at most {MAX_LENGTH}."
        raise InvalidParams(parameter, info)
    try:
        compiled(mask)
    except ValueError as error:
        info = f"{parameter} {error}; correct it or leave it empty."
        raise InvalidParams(parameter, info) from None


def mask_of(order: Order, tp: int) -> str:
    """Return the mask for units of a type: panels have their own; empty allows every code."""
    return order.barcode_mp if tp == defs.ITEM_TP_MULTIPANEL else order.barcode_pcb


def matches_mask(order: Order, tp: int, barcode: str) -> bool:
    """Tell whether a code matches the order's mask whole; none matches one that an older version took and this doesn't."""
    mask = mask_of(order, tp)
    try:
        return not mask or compiled(mask).fullmatch(barcode) is not None
    except ValueError:
        return False
