"""Codes come from scanners, with line ends and symbology identifiers around them; here they are trimmed.

The one place that says what a code is, for RPC, REST, plant file, command line and migrations alike.
"""

from __future__ import annotations

import re

__all__ = ["LONGEST", "WHITE", "code", "trim"]

LONGEST = 255
"""Characters of a code at most."""
# What Python takes for white space, but the separators U+001C to U+001F, and what has no width.
WHITE = "".join(chr(n) for n in range(0x10000) if chr(n).isspace() and not 0x1C <= n <= 0x1F)
"""The characters that are trimmed around a code."""
WHITE += "\u180e\u200b\u200c\u200d\u2060\ufeff"
# An AIM identifier (ISO/IEC 15424): which symbology the scanner read.
# What it has taken it never gives back, so that no text costs it more than one look at each character.
_IN_FRONT = re.compile(rf"(?:[{re.escape(WHITE)}]++|\][A-Za-z][0-9A-Fa-f])*+")


def trim(text: str) -> str:
    """Return a text without the white space around it and the AIM identifiers before it; trimming twice is once."""
    if text.isprintable() and text and text[0] not in " ]" and text[-1] != " ":
        return text
    front = _IN_FRONT.match(text)
    return text[front.end() if front else 0 :].rstrip(WHITE)


def code(text: str) -> str:
    """Return a code trimmed; "" stays what it is.

    Raises ValueError, the end of a sentence, for what has nothing left, something invisible inside, or is too long.
    """
    trimmed = trim(text)
    if not trimmed.isprintable():
        at, sign = next((at, sign) for at, sign in enumerate(trimmed, 1) if not sign.isprintable())
        raise ValueError(
            f"must be a code without invisible characters, but has U+{ord(sign):04X} at place {at}; scan or type it again"
        )
    if len(trimmed) > LONGEST:
        raise ValueError(f"must be a code of at most {LONGEST} characters, not {len(trimmed)}")
    if not trimmed and text:
        raise ValueError(
            "must be a code, but has nothing except white space or a scanner's prefix; scan it again"
        )
    return trimmed
