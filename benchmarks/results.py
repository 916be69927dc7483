"""What a row found, and the table it is written to; rows that did not run keep what they found last."""

from __future__ import annotations

import platform
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FILE = Path(__file__).with_name("results.md")
HEAD = """# What the benchmarks found

`python -m benchmarks P1 P2 …` runs rows and writes them here; the goals are ratios, taken interleaved in one run.

| row | what | goal | found | reached | figures | run |
|---|---|---|---|---|---|---|
"""
_ROW = re.compile(r"^\| (P\d+[^|]*?) \|", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """One line of the table: a measured figure against a goal."""

    row: str
    what: str
    goal: str
    found: float
    reached: bool
    figures: str = ""

    def line(self) -> str:
        """Return the line of the table."""
        mark = "yes" if self.reached else "**no**"
        where = f"{date.today()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
        return f"| {self.row} | {self.what} | {self.goal} | {self.found:.3g} | {mark} | {self.figures} | {where} |"


def at_most(row: str, what: str, found: float, goal: float, figures: str = "", unit: str = "×") -> Result:
    """Return a figure that should be small."""
    return Result(row, what, f"≤ {goal:g} {unit}", found, found <= goal, figures)


def at_least(row: str, what: str, found: float, goal: float, figures: str = "", unit: str = "×") -> Result:
    """Return a figure that should be large."""
    return Result(row, what, f"≥ {goal:g} {unit}", found, found >= goal, figures)


def write(results: Iterable[Result], file: Path = FILE) -> None:
    """Merge results into the table; rows that ran again replace their former lines."""
    fresh = list(results)
    again = {result.row.split()[0] for result in fresh}
    lines = {key: line for key, line in _known(file).items() if key.split()[0] not in again}
    lines |= {result.row: result.line() for result in fresh}
    file.write_text(HEAD + "\n".join(lines[key] for key in sorted(lines, key=_order)) + "\n")


def _known(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    found = ((_ROW.match(line), line) for line in file.read_text().splitlines())
    return {row[1]: line for row, line in found if row}


def _order(key: str) -> tuple[int, str]:
    return int(key.split()[0].removeprefix("P")), key
