"""Interleaved timing: contenders take turns in small rounds, so that a machine's moods hit all of them."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from tqdm import tqdm

Round = Callable[[], int]
"""Does one round of work and returns how many units of work it was."""


def interleaved(contenders: Mapping[str, Round], rounds: int, row: str) -> dict[str, list[float]]:
    """Return the seconds per unit of work of each contender, one figure a round; the first round of each only warms up."""
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for number in tqdm(range(rounds + 1), row, leave=False, delay=1):
        for name, work in contenders.items():
            seconds = _timed(work)
            if number:
                figures[name].append(seconds)
    return figures


def _timed(work: Round) -> float:
    gc.collect()
    gc.disable()
    try:
        begun = perf_counter()
        units = work()
        return (perf_counter() - begun) / units
    finally:
        gc.enable()


def ratio(figures: Mapping[str, Sequence[float]], name: str, base: str) -> float:
    """Return how many times ``base``'s time ``name`` takes: the median of the rounds' own ratios."""
    return statistics.median(a / b for a, b in zip(figures[name], figures[base], strict=True))


def micros(figures: Sequence[float]) -> str:
    """Return a median as microseconds, for a table."""
    return f"{statistics.median(figures) * 1e6:.1f} µs"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """Return how much y grows by x, by least squares."""
    x, y = (sum(each) / len(samples) for each in zip(*samples, strict=True))
    spread = sum((a - x) ** 2 for a, _ in samples)
    return sum((a - x) * (b - y) for a, b in samples) / spread if spread else 0.0
