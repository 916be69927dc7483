"""P3b: what a terminal feels: canaddop and addop at 1 to 128 connections on both databases, beside a Falcon hello."""

from __future__ import annotations

import statistics
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack

from tqdm import tqdm

from benchmarks import load, older
from benchmarks.contenders import servers
from benchmarks.postgresql import empty_database
from benchmarks.results import Found, Table, at_least
from benchmarks.scene import PLANT, Folder, Scene, addops, canaddops, copies_of
from benchmarks.server import serve
from benchmarks.timing import percentile

CONNECTIONS = (1, 8, 32, 128)
FEW = (1, 32)
Calls = Callable[[Iterable[int]], list[load.Call]]


def run(arguments: Namespace) -> list[Found]:
    """Measure hello and both databases; with ``--base`` also how much faster a canaddop became."""
    seconds, connections = (0.3, FEW) if arguments.quick else (8.0, CONNECTIONS)
    columns = ("call", "database", *(f"{count} connections" for count in connections))
    with Folder() as folder:
        rows = _hello(folder, seconds, connections)
        rows += _database(folder, "SQLite", folder.url("ours"), seconds, connections)
        with empty_database(arguments) as url:
            rows += _database(folder, "PostgreSQL", url, seconds, connections)
        found: list[Found] = [Table("P3b: what a terminal feels (p50 / p99 in ms, calls/s)", columns, rows)]
        return [*found, _against_base(folder, arguments)] if arguments.base else found


def _hello(folder: Folder, seconds: float, connections: Sequence[int]) -> list[tuple[str, ...]]:
    with servers.hello(folder.path) as hello:
        return [
            (
                "hello",
                "",
                *_felt("hello", hello.port, canaddops, range(10**6), seconds, connections, again=True),
            )
        ]


def _database(
    folder: Folder, kind: str, url: str, seconds: float, connections: Sequence[int]
) -> list[tuple[str, ...]]:
    scene = Scene(url, plant=PLANT.file())
    first = scene.units(scene.order("VP-1"), 1)[0]
    scene.close()
    units = copies_of(url, first, int(len(connections) * 6000 * seconds))
    with serve(folder, url) as server:
        return [
            (
                "canaddop",
                kind,
                *_felt(f"canaddop {kind}", server.port, canaddops, units, seconds, connections, again=True),
            ),
            (
                "addop",
                kind,
                *_felt(f"addop {kind}", server.port, addops, units, seconds, connections, again=False),
            ),
        ]


def _felt(
    what: str,
    port: int,
    calls: Calls,
    units: Sequence[int],
    seconds: float,
    connections: Sequence[int],
    *,
    again: bool,
) -> list[str]:
    """Return a cell for each count of connections; each has its part of the units."""
    cells = []
    for index, count in enumerate(tqdm(connections, f"P3b {what}", leave=False)):
        part = units[index :: len(connections)][: 200 * count if again else None]
        run = load.closed(port, [calls(part[n::count]) for n in range(count)], seconds, again=again)
        assert not run.failed, f"{run.failed} calls were refused"
        p50, p99 = (percentile(run.all, share) * 1e3 for share in (0.5, 0.99))
        cells.append(f"{p50:.1f} / {p99:.1f}, {run.rate:.0f}")
    return cells


def _against_base(folder: Folder, arguments: Namespace) -> Found:
    count, (seconds, turns) = 32, ((1.0, 1) if arguments.quick else (8.0, 5))
    with older.checked_out(arguments.base) as base, ExitStack() as stack:
        servers_of = {}
        for name, code in (("ours", older.ROOT), ("base", base)):
            units = older.units_of(code, folder.url(name + "-canaddop"), 10 * count)
            calls = [canaddops(units[n::count]) for n in range(count)]
            with older.in_place_of_ours(code):
                server = stack.enter_context(
                    serve(folder, folder.url(name + "-canaddop"), plugins=older.PLUGINS)
                )
            servers_of[name] = server.port, calls
        rates: dict[str, list[float]] = {name: [] for name in servers_of}
        for _ in tqdm(range(turns), "P3b against base", leave=False):
            for name, (port, calls) in servers_of.items():
                rates[name].append(load.closed(port, calls, seconds, again=True).rate)
    factor = statistics.median(a / b for a, b in zip(rates["ours"], rates["base"], strict=True))
    shown = f"{statistics.median(rates['ours']):.0f} against {statistics.median(rates['base']):.0f} calls/s"
    what = f"canaddop at {count} connections, rate against that of {arguments.base}"
    return at_least("P3b canaddop", what, factor, 3.5, shown)
