"""GS1 element strings: application identifiers with their data, FNC1 (GS) after those of no fixed length.

biip reads them by the GS1 General Specifications. Added here is what it leaves open: it goes on behind the longest
lot where the separator is missing, skips bracketed elements without data, takes digits of any script, and has no word
on which barcodes of a reel are GS1 at all.

biip is imported by the first label that may be GS1: it reads all company prefixes of the world as it is imported, which takes a
tenth of a server's start.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from biip import ParseConfig
    from biip.gs1_element_strings import GS1ElementString

GS = "\x1d"
SYMBOLOGIES = ("]C1", "]J1", "]Q3", "]d2", "]e0")
"""AIM identifiers of GS1-128, GS1 DataBar, GS1 DataMatrix, GS1 QR and GS1 DotCode."""

_BRACKETED = re.compile(r"\(\d{2,4}\)[^(]", re.ASCII)


def check_digit_fits(number: str) -> bool:
    """Tell whether the last digit of a GTIN or SSCC fits the others."""
    if not (number.isascii() and number.isdigit()):
        return False
    from biip.checksums import gs1_standard_check_digit

    return gs1_standard_check_digit(number[:-1]) == int(number[-1])


def looks_like_gs1(text: str) -> bool:
    """Tell whether a barcode says it is GS1, or begins with a GTIN whose check digit fits."""
    if text.startswith((*SYMBOLOGIES, GS)) or _BRACKETED.match(text):
        return True
    return text[:2] in ("01", "02") and len(text) > 16 and check_digit_fits(text[2:16])


def elements(text: str) -> dict[str, str] | None:
    """Return the data of an element string by application identifier, the first of each; None when it is damaged."""
    from biip import ParseError

    for symbology in SYMBOLOGIES:
        text = text.removeprefix(symbology)
    try:
        found = _from_brackets(text) if text.startswith("(") else _from_raw(text.strip(GS))
    except ParseError:
        return None
    if not text.isascii() or any(element.gtin_error or element.sscc_error for element in found):
        return None
    return {element.ai.ai: element.value for element in reversed(found)}


@cache
def _config() -> ParseConfig:
    """Dates without a day or a year are common, and nobody asks for the date of a reel here."""
    from biip import ParseConfig

    return ParseConfig(gs1_element_strings_verify_date=False)


def _from_brackets(text: str) -> list[GS1ElementString]:
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    message = GS1Message.parse_hri(text, config=_config())
    if message.as_hri() != text:
        raise ParseError("Something between the elements is not one.")
    return message.element_strings


def _from_raw(text: str) -> list[GS1ElementString]:
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    parts = [GS1Message.parse(part, config=_config()).element_strings for part in text.split(GS) if part]
    if any(element.ai.separator_required for part in parts for element in part[:-1]):
        raise ParseError("A separator is missing.")
    return [element for part in parts for element in part]
