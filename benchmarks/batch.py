"""P7: a unit of a batch of 50 against an addop of its own, on both databases."""

from __future__ import annotations

import itertools
from argparse import Namespace
from collections.abc import Callable, Iterator

from benchmarks.postgresql import empty_database
from benchmarks.results import Found, Result, at_most
from benchmarks.scene import PLANT, Folder, Scene
from benchmarks.timing import interleaved, micros, ratio

BATCH = 50
WHERE = {"op": 10, "act": 1, "wp_id": PLANT.workplace(1, 1), "workers": [1]}


def run(arguments: Namespace) -> list[Found]:
    """Measure single and batch in turns, every unit once."""
    rounds = 2 if arguments.quick else 30
    with Folder() as folder, empty_database(arguments) as postgresql:
        return [
            _measured("P7 SQLite", folder.url("batch"), rounds, 0.3),
            _measured("P7 PostgreSQL", postgresql, rounds, 0.5),
        ]


def _measured(row: str, url: str, rounds: int, goal: float) -> Result:
    scene = Scene(url, plant=PLANT.file())
    units = iter(scene.units(scene.order("VP-1"), 2 * BATCH * (rounds + 1)))
    figures = interleaved({"single": _single(scene, units), "batch": _batch(scene, units)}, rounds, row)
    scene.close()
    shown = f"{micros(figures['batch'])} a unit against {micros(figures['single'])}"
    return at_most(
        row, f"batch_addop of {BATCH}, per unit against addop", ratio(figures, "batch", "single"), goal, shown
    )


def _single(scene: Scene, units: Iterator[int]) -> Callable[[], int]:
    def work() -> int:
        for unit in itertools.islice(units, BATCH):
            scene.call("addop", {"item_id": unit, **WHERE})
        return BATCH

    return work


def _batch(scene: Scene, units: Iterator[int]) -> Callable[[], int]:
    def work() -> int:
        scene.call("batch_addop", {"item_ids": list(itertools.islice(units, BATCH)), **WHERE})
        return BATCH

    return work
