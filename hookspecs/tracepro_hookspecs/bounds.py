"""Bounds of numbers in options and parameters, to be given as their ``parse``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Number = TypeVar("Number", int, float)


def at_least(low: Number) -> Callable[[Number], Number]:
    """Return a parser that refuses numbers below ``low`` with the end of a sentence."""

    def parse(number: Number) -> Number:
        if not low <= number:
            raise ValueError(f"must be at least {low}, not {number}")
        return number

    return parse


def between(low: Number, high: Number) -> Callable[[Number], Number]:
    """Return a parser that refuses numbers outside ``low`` and ``high``, which are allowed, with the end of a sentence."""

    def parse(number: Number) -> Number:
        if not low <= number <= high:
            raise ValueError(f"must be from {low} to {high}, not {number}")
        return number

    return parse
