"""Amounts: JSON numbers with at most six decimals outside, whole millionths inside, so that sums are exact."""

from __future__ import annotations

from decimal import Decimal

MICRO = 1_000_000
# Up to here six decimals survive a 64-bit float, which is all that JSON's clients have.
LARGEST = 1_000_000_000


def to_micros(number: int | float) -> int:
    """Turn an amount into millionths. Raises ValueError with a sentence if it is not one."""
    if isinstance(number, bool) or not 0 <= number <= LARGEST:
        raise ValueError(f"{number!r} is not an amount: an amount lies between 0 and {LARGEST}.")
    if isinstance(number, int):
        return number * MICRO
    scaled = Decimal(repr(number)).scaleb(6)
    micros = int(scaled)
    if micros != scaled:
        raise ValueError(f"{number!r} has more than six decimals; round it.")
    return micros


def to_number(micros: int) -> int | float:
    """Turn millionths into a JSON number: an integer where it is whole."""
    whole, rest = divmod(micros, MICRO)
    return micros / MICRO if rest else whole
