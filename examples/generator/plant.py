"""The plant: lines of workplaces, the workers, what hangs in the feeders."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, NamedTuple

PRINTING, PLACEMENT, REFLOW, INSPECTION, REPAIR, THROUGH_HOLE = 1, 2, 3, 4, 5, 6
WAVE, ICT, COATING, FINAL_TEST, PACKING, ASSEMBLY = 7, 8, 9, 10, 11, 12
"""The acts; there is a workplace for each on every line."""


class Station(NamedTuple):
    """A workplace that every line has, and the act that is done there."""

    name: str
    act: int
    desc: str


STATIONS = [
    Station("printer", PRINTING, "Paste printing"),
    Station("placer", PLACEMENT, "SMT placement"),
    Station("reflow", REFLOW, "Reflow soldering"),
    Station("AOI", INSPECTION, "Optical inspection"),
    Station("repair", REPAIR, "Repair"),
    Station("THT", THROUGH_HOLE, "Through-hole assembly"),
    Station("wave", WAVE, "Wave soldering"),
    Station("ICT", ICT, "In-circuit test"),
    Station("coating", COATING, "Conformal coating"),
    Station("final test", FINAL_TEST, "Final test"),
    Station("packing", PACKING, "Packing"),
    Station("assembly", ASSEMBLY, "Device assembly"),
]
FEEDERS = [
    "R-10K-0402",
    "R-4K7-0402",
    "C-100N-0402",
    "C-10U-0805",
    "U-MCU-48",
    "D-LED-RED",
    "R-1K-0402",
    "C-1U-0603",
    "L-4U7-1210",
    "Q-NPN-SOT23",
    "X-16M-3225",
    "F-500MA-1206",
    "R-0R-0603",
]
"""The articles in the placer's holes 1, 2, …"""
NAMES = ["Novak", "Svoboda", "Dvorak", "Cerna", "Prochazka", "Kucera", "Vesela", "Horak", "Nemec", "Marek"]


@dataclass(frozen=True)
class Plant:
    """A plant of a size; everything random in it comes from the seed."""

    seed: int = 1
    lines: int = 3
    workers: int = 12
    feeders: int = 3

    def workplace(self, line: int, act: int) -> int:
        """Return the id of the workplace for an act on a line (1…)."""
        return line * 100 + act

    def worker_ids(self) -> list[int]:
        """Return the ids of all workers."""
        return list(range(1, self.workers + 1))

    def file(self) -> dict[str, list[dict[str, Any]]]:
        """Return the plant file."""
        numbers = range(1, self.lines + 1)
        return {
            "acts": [{"id": act, "name": name, "desc": desc} for name, act, desc in STATIONS],
            "workplaces": [row for line in numbers for row in self._workplaces(line)],
            "workers": self._workers(),
            "lines": [self._line(line) for line in numbers],
            "boms": [self._bom(line) for line in numbers],
        }

    def _workplaces(self, line: int) -> list[dict[str, Any]]:
        return [
            {
                "id": self.workplace(line, act),
                "name": f"L{line} {name}",
                "erp_ref": f"WP{line}{act:02}",
                "esd": act != PACKING,
                "acts": [act],
            }
            for name, act, _ in STATIONS
        ]

    def _line(self, line: int) -> dict[str, Any]:
        machines = [
            {"id": self.workplace(line, act), "name": name, "wp_id": self.workplace(line, act), "act": act}
            for name, act, _ in STATIONS[:4]
        ]
        return {"name": f"L{line}", "machines": machines}

    def _workers(self) -> list[dict[str, Any]]:
        rng = random.Random(self.seed)
        cards = rng.sample(range(0x100000, 0xFFFFFF), self.workers)
        return [
            {
                "id": number,
                "name": f"{chr(64 + number % 26)}. {NAMES[number % len(NAMES)]}",
                "code": f"W{number:03}",
                "card": f"{card:06X}",
                "active": True,
            }
            for number, card in zip(self.worker_ids(), cards, strict=True)
        ]

    def _bom(self, line: int) -> dict[str, Any]:
        rng = random.Random(self.seed * 1000 + line)
        lines = [
            {"hole_no": hole, "mat_item": FEEDERS[hole - 1], "decrement": rng.choice((1, 2, 4))}
            for hole in range(1, self.feeders + 1)
        ]
        return {"wp_id": self.workplace(line, PLACEMENT), "lines": lines}
