"""What the people of a soak were answered: times, refusals, and every booking that was acknowledged."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Journal:
    """Filled by all threads; ``seconds`` are those of API calls by the minute in which they began."""

    begun: float = field(default_factory=time.monotonic)
    seconds: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    page_seconds: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    refusals: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    operations: set[int] = field(default_factory=set)
    cancelled: set[int] = field(default_factory=set)
    doubled: list[int] = field(default_factory=list)
    ended: float = 0.0
    faults: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def elapsed(self) -> float:
        """Seconds since the load began."""
        return time.monotonic() - self.begun

    def answered(self, begun: float, seconds: float, *, page: bool = False) -> None:
        """Note how long an answer took."""
        with self._lock:
            kind = self.page_seconds if page else self.seconds
            kind[int((begun - self.begun) // 60)].append(seconds)

    def refused(self, who: str, code: str, *, expected: bool) -> None:
        """Count a refusal; one that nobody expects is a fault."""
        with self._lock:
            self.refusals[code] += 1
            if not expected:
                self.faults.append(f"{who} was refused with {code}")

    def acknowledge(self, method: str, result: Any) -> None:
        """Note that a write was done."""
        with self._lock:
            self.acknowledged[method] += 1
            for op_id in _recorded(method, result):
                if op_id in self.operations:
                    self.doubled.append(op_id)
                self.operations.add(op_id)

    def count(self, what: str, times: int = 1) -> None:
        """Count something that was done beside the calls."""
        with self._lock:
            self.done[what] += times

    def fault(self, sentence: str) -> None:
        """Note what should not have happened."""
        with self._lock:
            self.faults.append(sentence)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return what was done, by kind and then by what it was, the most frequent first."""
        kinds = {"bookings": self.acknowledged, "refusals": self.refusals, "beside": self.done}
        return {kind: dict(counted.most_common()) for kind, counted in kinds.items()}


RECORDING = ("addop", "lineaddop", "lslineoptonextboard")
"""The methods that answer with the id of the operation they recorded."""


def _recorded(method: str, result: Any) -> list[int]:
    """Return the ids of the operations that a booking recorded, by its answer."""
    if method == "batch_addop":
        return [row["op_id"] for row in result["ops"]]
    return [result["op_id"]] if method in RECORDING else []
