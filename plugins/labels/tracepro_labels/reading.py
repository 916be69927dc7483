"""Which element of a label is the article, which the lot, which the amount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracepro_material import api as material_api

from tracepro.amounts import text_to_micros
from tracepro_hookspecs import Call, NotFound
from tracepro_labels import distributors, format06, gs1
from tracepro_labels.distributors import Distributor
from tracepro_labels.reasons import barcode_damaged, barcode_unreadable


@dataclass(frozen=True)
class LabelKind:
    """A kind of label: the options that name its article and its lot, and its identifiers of a quantity."""

    name: str
    item_option: str
    lot_option: str
    quantities: tuple[str, ...]


FORMAT06 = LabelKind("Format 06", "ecia_item", "ecia_lot", ("Q",))
LCSC = LabelKind("LCSC", "ecia_item", "ecia_lot", ("Q",))
GS1 = LabelKind("GS1", "gs1_item", "gs1_lot", ("30", "37"))


def read(call: Call, barcode: str) -> dict[str, Any] | None:
    """Return article, lot and amount (millionths) of a Format 06, GS1 or LCSC label; None for other barcodes.

    Raises ``barcode-unreadable`` for such a label that is damaged or names no article or lot.
    """
    text = material_api.restore_separators(barcode)
    if format06.is_format06(text):
        return _format06(call, text)
    if format06.looks_like_format06(text):
        raise barcode_damaged(FORMAT06.name)
    if gs1.looks_like_gs1(text):
        return _gs1(call, text)
    if distributors.LCSC in _distributors(call):
        return _lcsc(call, text)
    return None


def _format06(call: Call, text: str) -> dict[str, Any]:
    if format06.is_damaged(text):
        raise barcode_damaged(FORMAT06.name)
    found = format06.elements(text)
    try:
        return _of_distributor(call, FORMAT06, found, distributors.of_label(_distributors(call), found))
    except NotFound:
        if format06.has_unknown_elements(text):
            raise barcode_damaged(FORMAT06.name) from None
        raise


def _lcsc(call: Call, text: str) -> dict[str, Any] | None:
    found = distributors.lcsc_elements(text)
    lcsc = distributors.DISTRIBUTORS[distributors.LCSC]
    return None if found is None else _of_distributor(call, LCSC, found, lcsc)


def _gs1(call: Call, text: str) -> dict[str, Any]:
    found = gs1.elements(text)
    if found is None:
        raise barcode_damaged(GS1.name)
    items, lots = (call.option("labels", option).split() for option in (GS1.item_option, GS1.lot_option))
    return _chosen(GS1, found, items, lots)


def _of_distributor(
    call: Call, kind: LabelKind, found: Mapping[str, str], distributor: Distributor | None
) -> dict[str, Any]:
    """Read a label by the plant's identifiers, as far as the distributor means the same by them."""
    items, lots = (call.option("labels", option).split() for option in (kind.item_option, kind.lot_option))
    if distributor is not None:
        items = [key for key in items if key not in distributor.own_number] + list(distributor.own_number)
        lots += [key for key in distributor.lot if key not in lots]
    return _chosen(kind, found, items, lots)


def _distributors(call: Call) -> list[str]:
    names: str = call.option("labels", "distributors")
    return names.split()


def _chosen(
    kind: LabelKind, found: Mapping[str, str], items: Sequence[str], lots: Sequence[str]
) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "mat_item": _named(kind, found, items, kind.item_option, "article"),
        "mat_lot": _named(kind, found, lots, kind.lot_option, "lot"),
    }
    amount = next((found[key] for key in kind.quantities if key in found), None)
    return chosen if amount is None else chosen | {"amount": _millionths(amount)}


def _named(kind: LabelKind, found: Mapping[str, str], wanted: Sequence[str], option: str, what: str) -> str:
    for key in wanted:
        if key in found:
            return found[key]
    raise barcode_unreadable(
        f"it is a {kind.name} label without {what} (none of {', '.join(wanted)}); see {option} of plugin labels."
    )


def _millionths(text: str) -> int:
    try:
        return text_to_micros(text)
    except ValueError as error:
        raise barcode_unreadable(f"its quantity {error}; type the amount instead.") from None
