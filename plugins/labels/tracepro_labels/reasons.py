"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import NotFound


def barcode_unreadable(why: str) -> NotFound:
    """Return the error for a label of a known kind that is damaged or lacks something."""
    return NotFound("barcode-unreadable", f"The label can't be read: {why}")
