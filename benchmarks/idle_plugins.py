"""P8: fifteen plugins that implement nothing, against none; and how long a server takes from start to ready."""

from __future__ import annotations

import statistics
from argparse import Namespace
from time import perf_counter

from benchmarks import dispatch
from benchmarks.results import Found, at_most
from benchmarks.scene import Folder, Scene, body
from benchmarks.server import serve
from benchmarks.timing import interleaved, micros, ratio
from tracepro.testing.makers import usual_plugins

IDLE = 15


class Idle:
    """A plugin that implements nothing."""


def run(arguments: Namespace) -> list[Found]:
    """Measure both in turns; then a few starts of a server with all first-party plugins."""
    calls, rounds = (200, 9) if arguments.quick else (2000, 25)
    request = body("booking", dispatch.PARAMS)
    listeners = {"booking": dispatch.Booking(), "first": dispatch.Listener()}
    idle = {f"idle{number}": Idle() for number in range(IDLE)}
    with Folder() as folder:
        scenes = {
            "none": Scene(folder.url("none"), (), extra=listeners),
            "idle": Scene(folder.url("idle"), (), extra=listeners | idle),
        }
        contenders = {name: dispatch.times(calls, scene.ask, request) for name, scene in scenes.items()}
        figures = interleaved(contenders, rounds, "P8")
        for scene in scenes.values():
            scene.close()
        started = statistics.median(_start_to_ready(folder) for _ in range(1 if arguments.quick else 7))
    shown = f"{micros(figures['idle'])} against {micros(figures['none'])}"
    return [
        at_most("P8", f"{IDLE} idle plugins against none", ratio(figures, "idle", "none"), 1.02, shown),
        at_most("P8 start", "start to ready with all first-party plugins", started, 1, unit=" s"),
    ]


def _start_to_ready(folder: Folder) -> float:
    with serve(folder, plugins=usual_plugins()) as server:
        server.stop()
        begun = perf_counter()
        server.start()
        return perf_counter() - begun
