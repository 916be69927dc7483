"""What a plant may choose about boxes."""

from __future__ import annotations

from tracepro_hookspecs import Option

BIGGEST = 2**63 - 1


def size(number: int) -> int:
    """Return how much lies in a box at most. Raises ValueError with the end of a sentence."""
    if not 0 <= number <= BIGGEST:
        raise ValueError(f"must be from 0 to {BIGGEST}, not {number}")
    return number


OPTIONS = [
    Option(
        "default_size",
        0,
        "How much lies directly in a box that is made without a size, units and boxes together; 0 is no limit.",
        int,
        parse=size,
    ),
]
