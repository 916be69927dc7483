"""Which element of a label is the article, which the lot, which the amount."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tracepro_hookspecs import NotFound
from tracepro_labels import format06, gs1

_QUANTITY = re.compile(r"(?P<whole>\d{1,9})(?:\.(?P<part>\d{1,6})0*)?", re.ASCII)


def read(call: Any, barcode: str) -> dict[str, Any] | None:
    """Article, lot and amount (millionths) of a Format 06 or GS1 label; None for other barcodes.

    Raises NotFound (``barcode-unreadable``) for such a label that is damaged or names no article or lot.
    """
    text = format06.normalised(barcode)
    if format06.is_format06(text):
        return _chosen(call, "Format 06", format06.elements(text), "ecia_item", "ecia_lot", ("Q",))
    if gs1.looks_like_gs1(text):
        found = gs1.elements(text)
        if found is None:
            raise _unreadable("it is a GS1 element string, but damaged; scan it again.")
        return _chosen(call, "GS1", found, "gs1_item", "gs1_lot", ("30", "37"))
    return None


def _chosen(
    call: Any, kind: str, found: Mapping[str, str], item: str, lot: str, quantity: tuple[str, ...]
) -> dict[str, Any]:
    amount = next((found[key] for key in quantity if key in found), None)
    chosen = {
        "mat_item": _named(call, kind, found, item, "article"),
        "mat_lot": _named(call, kind, found, lot, "lot"),
    }
    return chosen | ({} if amount is None else {"amount": _millionths(amount)})


def _named(call: Any, kind: str, found: Mapping[str, str], option: str, what: str) -> str:
    wanted = call.option("labels", option).split()
    for key in wanted:
        if key in found:
            return found[key]
    listed = ", ".join(wanted)
    raise _unreadable(
        f"it is a {kind} label without {what} (none of {listed}); see {option} of plugin labels."
    )


def _millionths(text: str) -> int:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise _unreadable(f"its quantity {text!r} is no number; scan it again.")
    return int(match["whole"]) * 1_000_000 + int((match["part"] or "").ljust(6, "0"))


def _unreadable(why: str) -> NotFound:
    return NotFound("barcode-unreadable", f"The label can't be read: {why}")
