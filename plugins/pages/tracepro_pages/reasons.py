"""What this plugin refuses with."""

from __future__ import annotations

from tracepro_hookspecs import Forbidden


def no_rights(name: str) -> Forbidden:
    """Return the refusal of somebody who may do nothing here."""
    return Forbidden(
        "no-rights",
        f"{name} is known and may do nothing: [groups] in parameters.ini gives its groups no scope; ask who runs the server.",
    )
