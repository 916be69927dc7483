"""What was found, for people: the page ``soak.md`` with its picture, and the rows of the table of goals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import results
from benchmarks.results import Result
from benchmarks.soak.record import Record, read
from benchmarks.soak.verdict import COOLING, WARM, Limit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOCS = Path(__file__).parents[2] / "docs"
KEPT = Path(__file__).parents[1] / "soaked"
GOALS = ("memory", "p99")
HEAD = """# A soak

A plant lives for an hour or more on each database, all plugins on: three crews play the generator's production on nine lines, with
faults, repairs, rework, scrap, reels that run out, boxes, and bookings taken back; a tenth line's machines scan by themselves; workers
log in and out, tools are replaced, alerts are raised and processed, somebody opens every page with a session, the ERP export follows,
monitoring asks, terminals leave in the middle of a request, one answer in a hundred is lost and the booking sent again with its key.
Backups are made meanwhile, and the configuration is reloaded in the first and the last minutes. After the first reloads 230 000
operations are recorded in batches, which fill SQLite's page cache. In the end every acknowledged booking is there once, in the audit
too, the counts of orders are what their units say, each lot is what its ledger says, and the ERP has every row once.

`make soak` does it anew and writes this page; `make soak DATABASE=postgresql MINUTES=600 RATE=30` does it there, longer, and slower.

![Memory, descriptors, files, latency and rate over the time](soak.svg)

The time outside of the two dashed lines is not judged for memory and latency: a server warms up, and what is reloaded begins anew.
"""


def write(page: Path, kept: Path) -> list[Record]:
    """Write page and picture into the folder ``page`` of all soaks that are ``kept``; return them."""
    records = [read(file) for file in sorted(kept.glob("*.json"), reverse=True)]
    draw(records, page / "soak.svg")
    (page / "soak.md").write_text(HEAD + "".join(map(_section, records)), "utf-8")
    return records


def _section(record: Record) -> str:
    calls = sum(record.minutes["calls_per_second"]) / len(record.minutes["calls_per_second"])
    counts = [f"- {name}: {_counted(of_kind)}" for name, of_kind in record.counts.items() if of_kind]
    rows = [_row(limit) for limit in record.limits]
    table = results.table(("what", "found", "at most", "kept", "figures"), rows)
    return (
        f"\n## {record.kind}\n\n{record.seconds / 60:.0f} minutes, {calls:.1f} calls a second.\n\n{table}\n"
        + "\n".join(counts)
        + f"\n\n{record.run}. {record.machine}\n"
    )


def _counted(of_kind: object) -> str:
    assert isinstance(of_kind, dict)
    return ", ".join(f"{count} {what}" for what, count in of_kind.items())


def _row(limit: Limit) -> str:
    mark = {True: "yes", False: "**no**", None: "not judged"}[limit.kept]
    cells = (limit.what, f"{limit.found:.3g}{limit.unit}", f"{limit.most:g}{limit.unit}", mark, limit.figures)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def rows(records: Sequence[Record]) -> Iterator[Result]:
    """Yield the rows of the table of goals."""
    for record in records:
        for limit in record.limits:
            if limit.name in GOALS:
                yield Result(
                    f"P9b {record.kind} {limit.name}",
                    f"{limit.what}, {record.seconds / 60:.0f} min of a plant's life",
                    f"≤ {limit.most:g}{limit.unit}",
                    limit.found,
                    limit.kept,
                    limit.figures,
                    record.run,
                )
        broken = [limit for limit in record.limits if limit.name not in GOALS and limit.kept is False]
        what = "other limits of docs/soak.md that were broken"
        named = ", ".join(limit.what for limit in broken)
        yield Result(f"P9b {record.kind} others", what, "≤ 0", len(broken), not broken, named, record.run)


def draw(records: Sequence[Record], file: Path) -> None:
    """Draw all soaks side by side, what was sampled one above the other."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "soak", "font.size": 9})
    size = (5.5 * len(records), 2.1 * len(PANELS))
    figure, panels = pyplot.subplots(
        len(PANELS), len(records), figsize=size, sharex=True, squeeze=False, sharey="row"
    )
    for column, record in enumerate(records):
        for row, panel in enumerate(PANELS):
            _draw_panel(panels[row][column], record, panel, first=column == 0)
        panels[0][column].set_title(record.kind)
        panels[-1][column].set_xlabel("minutes since the load began")
    figure.savefig(file, bbox_inches="tight", facecolor="white", metadata={"Date": None})
    pyplot.close(figure)


MB = 1e-6
PANELS: Sequence[tuple[str, bool, Sequence[tuple[str, str, float]]]] = (
    (
        "memory, MB",
        False,
        [
            ("worker", "run calls", MB),
            ("proportional", "all, shared once", MB),
            ("export", "export to the ERP", MB),
        ],
    ),
    (
        "count",
        False,
        [("descriptors", "descriptors", 1), ("threads", "threads", 1), ("connections", "to PostgreSQL", 1)],
    ),
    ("files, MB", False, [("database", "database", MB), ("wal", "WAL", MB), ("log", "log", MB)]),
    (
        "latency, ms",
        True,
        [("p50", "calls, median", 1), ("p99", "calls, p99", 1), ("pages_p99", "pages, p99", 1)],
    ),
    ("calls a second", False, [("calls_per_second", "answered", 1)]),
)
"""What a panel is about, whether its scale is logarithmic, and its curves: column, name, factor."""


def _draw_panel(
    axes: Axes, record: Record, panel: tuple[str, bool, Sequence[tuple[str, str, float]]], *, first: bool
) -> None:
    from matplotlib.ticker import LogLocator

    unit, logarithmic, curves = panel
    for column, name, factor in curves:
        sampled = column in record.samples
        values = (record.samples if sampled else record.minutes)[column]
        times = (
            record.samples["seconds"]
            if sampled
            else [60 * minute + 30 for minute in record.minutes["minute"]]
        )
        axes.plot([each / 60 for each in times], [each * factor for each in values], label=name, linewidth=1)
    for share in (WARM, COOLING):
        axes.axvline(share * record.seconds / 60, color="grey", linestyle="--", linewidth=0.7)
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(LogLocator(subs=(2, 5)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("{x:g}")
    else:
        axes.set_ylim(bottom=0)
    axes.grid(visible=True, alpha=0.3)
    if first:
        axes.set_ylabel(unit)
    axes.legend(loc="best", fontsize=7, frameon=False)
