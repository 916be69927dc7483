"""What a row found, and the page it is written to; rows and tables that did not run keep what they found last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import machine

FILE = Path(__file__).with_name("results.md")
HEAD = """# What the benchmarks found

`make bench` runs every row and writes this page, `make bench ROWS="P1 P7"` some; `make bench-quick` shows all with few calls and
writes nothing. Contenders take turns in one run, so a ratio holds on any machine, while absolute figures drift; figures are
medians. What the rows measure is in [README.md](README.md).

"""
COLUMNS = ("row", "what", "goal", "found", "reached", "figures", "run")
_ROW = re.compile(r"^\| (P\d+\w*(?: [^|]*?)?) \|", re.MULTILINE)
_TITLE = re.compile(r"^## (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"P(\d+)(\w*)")


@dataclass(frozen=True)
class Result:
    """One line of the table: a measured figure against a goal; without a goal it is only shown.

    ``run`` says when and of what it was measured, "" now and of what is checked out.
    """

    row: str
    what: str
    goal: str
    found: float
    reached: bool | None
    figures: str = ""
    run: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the cells of the table."""
        mark = {True: "yes", False: "**no**", None: ""}[self.reached]
        run = self.run or run_of_now()
        return self.row, self.what, self.goal, f"{self.found:.3g}", mark, self.figures, run

    def line(self) -> str:
        """Return the line of the table."""
        return _line(self.cells())


@dataclass(frozen=True)
class Table:
    """A table of its own below the goals: figures that belong side by side."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def text(self) -> str:
        """Return the section of the page."""
        return f"## {self.title}\n\n" + table(self.columns, map(_line, self.rows))


Found = Result | Table


def run_of_now() -> str:
    """Return the day and the revision that is checked out."""
    return f"{date.today()} {machine.revision()}"


def at_most(row: str, what: str, found: float, goal: float, figures: str = "", unit: str = " ×") -> Result:
    """Return a figure that should be small."""
    return Result(row, what, f"≤ {goal:g}{unit}", found, found <= goal, figures)


def at_least(row: str, what: str, found: float, goal: float, figures: str = "", unit: str = " ×") -> Result:
    """Return a figure that should be large."""
    return Result(row, what, f"≥ {goal:g}{unit}", found, found >= goal, figures)


def shown(row: str, what: str, found: float, figures: str = "") -> Result:
    """Return a figure without a goal."""
    return Result(row, what, "", found, None, figures)


def table(columns: Sequence[str], lines: Iterable[str]) -> str:
    """Return a table of lines that are made already."""
    return "\n".join([_line(columns), "|" + "---|" * len(columns), *lines]) + "\n"


def write(found: Iterable[Found], file: Path = FILE) -> None:
    """Merge what was found into the page; rows and tables that ran again replace their former ones."""
    fresh = list(found)
    results = [each for each in fresh if isinstance(each, Result)]
    again = {_number(result.row) for result in results}
    known = file.read_text("utf-8") if file.exists() else ""
    lines = {row: line for row, line in _lines(known).items() if _number(row) not in again}
    lines |= {result.row: result.line() for result in results}
    sections = _sections(known) | {each.title: each.text() for each in fresh if isinstance(each, Table)}
    sections["The machine of the last run"] = f"## The machine of the last run\n\n{machine.described()}\n"
    goals = table(COLUMNS, (lines[row] for row in sorted(lines, key=lambda row: (_number(row), row))))
    file.write_text(HEAD + goals + "".join("\n" + text for _, text in sorted(sections.items())), "utf-8")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(row: str) -> tuple[int, str]:
    found = _NUMBER.match(row)
    assert found, f"{row} begins with no row's name"
    return int(found[1]), found[2]


def _lines(known: str) -> dict[str, str]:
    goals = known.partition("\n## ")[0]
    return {found[1]: line for line in goals.splitlines() if (found := _ROW.match(line))}


def _sections(known: str) -> dict[str, str]:
    _, *sections = re.split(r"^(?=## )", known, flags=re.MULTILINE)
    return {title[1]: text.rstrip() + "\n" for text in sections if (title := _TITLE.match(text))}
