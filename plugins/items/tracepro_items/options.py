"""What a plant may set about recorded work: one site parameter."""

from __future__ import annotations

from tracepro_hookspecs import Parameter

MOST_DAYS = 36_500


def days(number: int) -> int:
    """Return a number of days. Raises ValueError with the end of a sentence."""
    if not 0 <= number <= MOST_DAYS:
        raise ValueError(f"must be from 0 to {MOST_DAYS}, not {number}")
    return number


PARAMETERS = [
    Parameter(
        "site",
        "oldest_days",
        366,
        "How many days back tm0 and tm1 of recorded work may lie; 0 is no limit.",
        int,
        parse=days,
        public=True,
    ),
]
