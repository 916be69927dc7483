"""Barcodes of material and tools: the built-in rule is a regular expression of the site."""

from __future__ import annotations

import re
from typing import Any, Protocol

import re2

from tracepro.amounts import MICRO
from tracepro.codes import code
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Workplace
from tracepro_material import reasons

LONGEST_PATTERN = 500
DEFAULT_MATERIAL = r"(?P<mat_item>[^;|]+)[;|](?P<mat_lot>[^;|]+)(?:[;|](?P<amount>\d{1,10}(?:\.\d{1,6})?))?"
DEFAULT_TOOL = r"TOOL[;|](?P<mat_item>[^;|]+)[;|](?P<mat_lot>[^;|]+)(?:[;|](?P<name>[^;|]+))?"
_AMOUNT = re.compile(r"(?P<whole>\d{1,10})(?:\.(?P<part>\d{1,6}))?", re.ASCII)


class Rule(Protocol):
    """A compiled regular expression of RE2, as far as it is used here."""

    def fullmatch(self, text: str, /) -> re.Match[str] | None:
        """Match a whole barcode."""


def compile_rule(pattern: str) -> Rule | None:
    """Compile a site's rule with RE2, whose time grows with the barcode's length only; "" means no rule.

    Raises ValueError with a sentence when it is not a regular expression or lacks a group.
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
        raise ValueError(f"is not a regular expression of RE2: {_text(error)}") from error
    for group in ("mat_item", "mat_lot"):
        if group not in rule.groupindex:
            raise ValueError(f"has no group (?P<{group}>…); name what stands for it.")
    return rule


def _text(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return first.decode(errors="replace") if isinstance(first, bytes) else str(first)


def parse(rule: Rule | None, barcode: str) -> dict[str, Any] | None:
    """Return what a site's rule reads from a whole barcode, amounts in millionths; None when it does not match."""
    match = rule.fullmatch(barcode) if rule is not None else None
    if match is None:
        return None
    found: dict[str, Any] = {name: text for name, text in match.groupdict().items() if text is not None}
    if "amount" in found:
        found["amount"] = _amount(found["amount"], barcode)
    return found


def _amount(text: str, barcode: str) -> int:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise reasons.barcode_unreadable(
            barcode, f"its amount {text!r} is not a number with at most six decimals."
        )
    return int(match["whole"]) * MICRO + int((match["part"] or "").ljust(6, "0"))


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
        raise reasons.barcode_unreadable(
            barcode,
            "no rule of the site knows it; scan another label or see material_barcode in parameters.ini.",
        )
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
