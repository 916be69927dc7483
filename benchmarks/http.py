"""P3: addop over HTTP at 32 connections, against a straightforward gthread server with peewee models and a Falcon hello."""

from __future__ import annotations

import statistics
from argparse import Namespace
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import NamedTuple

from tqdm import tqdm

from benchmarks import load
from benchmarks.contenders import servers
from benchmarks.results import Found, at_least, at_most
from benchmarks.scene import PLANT, Folder, Scene, addops, canaddops, copies_of
from benchmarks.server import serve
from benchmarks.timing import percentile
from benchmarks.usage import Usage, usage

CONNECTIONS = 32


class Turn(NamedTuple):
    """One turn of one contender: what the load found and what the server used meanwhile."""

    load: load.Load
    used: Usage

    @property
    def cpu(self) -> float:
        """Seconds of the server's CPU a call."""
        return self.used.cpu / self.load.calls

    @property
    def switches(self) -> float:
        """Context switches of the server a call."""
        return self.used.switches / self.load.calls


def run(arguments: Namespace) -> list[Found]:
    """Measure the servers in turns, ours and the naive one on databases of the same content."""
    seconds, turns = (1.0, 1) if arguments.quick else (8.0, 5)
    with Folder() as folder, ExitStack() as stack:
        units = _units(folder.url("ours"), int(6000 * seconds * turns))
        naive_file = folder.copy("ours", "naive").removeprefix("sqlite:///")
        ours = stack.enter_context(serve(folder, folder.url("ours")))
        naive = stack.enter_context(servers.naive(folder.path, naive_file))
        hello = stack.enter_context(servers.hello(folder.path))

        def measure(
            port: int, pid: int, calls: Callable[[Iterable[int]], list[load.Call]], turn: int
        ) -> Turn:
            dealt = [calls(units[n::CONNECTIONS][turn::turns]) for n in range(CONNECTIONS)]
            return _turn(port, pid, dealt, seconds, again=calls is not addops)

        contenders: dict[str, Callable[[int], Turn]] = {
            "addop": lambda turn: measure(ours.port, ours.pid, addops, turn),
            "naive": lambda turn: measure(naive.port, naive.pid, addops, turn),
            "hello": lambda turn: measure(hello.port, hello.pid, canaddops, turn),
            "canaddop": lambda turn: measure(ours.port, ours.pid, canaddops, turn),
        }
        found: dict[str, list[Turn]] = {name: [] for name in contenders}
        for turn, name in tqdm(
            [(turn, name) for turn in range(turns) for name in contenders], "P3", leave=False
        ):
            found[name].append(contenders[name](turn))
    return _results(found)


def _turn(port: int, pid: int, calls: list[list[load.Call]], seconds: float, *, again: bool) -> Turn:
    before = usage(pid)
    done = load.closed(port, calls, seconds, again=again)
    assert not done.failed, f"{done.failed} calls were refused"
    return Turn(done, usage(pid).since(before))


def _results(found: dict[str, list[Turn]]) -> list[Found]:
    rate = {name: statistics.median(turn.load.rate for turn in turns) for name, turns in found.items()}
    cpu = {name: statistics.median(turn.cpu for turn in turns) for name, turns in found.items()}
    late = {
        name: percentile([seconds for turn in turns for seconds in turn.load.all], 0.99)
        for name, turns in found.items()
    }
    at = f"at {CONNECTIONS} connections"
    beside = f"{rate['addop']:.0f} against {{:.0f}} calls/s"
    p99s = f"{late['addop'] * 1e3:.1f} against {late['naive'] * 1e3:.0f} ms"
    cpus = f"{cpu['addop'] * 1e6:.0f} against {cpu['hello'] * 1e6:.0f} µs a call"
    ratios = {name: rate["addop"] / rate[name] for name in ("naive", "hello")}
    return [
        at_least("P3", f"HTTP addop {at}, rate against gthread and models", ratios["naive"], 10, beside.format(rate["naive"])),
        at_most("P3 p99", "its p99 against that server's", late["addop"] / late["naive"], 0.05, p99s),
        at_most("P3 CPU", "the server's CPU against a Falcon hello's", cpu["addop"] / cpu["hello"], 4.5, cpus),
        at_least("P3 hello", "its rate against a Falcon hello's", ratios["hello"], 0.22, beside.format(rate["hello"])),
        _switches("P3 switches addop", f"context switches an addop {at}", found["addop"], 2),
        _switches("P3 switches canaddop", f"context switches a canaddop {at}", found["canaddop"], 4),
    ]  # fmt: skip


def _switches(row: str, what: str, turns: list[Turn], goal: float) -> Found:
    waits = statistics.median(turn.used.waits / turn.load.calls for turn in turns)
    figures = f"{waits:.2f} of them to wait, the others forced"
    return at_most(row, what, statistics.median(turn.switches for turn in turns), goal, figures, "")


def _units(url: str, count: int) -> list[int]:
    """Make a plant with units that nothing was done on."""
    scene = Scene(url, plant=PLANT.file())
    unit = scene.units(scene.order("VP-1"), 1)[0]
    scene.close()
    return list(copies_of(url, unit, count))
