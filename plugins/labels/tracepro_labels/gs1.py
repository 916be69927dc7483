"""GS1 element strings: application identifiers, fixed lengths, FNC1 (GS) after the others.

Source: GS1 General Specifications, section 3.2 (application identifiers) and 7.8.4 (predefined lengths).
"""

from __future__ import annotations

import re

GS = "\x1d"
SYMBOLOGIES = ("]C1", "]e0", "]d2", "]Q3", "]J1")
"""AIM identifiers of GS1-128, GS1 DataBar, GS1 DataMatrix, GS1 QR and GS1 DotCode."""

_BRACKETED = re.compile(r"\((\d{2,4})\)([^(]+)", re.ASCII)
_CHARACTERS = re.compile(r"[!-Z_a-z]+", re.ASCII)
# (pattern of the identifier, longest data, fixed length)
_IDENTIFIERS = [
    (r"00", 18, True), (r"0[123]", 14, True), (r"04", 16, True), (r"1[1-9]", 6, True), (r"20", 2, True),
    (r"3[1-6]\d\d", 6, True), (r"41\d", 13, True),
    (r"10|21|22|243", 20, False), (r"235|24[01]|25[01]|253|400|401|403", 30, False), (r"242", 6, False),
    (r"254|255", 25, False), (r"30|37", 8, False), (r"39[0-4]\d|395\d", 18, False), (r"402", 17, False),
    (r"42[0-7]", 20, False), (r"43\d\d", 70, False), (r"7[0-2]\d\d", 30, False), (r"71[0-7]", 20, False),
    (r"8\d\d\d", 70, False), (r"90", 30, False), (r"9[1-9]", 90, False),
]  # fmt: skip
_RULES = [(re.compile(pattern, re.ASCII), longest, fixed) for pattern, longest, fixed in _IDENTIFIERS]


def check_digit_fits(number: str) -> bool:
    """Tell whether the last digit of a GTIN or SSCC fits the others (weights 3 and 1 from the right)."""
    if not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def looks_like_gs1(text: str) -> bool:
    """Tell whether a barcode says it is GS1, or begins with a GTIN whose check digit fits."""
    if text.startswith((*SYMBOLOGIES, GS)) or _BRACKETED.match(text):
        return True
    return text[:2] in ("01", "02") and len(text) > 16 and check_digit_fits(text[2:16])


def elements(text: str) -> dict[str, str] | None:
    """The data of an element string by application identifier; None when it is not well-formed."""
    for symbology in SYMBOLOGIES:
        text = text.removeprefix(symbology)
    found = _from_brackets(text) if text.startswith("(") else _from_raw(text.strip(GS))
    if found is None or not all(check_digit_fits(found[ai]) for ai in ("00", "01", "02") if ai in found):
        return None
    return found


def _from_brackets(text: str) -> dict[str, str] | None:
    pairs = _BRACKETED.findall(text)
    if "".join(f"({ai}){data}" for ai, data in pairs) != text:
        return None
    return {ai: data for ai, data in pairs if _rule(ai) is not None}


def _from_raw(text: str) -> dict[str, str] | None:
    found: dict[str, str] = {}
    while text:
        rule = _rule(text)
        if rule is None:
            return None
        ai, longest, fixed = rule
        rest = text[len(ai) :]
        data = rest[:longest] if fixed else rest.split(GS)[0]
        if (
            not data
            or len(data) > longest
            or (fixed and len(data) < longest)
            or not _CHARACTERS.fullmatch(data)
        ):
            return None
        found.setdefault(ai, data)
        text = rest[len(data) :].removeprefix(GS)
    return found


def _rule(text: str) -> tuple[str, int, bool] | None:
    """The identifier a text begins with, the longest match first."""
    matches = [(rule.match(text), longest, fixed) for rule, longest, fixed in _RULES]
    found = [(match.group(), longest, fixed) for match, longest, fixed in matches if match]
    return max(found, key=lambda rule: len(rule[0]), default=None)
