"""Labels of ISO/IEC 15434 Format 06 with MH10.8.2 data identifiers, as ECIA's EIGP 114 lays them out.

``[)>`` RS ``06`` GS element GS element … RS EOT; an element is a data identifier (up to three digits and a
letter) and its data. What scanners and distributors make of it is read too: visible stand-ins for control
characters, a missing trailer, the header ``>[)>06`` of older labels.
"""

from __future__ import annotations

import re

RS, GS, EOT = "\x1e", "\x1d", "\x04"
_STAND_INS = {
    RS: ("\u241e", "<RS>", "{RS}"),
    GS: ("\u241d", "<GS>", "{GS}"),
    EOT: ("\u2404", "<EOT>", "{EOT}"),
}
_HEADER = re.compile(rf">?\[\)>{RS}?06{GS}?")
_ELEMENT = re.compile(r"(?P<identifier>\d{0,3}[A-Z])(?P<data>.*)", re.ASCII | re.DOTALL)


def normalised(barcode: str) -> str:
    """Put control characters back where a scanner typed something visible for them."""
    text = barcode.strip(" \r\n\t")
    for control, stand_ins in _STAND_INS.items():
        for shown in stand_ins:
            text = text.replace(shown, control)
    if text.startswith("[)>^06]"):  # a keyboard wedge typing Ctrl-^ and Ctrl-] as they look
        text = text.removesuffix("^D").removesuffix("^d").replace("]", GS).replace("^", RS)
    return text


def is_format06(text: str) -> bool:
    """Tell whether a normalised barcode says it is Format 06."""
    return _HEADER.match(text) is not None


def elements(text: str) -> dict[str, str]:
    """Return the data of a normalised Format 06 barcode by data identifier; the first of each that is not empty counts."""
    body = _HEADER.sub("", text, count=1).split(EOT)[0].split(RS)[0]
    found: dict[str, str] = {}
    for element in body.split(GS):
        match = _ELEMENT.fullmatch(element.strip())
        if match and match["data"].strip():
            found.setdefault(match["identifier"], match["data"].strip())
    return found
