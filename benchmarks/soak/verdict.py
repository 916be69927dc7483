"""What is asked of a server that runs for years, as limits on what was seen in a soak."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.soak.samples import Sample
from benchmarks.timing import slope

WARM, COOLING = 0.25, 0.9
"""The shares of the time between which memory and latency are judged; a process that is new near the end would hide what grows."""
SHORTEST, SETTLED = 15 * 60, 5 * 60
"""Seconds of it below which a slope says nothing, and below which threads are still being started."""
GROWTH, APART, SLOWER, WAL, STOP = 1.0, 2.0, 2.0, 256.0, 10.0
"""MB an hour; descriptors, threads, connections; p99 of the last quarter by that of the first; MB; seconds."""
Value = TypeVar("Value")


@dataclass(frozen=True)
class Limit:
    """What was found and how much it may be at most; one that is not ``judged`` is only shown."""

    name: str
    what: str
    found: float
    most: float
    unit: str = ""
    figures: str = ""
    judged: bool = True

    @property
    def kept(self) -> bool | None:
        """Whether it is kept; None when it is only shown."""
        return self.found <= self.most if self.judged else None

    @property
    def sentence(self) -> str:
        """What was found, in a sentence."""
        mark = {True: "kept", False: "BROKEN", None: "too short to judge"}[self.kept]
        figures = f": {self.figures}" if self.figures else ""
        return f"{mark}: {self.what} {self.found:.3g}{self.unit}, at most {self.most:g}{self.unit}{figures}"


def between(values: Sequence[Value], time_of: Callable[[Value], float], seconds: float) -> Sequence[Value]:
    """Return what counts for memory and latency; everything where nothing lies there."""
    warm = [each for each in values if WARM * seconds <= time_of(each) <= COOLING * seconds]
    return warm or values


def of_samples(samples: Sequence[Sample], seconds: float) -> list[Limit]:
    """Judge what the processes held."""
    warm = between(samples, lambda sample: sample.seconds, seconds)
    return [
        _growth("memory", "memory of the processes that run calls", warm, lambda sample: sample.worker),
        _growth(
            "all memory", "memory of all processes, shared once", warm, lambda sample: sample.proportional
        ),
        _growth("export", "memory of the export to the ERP", warm, lambda sample: sample.export),
        _more("descriptors", "descriptors", warm, lambda sample: sample.descriptors),
        _more("threads", "threads", warm, lambda sample: sample.threads),
        _more("connections", "connections to PostgreSQL", warm, lambda sample: sample.connections),
        _largest_wal(samples),
    ]


def _growth(name: str, what: str, warm: Sequence[Sample], bytes_of: Callable[[Sample], int]) -> Limit:
    grown = slope([(sample.seconds, bytes_of(sample)) for sample in warm]) * 3600 / 1e6
    figures = f"{bytes_of(warm[0]) / 1e6:.1f} MB warm, {bytes_of(warm[-1]) / 1e6:.1f} MB at the end"
    return Limit(name, f"growth of the {what}", grown, GROWTH, " MB/h", figures, _lasted(warm) >= SHORTEST)


def _more(name: str, what: str, warm: Sequence[Sample], count_of: Callable[[Sample], int]) -> Limit:
    first, last = (statistics.median(map(count_of, part)) for part in _outer_quarters(warm))
    figures = f"{first:g} in the first quarter, {last:g} in the last"
    return Limit(name, f"more {what}", last - first, APART, "", figures, _lasted(warm) >= SETTLED)


def _lasted(warm: Sequence[Sample]) -> float:
    return warm[-1].seconds - warm[0].seconds


def _outer_quarters(values: Sequence[Value]) -> tuple[Sequence[Value], Sequence[Value]]:
    quarter = max(1, len(values) // 4)
    return values[:quarter], values[-quarter:]


def _largest_wal(samples: Sequence[Sample]) -> Limit:
    largest = max(sample.wal for sample in samples) / 1e6
    return Limit("WAL", "largest WAL", largest, WAL, " MB")


def of_latency(minutes: Mapping[str, Sequence[float]], seconds: float) -> Limit:
    """Judge the p99 by minute."""
    by_minute = list(zip(minutes["minute"], minutes["p99"], strict=True))
    warm = between(by_minute, lambda each: each[0] * 60, seconds)
    first, last = (statistics.median(p99 for _, p99 in part) for part in _outer_quarters(warm))
    what = "p99 of the last quarter's minutes by the first's"
    figures = f"{last:.0f} ms against {first:.0f} ms"
    return Limit(
        "p99", what, last / first if first else 0.0, SLOWER, " ×", figures, len(warm) * 60 >= SHORTEST
    )


def none_of(name: str, what: str, faults: Sequence[str]) -> Limit:
    """Judge that there was nothing of a kind; the first of them are told."""
    return Limit(name, what, len(faults), 0, "", " | ".join(faults[:5]))


def of_stop(seconds: float) -> Limit:
    """Judge how long a stop took."""
    return Limit("stop", "seconds of the stop", seconds, STOP, " s")
