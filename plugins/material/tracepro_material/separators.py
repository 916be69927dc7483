"""Separators in labels, put back where a scanner sends something else for them.

Labels separate their elements by characters that no keyboard has: GS, RS and EOT, and FNC1 which is sent as GS. A
scanner that types instead of sending sends their names, pictures, glyphs of an old code page, caret notation, escapes or
function keys.
"""

from __future__ import annotations

import re

GS, RS, EOT = "\x1d", "\x1e", "\x04"
_STAND_INS = {
    GS: ("\u241d", "\u2194", "^]", "\\x1d", "\\u001d", "<0x1d>", "&#29;", "\\035", "%1d"),
    RS: ("\u241e", "\u25b2", "\\x1e", "\\u001e", "<0x1e>", "&#30;", "\\036", "%1e"),
    EOT: ("\u2404", "\u2666", "\\x04", "\\u0004", "<0x04>", "&#4;", "\\004", "%04"),
}
_NAMES = {"GS": GS, "FNC1": GS, "RS": RS, "EOT": EOT}
_CONTROLS = {shown: control for control, each in _STAND_INS.items() for shown in each} | {
    f"{left}{name}{right}".lower(): control
    for name, control in _NAMES.items()
    for left, right in ("<>", "{}", "[]", "()")
}
_SHOWN = re.compile("|".join(map(re.escape, _CONTROLS)), re.IGNORECASE)
_KEYS = re.compile("[\uf700-\uf8ff]")
"""Function keys as the keyboard of a Mac sends them."""
# What stands before and after 06 tells what the scanner sends for RS and GS, unless codes are made of it.
_MARK = r"(?:[\x1c-\x1f^\]|~`]|[^\x00-\x7f\w\s])"
_HEADER = re.compile(rf"(?P<prefix>\][A-Za-z][0-9A-Fa-f])?>?\[\)>(?P<rs>\^\^|{_MARK})?06(?P<gs>{_MARK})")


def restore(barcode: str) -> str:
    """Return a barcode with GS, RS and EOT where a scanner sent something else for them; twice is once."""
    text = _SHOWN.sub(lambda shown: _CONTROLS[shown.group().lower()], barcode.strip(" \r\n\t"))
    header = _HEADER.match(text)
    if header is not None:
        prefix, rs, gs = header["prefix"] or "", header["rs"] or "", header["gs"]
        text = prefix + _from_header(text.removeprefix(prefix), rs, gs)
    return _KEYS.sub(GS, text)


def _from_header(text: str, rs: str, gs: str) -> str:
    if rs.startswith("^"):
        text = re.sub(r"\^[Dd]$", EOT, text)
    text = text.replace(gs, GS)
    return text.replace(rs, RS) if rs else text


def has_any(text: str) -> bool:
    """Tell whether a text has a separator in it, or what a scanner sends for one."""
    return any(separator in restore(text) for separator in (GS, RS, EOT))
