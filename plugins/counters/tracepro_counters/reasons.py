"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import NotFound, Reason, Refused


def counter_not_found(name: str) -> NotFound:
    """Return the error for a counter that does not exist."""
    return NotFound("counter-not-found", f"There is no counter {name}; the plant file creates them.")


def range_exhausted(name: str, left: int, count: int) -> Refused:
    """Return the refusal of a counter that has fewer numbers left than are needed."""
    info = f"Counter {name} has {left} numbers left, {count} are needed; get a new range and import it."
    return Refused([Reason("range-exhausted", info, plugin="counters")])
