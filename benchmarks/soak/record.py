"""A soak as it is kept: its samples by column, its minutes, what was done, and the verdict; one file for each kind of database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from benchmarks.soak.journal import Journal
from benchmarks.soak.samples import Sample
from benchmarks.soak.verdict import Limit
from benchmarks.timing import percentile

Columns = dict[str, list[float]]


@dataclass(frozen=True)
class Record:
    """What is known of a soak afterwards; ``counts`` are the bookings, refusals and other deeds by what they were.

    ``run`` says when and of what it was made, ``machine`` on what.
    """

    kind: str
    rate: float
    seconds: float
    samples: Columns
    minutes: Columns
    counts: Mapping[str, Mapping[str, int]]
    limits: Sequence[Limit]
    run: str = ""
    machine: str = ""

    @property
    def name(self) -> str:
        """The name of the file it is kept in."""
        return f"{self.kind.lower()}.json"

    def write(self, folder: Path) -> None:
        """Write it into a folder, a line for each column."""
        folder.mkdir(exist_ok=True, parents=True)
        text = json.dumps(asdict(self), indent=1)
        (folder / self.name).write_text(_numbers_in_one_line(text) + "\n", "utf-8")


def _numbers_in_one_line(text: str) -> str:
    """Return JSON with each list of numbers in one line."""
    lines: list[str] = []
    for line in text.splitlines():
        number = line.strip().rstrip(",").replace(".", "", 1).lstrip("-").isdigit()
        if lines and (number or (line.strip() in ("]", "],") and lines[-1].endswith(tuple("0123456789")))):
            lines[-1] += (
                line.strip() if lines[-1].endswith("[") or line.strip()[0] == "]" else f" {line.strip()}"
            )
        else:
            lines.append(line)
    return "\n".join(lines)


def read(file: Path) -> Record:
    """Read what was kept."""
    values: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return Record(**values | {"limits": [Limit(**each) for each in values["limits"]]})


def columns(samples: Sequence[Sample]) -> Columns:
    """Return samples by column."""
    return {each.name: [round(getattr(one, each.name), 1) for one in samples] for each in fields(Sample)}


def minutes(journal: Journal) -> Columns:
    """Return milliseconds and calls a second of the whole minutes; of a soak without any, of all of it."""
    whole = [minute for minute in sorted(journal.seconds) if (minute + 1) * 60 <= journal.ended] or [0]
    calls = [journal.seconds[minute] for minute in whole]
    pages = [journal.page_seconds[minute] for minute in whole]
    return {
        "minute": [float(minute) for minute in whole],
        "calls_per_second": [round(len(each) / min(60, journal.ended), 2) for each in calls],
        "p50": [_milliseconds(each, 0.5) for each in calls],
        "p99": [_milliseconds(each, 0.99) for each in calls],
        "pages_p99": [_milliseconds(each, 0.99) for each in pages],
    }


def _milliseconds(seconds: list[float], share: float) -> float:
    return round(percentile(seconds, share) * 1e3, 2) if seconds else 0.0
