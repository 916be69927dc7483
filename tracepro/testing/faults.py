"""Tests of races and faults, marked ``faults``: the seed of what they leave to chance, and a report of what was tried.

``--faults-seed N`` has them throw the same dice again. ``--faults-report FILE`` lists all of them with what each tried, the
seed and the outcome, in the terminal and in FILE (``-``: in the terminal only).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

SEED = 1
"""The dice of every run that names no other seed, so that one run of the suite is like another."""
COLUMNS = ("fault", "database", "tried", "seed", "outcome", "s", "test")
PROPERTY = "faults"
Tried = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the seed and the report."""
    group = parser.getgroup("faults", "races and faults")
    group.addoption("--faults-seed", type=int, default=SEED, metavar="N", help=f"seed of their dice ({SEED})")
    group.addoption("--faults-report", metavar="FILE", help="list what was tried, in FILE too unless it is -")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "faults(what): a race or a fault that is provoked, listed by make faults"
    )


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of everything this test leaves to chance; the report names it."""
    number: int = request.config.getoption("--faults-seed")
    return number


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Return a function that tells the report what was done how often: ``tried(kills=50, bookings=20000)``."""

    def tell(**counts: int) -> None:
        request.node.user_properties.append(("tried", {name: int(count) for name, count in counts.items()}))

    return tell


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Have the report of a test that was run carry what the table says of it."""
    mark = item.get_closest_marker("faults")
    if mark is not None and call.when == "call":
        values: dict[str, Any] = getattr(item, "funcargs", {})
        database = mark.kwargs.get("database") or values.get("database", "sqlite")
        told = {"fault": mark.args[0], "database": database, "seed": values.get("seed", "-")}
        if "rounds" in values:
            told["rounds"] = values["rounds"]
        item.user_properties.append((PROPERTY, told))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List what was tried, and how each failure is tried again."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if report.when == "call" and PROPERTY in dict(report.user_properties)
    ]
    failed = [report for report in reports if report.outcome == "failed"]
    file = config.getoption("--faults-report")
    if reports and (file or failed):
        text = "\n".join(_table(reports if file else failed, config.getoption("--faults-seed")))
        terminalreporter.section("races and faults")
        terminalreporter.write_line(text)
        if file not in (None, "-"):
            Path(file).write_text(text + "\n", "utf-8")


def _table(reports: Sequence[Any], seed: int) -> Iterator[str]:
    """Return the lines of the table, the sums, and how to try again."""
    rows = sorted((_row(report) for report in reports), key=lambda row: (row[0], row[-1]))
    widths = [max(len(row[column]) for row in (COLUMNS, *rows)) for column in range(len(COLUMNS))]
    for row in (COLUMNS, ["-" * width for width in widths], *rows):
        yield "| " + " | ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) + " |"
    yield ""
    failed = sum(report.outcome == "failed" for report in reports)
    yield f"{len(reports)} tests, {failed} failed; in all {_counts(_sums(reports)) or 'nothing counted'}."
    yield f"One of them again: python -m pytest -m '' --faults-seed {seed} --hypothesis-seed {seed} 'TEST'"


def _row(report: Any) -> list[str]:
    told = dict(report.user_properties)[PROPERTY]
    return [
        told["fault"],
        str(told["database"]),
        _counts(_sums([report])) or "once",
        str(told["seed"]),
        report.outcome if report.outcome == "passed" else "FAILED",
        f"{report.duration:.1f}",
        report.nodeid,
    ]


def _sums(reports: Sequence[Any]) -> dict[str, int]:
    """Add up what tests told, each by its name; ``rounds`` is a parameter of many."""
    sums: dict[str, int] = {}
    for report in reports:
        for name, value in report.user_properties:
            counts = {"rounds": value["rounds"]} if name == PROPERTY and "rounds" in value else {}
            for what, count in (value if name == "tried" else counts).items():
                sums[what] = sums.get(what, 0) + count
    return sums


def _counts(sums: dict[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sums.items())
