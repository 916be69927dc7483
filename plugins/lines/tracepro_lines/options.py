"""What a plant may set about lines, for all of them or for one."""

from __future__ import annotations

from tracepro_hookspecs import Option

MOST_MINUTES = 7 * 24 * 60


def minutes(number: float) -> float:
    """Return a number of minutes. Raises ValueError with the end of a sentence."""
    if not 0 <= number <= MOST_MINUTES:
        raise ValueError(f"must be from 0 to {MOST_MINUTES}, not {number}")
    return number


OPTIONS = [
    Option(
        "ls_max_wait_minutes",
        60,
        "How many minutes after it entered the line lslineoptonextboard still gives a board.",
        float,
        parse=minutes,
    ),
]
