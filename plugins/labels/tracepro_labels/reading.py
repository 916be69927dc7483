"""Which element of a label is the article, which the lot, which the amount."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracepro_hookspecs import Call
from tracepro_labels import format06, gs1
from tracepro_labels.reasons import barcode_unreadable

_QUANTITY = re.compile(r"(?P<whole>\d{1,9})(?:\.(?P<part>\d{1,6})0*)?", re.ASCII)


@dataclass(frozen=True)
class LabelKind:
    """A kind of label: the options that name its article and its lot, and its identifiers of a quantity."""

    name: str
    item_option: str
    lot_option: str
    quantities: tuple[str, ...]


FORMAT06 = LabelKind("Format 06", "ecia_item", "ecia_lot", ("Q",))
GS1 = LabelKind("GS1", "gs1_item", "gs1_lot", ("30", "37"))


def read(call: Call, barcode: str) -> dict[str, Any] | None:
    """Return article, lot and amount (millionths) of a Format 06 or GS1 label; None for other barcodes.

    Raises ``barcode-unreadable`` for such a label that is damaged or names no article or lot.
    """
    text = format06.normalised(barcode)
    if format06.is_format06(text):
        return _chosen(call, FORMAT06, format06.elements(text))
    if gs1.looks_like_gs1(text):
        found = gs1.elements(text)
        if found is None:
            raise barcode_unreadable("it is a GS1 element string, but damaged; scan it again.")
        return _chosen(call, GS1, found)
    return None


def _chosen(call: Call, kind: LabelKind, found: Mapping[str, str]) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "mat_item": _named(call, kind, found, kind.item_option, "article"),
        "mat_lot": _named(call, kind, found, kind.lot_option, "lot"),
    }
    amount = next((found[key] for key in kind.quantities if key in found), None)
    return chosen if amount is None else chosen | {"amount": _millionths(amount)}


def _named(call: Call, kind: LabelKind, found: Mapping[str, str], option: str, what: str) -> str:
    wanted = call.option("labels", option).split()
    for key in wanted:
        if key in found:
            return found[key]
    listed = ", ".join(wanted)
    raise barcode_unreadable(
        f"it is a {kind.name} label without {what} (none of {listed}); see {option} of plugin labels."
    )


def _millionths(text: str) -> int:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise barcode_unreadable(f"its quantity {text!r} is not a number; scan it again.")
    return int(match["whole"]) * 1_000_000 + int((match["part"] or "").ljust(6, "0"))
