"""The sentences of this plugin's refusals; each code is built by one function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracepro.amounts import to_number
from tracepro_hookspecs import Conflict, InvalidParams, NotFound, Reason, Refused
from tracepro_material import separators

SCANNER = "scan it again, and have the scanner send the whole label, header and control characters (GS, RS, EOT) included."
"""What to do about a label that was damaged on its way."""


def lot_short(mat_item: str, mat_lot: str, on_hand: int, wanted: int) -> Reason:
    """Return the reason when the floor has too little of a lot."""
    return _short(
        f"Lot {mat_lot} of {mat_item} has {to_number(on_hand)} on the floor and {to_number(wanted)} are asked for; "
        "count it, receive more or take another lot."
    )


def hole_short(wp_id: int, hole_no: int, shortage: int) -> Reason:
    """Return the reason when a hole runs out before the operation has what it takes."""
    return _short(f"Hole {hole_no} of workplace {wp_id} lacks {to_number(shortage)}; load material there.")


def _short(info: str) -> Reason:
    return Reason("material-short", info, plugin="material")


def hole_not_in_bom(wp_id: int, hole_no: int, holes: Sequence[int]) -> Reason:
    """Return the reason when the BOM of a workplace does not have a hole."""
    return _not_in_bom(
        f"The BOM of workplace {wp_id} does not have hole {hole_no}, only {_listed(holes)}; "
        "load one of these or change the BOM."
    )


def article_not_in_bom(wp_id: int, hole_no: int, mat_item: str, articles: Sequence[str]) -> Reason:
    """Return the reason when another article belongs into a hole."""
    return _not_in_bom(
        f"Hole {hole_no} of workplace {wp_id} takes {_listed(articles)}, not {mat_item}; load the right article."
    )


def _not_in_bom(info: str) -> Reason:
    return Reason("material-not-in-bom", info, plugin="material")


def hole_ambiguous(mat_lot: str, wp_id: int, holes: Sequence[int]) -> Refused:
    """Return the refusal when a lot is in several holes and the call names none."""
    info = f"Lot {mat_lot} is in holes {_listed(holes)} of workplace {wp_id}; name the hole."
    return Refused([Reason("hole-ambiguous", info, plugin="material")])


def lot_not_found(mat_item: str, mat_lot: str) -> NotFound:
    """Return the error for a lot that was never received."""
    return _not_found(f"There is no lot {mat_lot} of {mat_item}; check both, or book the delivery in first.")


def lot_id_not_found(lot_id: int) -> NotFound:
    """Return the error for the id of a lot that does not exist."""
    return _not_found(f"There is no lot with the id {lot_id}; look it up by its article and lot.")


def lot_not_loaded(mat_item: str, mat_lot: str, wp_id: int, hole_no: int | None) -> NotFound:
    """Return the error for a lot that is not loaded where the call looks for it."""
    where = f"workplace {wp_id}" if hole_no is None else f"hole {hole_no} of workplace {wp_id}"
    return _not_found(f"Lot {mat_lot} of {mat_item} is not in {where}; look at what is loaded there.")


def _not_found(info: str) -> NotFound:
    return NotFound("floor-material-not-found", info)


def barcode_unreadable(barcode: str, why: str) -> NotFound:
    """Return the error for a barcode that no rule can read."""
    shown = barcode if len(barcode) <= 80 else barcode[:77] + "…"
    return NotFound("barcode-unreadable", f"Barcode {shown!r} can't be read: {why}")


def barcode_unknown(barcode: str) -> NotFound:
    """Return the error for a barcode that no rule of the site knows."""
    if separators.has_any(barcode):
        return barcode_unreadable(
            barcode,
            f"it has separators, but no rule of the site knows it; {SCANNER}",
        )
    return barcode_unreadable(
        barcode, "no rule of the site knows it; scan another label or see material_barcode in parameters.ini."
    )


def receipt_exists(mat_item: str, mat_lot: str, ref: str) -> Conflict:
    """Return the error for a delivery of a lot that is booked already."""
    info = (
        f"Delivery {ref} of lot {mat_lot} of {mat_item} is booked already; give another delivery another ref."
    )
    return Conflict("receipt-exists", info)


def empty_reel() -> InvalidParams:
    """Return the error for a reel that is loaded with nothing on it."""
    return InvalidParams(
        "amount", "An empty reel is not loaded; give an amount above 0.", rule="exclusiveMinimum"
    )


def amount_too_large(parameter: str, limit: int) -> InvalidParams:
    """Return the error for an amount that would make a lot hold more than ``limit`` millionths."""
    return InvalidParams(parameter, f"{parameter} makes more than {to_number(limit)} of one lot; give less.")


def _listed(words: Iterable[Any]) -> str:
    return ", ".join(map(str, words))
