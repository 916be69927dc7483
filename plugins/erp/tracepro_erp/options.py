"""What a plant may choose about the queue to the ERP."""

from __future__ import annotations

from tracepro_hookspecs import Option, Parameter, between

TIME, OPERATION, SCRAP, CONSUMPTION, RECEIPT, OVERRUN = KINDS = (
    "time",
    "operation",
    "scrap",
    "consumption",
    "receipt",
    "overrun",
)
MOST_DAYS = 36_500


def parse_kinds(text: str) -> tuple[str, ...]:
    """Return the kinds that a text lists. Raises ValueError with the end of a sentence for one that is not there."""
    words = text.replace(",", " ").split()
    for word in words:
        if word not in KINDS:
            raise ValueError(f"lists {word!r}, which is not a kind; the kinds are {', '.join(KINDS)}")
    return tuple(words)


OPTIONS = [
    Option(
        "kinds",
        KINDS,
        f"What the ERP is to hear, any of {' '.join(KINDS)}; what reportoptime reports is told always.",
        str,
        parse_kinds,
    ),
]
PARAMETERS = [
    Parameter(
        "erp",
        "keep_days",
        366,
        "How many days rows that the ERP has are kept in the queue; 0 keeps them for ever.",
        int,
        parse=between(0, MOST_DAYS),
    ),
]
