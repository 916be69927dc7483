"""P9: what a server's memory does in an hour of load, and what a hundred stalled clients do to another's calls."""

from __future__ import annotations

import socket
import time
from argparse import Namespace
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from tqdm import tqdm

from benchmarks import load
from benchmarks.results import Found, at_most
from benchmarks.scene import PLANT, Folder, Scene, copies_of, scans
from benchmarks.server import serve
from benchmarks.timing import percentile, slope
from benchmarks.usage import usage

STALLED, CONNECTIONS, RATE = 100, 8, 100.0
WARMING_UNITS, WARMING_RATE = 230_000, 1500.0
"""What fills SQLite's page cache (64 MB, with some 330 bytes of each operation) before the hour begins: as long as it fills, memory grows."""
WARM = 0.25
"""The share of the hour after which the memory is looked at."""
HALF_A_REQUEST = b"POST /api/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"


def run(arguments: Namespace) -> list[Found]:
    """Stall clients; then, unless it must be quick, load a server for an hour."""
    seconds = 1.0 if arguments.quick else 5.0
    minutes = 0.0 if arguments.quick else arguments.minutes
    with Folder() as folder:
        url = folder.url("endured")
        scene = Scene(url, plant=PLANT.file())
        first = scene.units(scene.order("VP-1"), 1)[0]
        scene.close()
        stalling = int(6000 * seconds)
        warming = stalling + (WARMING_UNITS if minutes else 0)
        units = copies_of(url, first, warming + int(RATE * minutes * 60 / 2))
        with serve(folder, url) as server:
            found = [_stalled(server.port, units[:stalling], seconds)]
            if not minutes:
                return found
            load.paced(server.port, _dealt(units[stalling:warming]), CONNECTIONS / WARMING_RATE)
            return [*found, _memory(server.port, server.pid, units[warming:], minutes)]


def _dealt(units: Sequence[int]) -> list[list[load.Call]]:
    return [scans(units[number::CONNECTIONS]) for number in range(CONNECTIONS)]


def _stalled(port: int, units: Sequence[int], seconds: float) -> Found:
    stalled = [socket.create_connection(("127.0.0.1", port)) for _ in range(STALLED)]
    for each in stalled:
        each.sendall(HALF_A_REQUEST)
    run = load.closed(port, _dealt(units), seconds)
    for each in stalled:
        each.close()
    p50, p99 = (percentile(run.all, share) for share in (0.5, 0.99))
    figures = f"median {p50 * 1e3:.1f} ms, {run.rate:.0f} calls/s"
    return at_most("P9 stalled", f"p99 beside {STALLED} stalled clients", p99, 1, figures, " s")


def _memory(port: int, pid: int, units: Sequence[int], minutes: float) -> Found:
    """Load a server at a steady rate and return how its memory grew, by least squares, once it is warm."""
    samples: list[tuple[float, int]] = []
    begun = time.monotonic()
    with (
        ThreadPoolExecutor(1) as pool,
        tqdm(total=round(minutes * 60), desc="P9", unit="s", leave=False) as bar,
    ):
        loading = pool.submit(load.paced, port, _dealt(units), CONNECTIONS / RATE)
        while wait([loading], 5).not_done:
            samples.append((time.monotonic() - begun, usage(pid).memory))
            bar.update(5)
    run = loading.result()
    if run.failed or run.calls < 2 * len(units):
        raise RuntimeError(
            f"{run.failed} of {2 * len(units)} calls of the hour were refused; its memory says nothing."
        )
    warm = [sample for sample in samples if sample[0] > WARM * samples[-1][0]]
    grown = slope(warm) * 3600 / 1e6
    figures = f"{warm[0][1] / 1e6:.1f} MB warm, {warm[-1][1] / 1e6:.1f} MB after {minutes:g} min, {len(units)} units"
    return at_most("P9 memory", "growth of resident memory under load", grown, 1, figures, " MB/h")
