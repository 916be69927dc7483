"""What spreadsheets do to part numbers when nobody looks: long ones become 1.23E+12, 00123 becomes 123, 1-3 becomes 1-Mar."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tracepro_tooling.reasons import QUOTED

LONGEST_NUMBER = 18
"""Digits of the longest number on a label (SSCC) that a spreadsheet may have taken zeros from."""
_MONTH = r"(?:jan|feb|m[aä]r|mrz|apr|ma[yi]|jun|jul|aug|sep|o[ck]t|nov|de[cz])"
_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_DATE = re.compile(
    rf"[0-9]{{1,2}}[-./] ?{_MONTH}(?:[-./ ][0-9]{{2,4}})?|{_MONTH}[-./ ][0-9]{{2,4}}"
    r"|[0-9]{1,2}\.[IVX]{1,4}|[IVX]{1,4}\.[0-9]{2}"
    r"|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}",
    re.IGNORECASE,
)
ADVICE = "format the column as text before its numbers are entered"


def with_zeros(number: str) -> list[str]:
    """Return what a number may have been before zeros in front were taken away; nothing for what isn't digits alone."""
    if not (number.isascii() and number.isdigit()):
        return []
    return [number.zfill(length) for length in range(len(number) + 1, LONGEST_NUMBER + 1)]


def damage(number: str, whole: Mapping[str, str]) -> str | None:
    """Say, as the end of a sentence, what a spreadsheet seems to have done to a part number of no item; None for nothing.

    ``whole`` are part numbers of items by what they are without their zeros in front.
    """
    quoted = f"part number {number[:QUOTED]!r}"
    if _EXPONENT.fullmatch(number):
        return f"{quoted} is of no item and looks like a long number that a spreadsheet cut off; {ADVICE}"
    if _DATE.fullmatch(number):
        return f"{quoted} is of no item and looks like a date that a spreadsheet made of it; {ADVICE}"
    found = whole.get(number.lstrip("0")) if with_zeros(number) else None
    if found is None:
        return None
    return f"{quoted} is of no item but {found!r} is: spreadsheets take zeros in front away; {ADVICE}"
