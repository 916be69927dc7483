"""Barcodes of material and tools: the built-in rule is a regular expression of the site."""

from __future__ import annotations

from typing import Any

from tracepro.amounts import LARGEST, MICRO, text_to_micros
from tracepro.codes import code, trim
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Workplace
from tracepro_material import reasons, separators
from tracepro_material.patterns import Pattern

DEFAULT_MATERIAL = r"(?P<mat_item>[^;|]+)[;|](?P<mat_lot>[^;|]+)(?:[;|](?P<amount>\d+(?:\.\d{1,6})?))?"
DEFAULT_TOOL = r"TOOL[;|](?P<mat_item>[^;|]+)[;|](?P<mat_lot>[^;|]+)(?:[;|](?P<name>[^;|]+))?"


def compile_rule(text: str) -> Pattern | None:
    """Compile a site's rule with RE2, whose time grows with the barcode's length only; "" means no rule.

    Raises ValueError, the end of a sentence, when it is not a regular expression or may lack the article or the lot.
    """
    return Pattern(text, ("mat_item", "mat_lot")) if text else None


def parse(rule: Pattern | None, barcode: str) -> dict[str, Any] | None:
    """Return what a site's rule reads from a whole barcode, amounts in millionths; None when it does not match.

    It is read as scanned, and where that doesn't match or leaves a separator in a code, with its separators put back
    and without the scanner's prefix.
    """
    if rule is None:
        return None
    restored = separators.restore(barcode)
    for text in dict.fromkeys((barcode, restored, trim(restored))):
        found: dict[str, Any] | None = rule.read(text)
        if found is not None and not any(separators.has_any(code) for code in found.values()):
            return found | ({"amount": _amount(found["amount"], barcode)} if "amount" in found else {})
    return None


def _amount(text: str, barcode: str) -> int:
    try:
        return text_to_micros(text)
    except ValueError as error:
        raise reasons.barcode_unreadable(barcode, f"its amount {error}.") from None


def read_material(call: Call, barcode: str) -> dict[str, Any]:
    """Return article, lot and perhaps amount (millionths) of a material barcode, by the first plugin that knows it."""
    found = call.hooks.decide("tracepro_parse_material_barcode", barcode=barcode)
    return _checked(found, barcode)


def read_tool(call: Call, workplace: Workplace, barcode: str) -> dict[str, Any]:
    """Return article, lot and name of a tool's barcode, by the rules for tools and then those for material."""
    found = call.hooks.decide("tracepro_parse_tool_barcode", workplace=workplace, barcode=barcode)
    if found is None:
        found = call.hooks.decide("tracepro_parse_material_barcode", barcode=barcode)
    found = _checked(found, barcode)
    return {"name": found["mat_item"]} | found


def _checked(found: dict[str, Any] | None, barcode: str) -> dict[str, Any]:
    if found is None:
        raise reasons.barcode_unknown(barcode)
    if any(separators.has_any(str(found.get(key))) for key in ("mat_item", "mat_lot")):
        raise reasons.barcode_unreadable(barcode, f"a separator is in its article or lot; {reasons.SCANNER}")
    amount = found.get("amount", 0)
    if type(amount) is not int or not 0 <= amount <= LARGEST * MICRO:
        raise reasons.barcode_unreadable(barcode, f"its amount is not a number from 0 to {LARGEST}.")
    for key in ("mat_item", "mat_lot"):
        found = {**found, key: _code(found.get(key), key, barcode)}
    return found


def _code(text: Any, key: str, barcode: str) -> str:
    if not isinstance(text, str) or not text:
        raise reasons.barcode_unreadable(barcode, f"its {key} is not a text of 1 to 255 characters.")
    try:
        return code(text)
    except ValueError as error:
        raise reasons.barcode_unreadable(barcode, f"its {key} {error}.") from None
