"""Scale-out: 10 to 1 000 terminals on one server and on two behind a balancer, on one machine, into ``docs/sizing.md``."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from benchmarks import load, machine
from benchmarks.balancer import balanced
from benchmarks.postgresql import empty_databases
from benchmarks.results import Found, Table, table
from benchmarks.scene import PLANT, Folder, Scene, copies_of, scans
from benchmarks.server import serve
from benchmarks.timing import percentile
from benchmarks.usage import usage

TERMINALS = (10, 100, 1000)
CONNECTIONS = 32
"""How many terminals scan without a pause, for the most that a setup can do."""
MANY = {"api": {"connections": 1200, "connections_per_peer": 0}}
COLUMNS = (
    "servers",
    "terminals",
    "scans/s",
    "refused",
    "canaddop p50 / p99",
    "addop p50 / p99",
    "cores used by servers",
    "memory of servers",
)
PAGE = Path(__file__).parents[1] / "docs" / "sizing.md"
MEASURED = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", re.DOTALL)


class Setup(NamedTuple):
    """Servers that run: the port that terminals know, and the processes."""

    name: str
    port: int
    pids: Sequence[int]
    url: str


def run(arguments: Namespace) -> list[Found]:
    """Measure the setups one after the other; the page in docs/ is only written in full."""
    seconds, pause = (10.0, 10.0) if arguments.quick else (120.0, 10.0)
    rows = []
    with Folder() as folder, empty_databases(arguments, 2) as (alone, shared):
        setups = (
            ("1, SQLite", folder.url("scaled"), 1),
            ("1, PostgreSQL", alone, 1),
            ("2 behind a balancer, PostgreSQL", shared, 2),
        )
        for name, url, count in setups:
            with _servers(folder, name, url, count) as setup:
                rows += _rows(setup, seconds, pause)
    if not arguments.quick:
        _write(rows)
    return [Table("Scale-out", COLUMNS, rows)]


@contextmanager
def _servers(folder: Folder, name: str, url: str, count: int) -> Iterator[Setup]:
    Scene(url, plant=PLANT.file()).close()
    with ExitStack() as stack:
        servers = [stack.enter_context(serve(folder, url, parameters=MANY)) for _ in range(count)]
        port = servers[0].port
        if count > 1:
            port = stack.enter_context(balanced([server.port for server in servers]))
        yield Setup(name, port, [server.pid for server in servers], url)


def _rows(setup: Setup, seconds: float, pause: float) -> list[tuple[str, ...]]:
    """Return a row for each number of terminals; each scans a unit, two calls, every ``pause`` seconds; then without pause."""
    rows = []
    for count in tqdm(TERMINALS, f"{setup.name}, terminals", leave=False):
        each = round(seconds / pause)
        units = _units(setup.url, f"T-{count}", count * each)
        calls = [scans(units[n::count]) for n in range(count)]
        rows.append(_row(setup, f"{count}", partial(load.paced, setup.port, calls, pause / 2)))
    units = _units(setup.url, "MOST", int(3000 * seconds / 4))
    calls = [scans(units[n::CONNECTIONS]) for n in range(CONNECTIONS)]
    most = f"{CONNECTIONS}, without a pause"
    return [*rows, _row(setup, most, partial(load.closed, setup.port, calls, seconds / 4))]


def _units(url: str, name: str, count: int) -> range:
    scene = Scene(url)
    first = scene.units(scene.order(name), 1, f"{name}-")[0]
    scene.close()
    return copies_of(url, first, count)


def _row(setup: Setup, terminals: str, send: Callable[[], load.Load]) -> tuple[str, ...]:
    before = [usage(pid) for pid in setup.pids]
    run = send()
    used = [usage(pid).since(earlier) for pid, earlier in zip(setup.pids, before, strict=True)]
    asked, recorded = ([s for times in run.seconds for s in times[begin::2]] for begin in (0, 1))
    return (
        setup.name,
        terminals,
        f"{run.rate / 2:.1f}",
        f"{run.failed}",
        _felt(asked),
        _felt(recorded),
        f"{sum(each.cpu for each in used) / run.took:.2f}",
        f"{sum(each.memory for each in used) / 1e6:.0f} MB",
    )


def _felt(times: list[float]) -> str:
    p50, p99 = (percentile(times, share) * 1e3 for share in (0.5, 0.99))
    return f"{p50:.1f} / {p99:.1f} ms"


def _write(rows: list[tuple[str, ...]]) -> None:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    measured = f"{table(COLUMNS, lines)}\n{machine.described()}\n"
    PAGE.write_text(MEASURED.sub(lambda found: measured, PAGE.read_text("utf-8")), "utf-8")
