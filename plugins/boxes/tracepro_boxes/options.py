"""What a plant may choose about boxes."""

from __future__ import annotations

from tracepro_hookspecs import Option, between

BIGGEST = 2**63 - 1


OPTIONS = [
    Option(
        "default_size",
        0,
        "How much lies directly in a box that is made without a size, units and boxes together; 0 is no limit.",
        int,
        parse=between(0, BIGGEST),
    ),
]
