"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import NotFound


def barcode_unreadable(why: str) -> NotFound:
    """Return the error for a label of a known kind that is damaged or lacks something."""
    return NotFound("barcode-unreadable", f"The label can't be read: {why}")


def barcode_damaged(kind: str) -> NotFound:
    """Return the error for a label that lost something on its way from the scanner."""
    return barcode_unreadable(
        f"it is a {kind} label, but damaged; scan it again. If that happens with every label, set the scanner up to "
        "send control characters (GS for FNC1, RS, EOT), with the keyboard layout of the terminal and without changing case."
    )
