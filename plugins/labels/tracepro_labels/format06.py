"""Labels of ISO/IEC 15434 Format 06 with MH10.8.2 data identifiers, as ECIA's EIGP 114 lays them out.

``[)>`` RS ``06`` GS element GS element … RS EOT; an element is a data identifier (up to three digits and a
letter) and its data. A missing trailer is read too, the header ``>[)>06`` of older labels, and the scanner's prefix
(an AIM identifier such as ``]d1``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

RS, GS, EOT = "\x1e", "\x1d", "\x04"
_HEADER = re.compile(rf"(?:\][A-Za-z][0-9A-Fa-f])?>?\[\)>{RS}?06{GS}?")
_LIKE_HEADER = re.compile(r"(?:\][A-Za-z][0-9A-Fa-f])?>?\[\)>.{0,10}?06", re.DOTALL)
_ELEMENT = re.compile(r"(?P<identifier>\d{0,3}[A-Z])(?P<data>.*)", re.ASCII | re.DOTALL)


def is_format06(text: str) -> bool:
    """Tell whether a barcode, its separators restored, says it is Format 06."""
    return _HEADER.match(text) is not None


def looks_like_format06(text: str) -> bool:
    """Tell whether a barcode begins as Format 06 does, with something else where separators belong."""
    return _LIKE_HEADER.match(text) is not None


def is_damaged(text: str) -> bool:
    """Tell whether a Format 06 barcode has lost its separators, or has characters that no label has."""
    parts = list(_parts(text))
    return bool(parts) and (GS not in text or not all(map(str.isprintable, parts)))


def has_unknown_elements(text: str) -> bool:
    """Tell whether something in a Format 06 barcode begins with no data identifier."""
    return any(_ELEMENT.fullmatch(part) is None for part in _parts(text))


def elements(text: str) -> dict[str, str]:
    """Return the data of a Format 06 barcode by data identifier; the first of each that is not empty counts."""
    found: dict[str, str] = {}
    for part in _parts(text):
        match = _ELEMENT.fullmatch(part)
        if match and match["data"].strip():
            found.setdefault(match["identifier"], match["data"].strip())
    return found


def _parts(text: str) -> Iterator[str]:
    body = _HEADER.sub("", text, count=1).split(EOT)[0].split(RS)[0]
    return (part.strip() for part in body.split(GS) if part.strip())
