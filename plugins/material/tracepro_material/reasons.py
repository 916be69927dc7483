"""Why material says no: one sentence for each code of this plugin."""

from __future__ import annotations

from tracepro.amounts import to_number
from tracepro_hookspecs import InvalidParams, NotFound, Reason, Refused

LIMIT = 10**18
"""Millionths: nothing holds more than 10^12 pieces, so sums stay within 64 bits."""


def short(info: str) -> Reason:
    """A lot or a hole has less than is to be taken."""
    return Reason("material-short", info, plugin="material")


def lot_short(mat_item: str, mat_lot: str, there: int, wanted: int) -> Reason:
    """The floor has too little of a lot."""
    return short(
        f"Lot {mat_lot} of {mat_item} has {to_number(there)} on the floor and {to_number(wanted)} are asked for; "
        "count it, receive more or take another lot."
    )


def hole_short(wp_id: int, hole_no: int, missing: int) -> Reason:
    """A hole runs out before the operation has what it takes."""
    return short(f"Hole {hole_no} of workplace {wp_id} lacks {to_number(missing)}; load material there.")


def not_in_bom(info: str) -> Reason:
    """The BOM of the workplace has no such hole, or another article in it."""
    return Reason("material-not-in-bom", info, plugin="material")


def ambiguous(mat_lot: str, wp_id: int, holes: list[int]) -> Refused:
    """A lot lies in several holes and none was named."""
    where = ", ".join(map(str, holes))
    info = f"Lot {mat_lot} lies in holes {where} of workplace {wp_id}; name the hole."
    return Refused([Reason("hole-ambiguous", info, plugin="material")])


def no_lot(what: str) -> NotFound:
    """There is no such lot, or not where the call looks for it."""
    return NotFound(
        "floor-material-not-found",
        f"{what}; see getwpmat for what is loaded and getfloormat to receive a lot.",
    )


def within_limit(parameter: str, amount: int) -> int:
    """Refuses an amount that no lot can hold."""
    if abs(amount) > LIMIT:
        raise InvalidParams(
            parameter, f"{parameter} makes more than {to_number(LIMIT)} pieces of one lot; give less."
        )
    return amount
