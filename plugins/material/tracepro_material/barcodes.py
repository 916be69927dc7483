"""Barcodes of material and tools: the built-in rule is a regular expression of the site."""

from __future__ import annotations

import re
from typing import Any

import re2

from tracepro_hookspecs import NotFound

LONGEST_PATTERN = 500
_AMOUNT = re.compile(r"(?P<whole>\d{1,10})(?:\.(?P<part>\d{1,6}))?", re.ASCII)
DEFAULT_MATERIAL = r"(?P<mat_item>[^;|]+)[;|](?P<mat_lot>[^;|]+)(?:[;|](?P<amount>\d{1,10}(?:\.\d{1,6})?))?"
DEFAULT_TOOL = r"TOOL[;|](?P<mat_item>[^;|]+)[;|](?P<mat_lot>[^;|]+)(?:[;|](?P<name>[^;|]+))?"


def compiled(pattern: str) -> Any:
    """Compiles a site's rule with RE2, whose time grows with the barcode's length only; "" means no rule.

    Raises ValueError with a sentence when it is no regular expression or misses a group.
    """
    if not pattern:
        return None
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"is longer than {LONGEST_PATTERN} characters; make it shorter.")
    options = re2.Options()
    options.log_errors = False
    try:
        rule = re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(f"is no regular expression of RE2: {_text(error)}") from error
    for group in ("mat_item", "mat_lot"):
        if group not in rule.groupindex:
            raise ValueError(f"has no group (?P<{group}>…); name what stands for it.")
    return rule


def _text(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return first.decode(errors="replace") if isinstance(first, bytes) else str(first)


def by_rule(rule: Any, barcode: str) -> dict[str, Any] | None:
    """What a site's rule reads from a whole barcode; None when it does not match."""
    match = rule.fullmatch(barcode) if rule is not None else None
    if match is None:
        return None
    found = {name: text for name, text in match.groupdict().items() if text is not None}
    if "amount" in found:
        found["amount"] = _amount(found["amount"], barcode)
    return found


def _amount(text: str, barcode: str) -> int:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise unreadable(barcode, f"its amount {text!r} is no number with at most six decimals.")
    return int(match["whole"]) * 1_000_000 + int((match["part"] or "").ljust(6, "0"))


def unreadable(barcode: str, why: str) -> NotFound:
    """The error for a barcode that no rule can read."""
    shown = barcode if len(barcode) <= 80 else barcode[:77] + "…"
    return NotFound("barcode-unreadable", f"Barcode {shown!r} can't be read: {why}")


def read_material(call: Any, barcode: str) -> dict[str, Any]:
    """Article, lot and perhaps amount (millionths) of a material barcode, by the first plugin that knows it."""
    found = call.hooks.decide("tracepro_parse_material_barcode", barcode=barcode)
    return _usable(found, barcode)


def read_tool(call: Any, workplace: Any, barcode: str) -> dict[str, Any]:
    """Article, lot and name of a tool's barcode, by the rules for tools and then those for material."""
    found = call.hooks.decide("tracepro_parse_tool_barcode", workplace=workplace, barcode=barcode)
    if found is None:
        found = call.hooks.decide("tracepro_parse_material_barcode", barcode=barcode)
    found = _usable(found, barcode)
    return {"name": found["mat_item"]} | found


def _usable(found: dict[str, Any] | None, barcode: str) -> dict[str, Any]:
    if found is None:
        raise unreadable(barcode, "no rule of the site knows it; see material_barcode in parameters.ini.")
    for key in ("mat_item", "mat_lot"):
        text = found.get(key)
        if not isinstance(text, str) or not 1 <= len(text) <= 255 or "\0" in text:
            raise unreadable(barcode, f"it gives no {key} of 1 to 255 characters.")
    return found
