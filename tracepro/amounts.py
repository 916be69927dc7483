"""Amounts: JSON numbers with at most six decimals outside, whole millionths inside, so that sums are exact."""

from __future__ import annotations

import re
from decimal import Decimal
from math import ulp

__all__ = ["LARGEST", "MICRO", "text_to_micros", "to_micros", "to_number"]

MICRO = 1_000_000
"""Millionths of one."""
# Up to here six decimals survive a 64-bit float, which is all that JSON's clients have.
LARGEST = 1_000_000_000
"""The largest amount, as a JSON number."""
# The noise of so many additions is rounded away.
SUMMED = 1000
_PLAIN = re.compile(r"(?P<whole>\d{1,40})(?:\.(?P<part>\d{1,6}+)0{0,40})?", re.ASCII)


def to_micros(number: int | float) -> int:
    """Turn an amount into millionths. Raises ValueError with a sentence if it is not one."""
    if isinstance(number, bool) or not 0 <= number <= LARGEST:
        raise ValueError(f"{number!r} is not an amount: an amount lies between 0 and {LARGEST}.")
    if isinstance(number, int):
        return number * MICRO
    scaled = Decimal(repr(number)).scaleb(6)
    micros = int(scaled)
    return micros if micros == scaled else _without_noise(number, scaled)


def _without_noise(number: float, scaled: Decimal) -> int:
    """Round away what sums of binary fractions leave, as in 0.1 + 0.2; a real seventh decimal is more than that."""
    micros = round(scaled)
    noise = min(SUMMED * ulp(number), max(2 * ulp(number), 1e-8))
    if abs(scaled - micros).scaleb(-6) > Decimal(noise):
        raise ValueError(f"{number!r} has more than six decimals; round it.")
    return micros


def to_number(micros: int) -> int | float:
    """Turn millionths into a JSON number: an integer where it is whole."""
    whole, rest = divmod(micros, MICRO)
    return micros / MICRO if rest else whole


def text_to_micros(text: str) -> int:
    """Turn an amount in plain digits, as labels have it, into millionths.

    Nothing is cut or rounded: raises ValueError, the end of a sentence, for what is not such an amount or too much.
    """
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is not a number with at most six decimals")
    micros = int(match["whole"]) * MICRO + int((match["part"] or "").ljust(6, "0"))
    if micros > LARGEST * MICRO:
        raise ValueError(f"{text[:40]!r} is more than {LARGEST}")
    return micros
