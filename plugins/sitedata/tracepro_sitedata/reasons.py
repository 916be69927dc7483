"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import Forbidden, NotFound


def basicdata_not_found(name: str) -> NotFound:
    """Return the error for a kind of basic data that no plugin brings."""
    info = f"There is no basic data {name!r:.80} here; correct the name or enable the plugin that brings it."
    return NotFound("basicdata-not-found", info)


def basicdata_readonly(name: str, key: str) -> Forbidden:
    """Return the error for a property of basic data that can't be set."""
    info = f"{key!r:.80} of {name} can't be set by a call; change it with the plant file."
    return Forbidden("basicdata-readonly", info)
