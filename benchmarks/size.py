"""P6: a plant with a long history against one with a short one, on recent units; and where lots went."""

from __future__ import annotations

import itertools
import random
from argparse import Namespace
from collections.abc import Callable, Iterator
from time import perf_counter

from tqdm import tqdm

from benchmarks.postgresql import empty_databases
from benchmarks.results import Found, at_most
from benchmarks.scene import PLUGINS, Folder, Scene, body
from benchmarks.timing import interleaved, micros, percentile, ratio
from examples.generator import history
from examples.generator.driver import connected
from examples.generator.fill import fill
from examples.generator.plant import Plant

PLANT = Plant(seed=1, lines=3, feeders=13)
WHERE = {"op": 10, "act": 1, "wp_id": PLANT.workplace(1, 1), "workers": [1]}
SMALL = 1000


def run(arguments: Namespace) -> list[Found]:
    """Measure on both databases; with few calls on SQLite only."""
    large, first = (3_000, 30) if arguments.quick else (1_000_000, 900)
    with Folder() as folder:
        found = _measured("SQLite", folder.url("small"), folder.url("large"), large, first)
    if not arguments.quick:
        with empty_databases(arguments, 2) as (small, big):
            found += _measured("PostgreSQL", small, big, large, first)
    return found


def _measured(kind: str, small_url: str, large_url: str, large: int, first: int) -> list[Found]:
    with tqdm(desc=f"P6 {kind}, copies", leave=False) as bar:
        made = fill(large_url, PLANT, large, first=first, plugins=PLUGINS, progress=bar.update)
    fill(small_url, PLANT, SMALL, first=first, plugins=PLUGINS)
    scenes = {"small": Scene(small_url), "large": Scene(large_url)}
    size = f"{made.units} units, {made.operations} operations"
    add = interleaved({name: _addop(scene) for name, scene in scenes.items()}, 20, "P6 addop")
    find = interleaved(
        {
            name: _by_barcode(scene, url)
            for (name, scene), url in zip(scenes.items(), (small_url, large_url), strict=True)
        },
        20,
        "P6 barcode",
    )
    lots = _lots(scenes["large"], large_url, made.copies + 1)
    for scene in scenes.values():
        scene.close()
    return [
        at_most(
            f"P6 {kind} addop",
            f"addop among {size}, against {SMALL}",
            ratio(add, "large", "small"),
            1.25,
            _shown(add),
        ),
        at_most(
            f"P6 {kind} barcode",
            "getitembybarcode, recent units",
            ratio(find, "large", "small"),
            1.1,
            _shown(find),
        ),
        at_most(
            f"P6 {kind} lot",
            "lot to units, p99",
            percentile(lots, 0.99) * 1e3,
            50,
            f"median {percentile(lots, 0.5) * 1e3:.1f} ms",
            " ms",
        ),
    ]


def _shown(figures: dict[str, list[float]]) -> str:
    return f"{micros(figures['large'])} against {micros(figures['small'])}"


def _addop(scene: Scene) -> Callable[[], int]:
    """Make a round of ten first operations on units made just now, which are like any others on the line."""
    units = iter(scene.units(scene.order("VP-RECENT"), 10 * 21, "RECENT"))

    def work() -> int:
        for unit in itertools.islice(units, 10):
            scene.call("addop", {"item_id": unit, **WHERE})
        return 10

    return work


def _by_barcode(scene: Scene, url: str) -> Callable[[], int]:
    with connected(url) as (run_sql, _):
        sql = "SELECT barcode FROM items_unit WHERE tp = 1 AND barcode <> '' ORDER BY id DESC LIMIT 500"
        codes = [row[0] for row in run_sql(sql, ())]
    requests = [body("getitembybarcode", [code]) for code in codes]

    def work() -> int:
        for request in requests:
            scene.ask(request)
        return len(requests)

    return work


def _lots(scene: Scene, url: str, tags: int) -> list[float]:
    """Return the seconds of whereused for lots from anywhere in the history."""
    with connected(url) as (run_sql, _):
        sql = "SELECT mat_item, mat_lot FROM material_lot WHERE mat_lot LIKE ? LIMIT 30"
        lots = [row for number in _anywhere(tags) for row in run_sql(sql, (f"{history.copy_tag(number)}%",))]
    times = []
    for mat_item, mat_lot in lots:
        request = body("whereused", [mat_item, mat_lot])
        begun = perf_counter()
        answer = scene.ask(request)
        times.append(perf_counter() - begun)
        assert b'"units"' in answer, answer
    return times


def _anywhere(tags: int) -> Iterator[int]:
    draw = random.Random(1)
    return (draw.randrange(tags) for _ in range(20))
