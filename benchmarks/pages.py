"""P11: what a browser waits for, every page of a plant with a long history, over HTTP."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from time import perf_counter

from tqdm import tqdm

from benchmarks.growth import GROWN, Floor
from benchmarks.history import UNITS_A_BOX, older_than_units
from benchmarks.postgresql import empty_database
from benchmarks.results import Found, Table, at_most
from benchmarks.scene import Folder, Scene
from benchmarks.server import serve
from benchmarks.timing import percentile
from examples.generator.driver import connected
from examples.generator.fill import fill
from examples.generator.plant import PLACEMENT, PRINTING, Plant
from tracepro.access import tokens
from tracepro.access.caller import SYSTEM
from tracepro.calls.call import Call
from tracepro.reserved import FIRST_PARTY
from tracepro.testing.client import Client
from tracepro.testing.page import path_of

PLANT = Plant(seed=1, lines=3)
OPENED, GOAL = 200, 50
Times = Mapping[str, list[float]]


def run(arguments: Namespace) -> list[Found]:
    """Measure on both databases; with few units on SQLite only."""
    units = 3_000 if arguments.quick else 1_000_000
    with Folder() as folder:
        times = {"SQLite": _measured(folder, folder.url("pages"), units)}
        if not arguments.quick:
            with empty_database(arguments) as url:
                times["PostgreSQL"] = _measured(folder, url, units)
    return [*(_worst(kind, units, found) for kind, found in times.items()), _table(times)]


def _worst(kind: str, units: int, times: Times) -> Found:
    worst = max(times, key=lambda name: percentile(times[name], 0.99))
    slowest, usual = (percentile(times[worst], share) * 1e3 for share in (0.99, 0.5))
    what = f"slowest of {len(times)} pages at {units} units, p99 of {OPENED}"
    return at_most(f"P11 {kind}", what, slowest, GOAL, f"{worst}, median {usual:.1f} ms", " ms")


def _measured(folder: Folder, url: str, units: int) -> Times:
    """Return the seconds of each page, by its name."""
    fill(url, PLANT, units, first=90, plugins=GROWN)
    older_than_units(url, PLANT.workplace(1, PRINTING))
    Scene(url, FIRST_PARTY).close()  # the tables of all plugins
    floor = Floor(url, UNITS_A_BOX)
    known = things(floor)
    floor.scene.close()
    scene = Scene(url, FIRST_PARTY)
    found, token = paths(scene, known), administrator(scene)
    scene.close()
    with serve(folder, url, plugins=FIRST_PARTY) as server:
        client = server.client(token=token)
        return {name: _opened(client, path) for name, path in tqdm(found.items(), "P11", leave=False)}


def _opened(client: Client, path: str) -> list[float]:
    times = []
    for _ in range(OPENED):
        begun = perf_counter()
        answer = client.send("GET", path)
        times.append(perf_counter() - begun)
        assert answer.status == 200, f"{path}: {answer.text}"
    return times


def things(floor: Floor) -> dict[str, object]:
    """Return what pages are about, from the middle of the history, by the name of the field in their paths."""
    with connected(floor.url) as (run_sql, _):
        ((middle,),) = run_sql("SELECT max(id) / 2 FROM items_unit", ())
        ((unit, order),) = run_sql(
            "SELECT id, order_id FROM items_unit WHERE id >= ? AND tp = 1 ORDER BY id LIMIT 1", (middle,)
        )
        lots = "SELECT mat_item, mat_lot FROM material_lot WHERE id >= (SELECT max(id) / 2 FROM material_lot)"
        ((mat_item, mat_lot),) = run_sql(f"{lots} ORDER BY id LIMIT 1", ())
        ((tool,),) = run_sql("SELECT min(id) FROM tooling_tool", ())
    units = {"item_id": unit, "code": unit, "order_id": order, "box_id": floor.box()}
    places = {"wp_id": PLANT.workplace(1, PLACEMENT), "line_name": "L1"}
    return {**units, **places, "mat_item": mat_item, "mat_lot": mat_lot, "tool_id": tool}


def paths(scene: Scene, known: Mapping[str, object]) -> dict[str, str]:
    """Return the path of each page by its name."""
    pages = scene.site.contributions.pages
    return {name: path_of(registered.declaration, known) for name, registered in pages.items()}


def administrator(scene: Scene) -> str:
    """Make the token of somebody whom every page is shown to, and return it."""
    site, scopes = scene.site, ("read", "write", "admin")
    return site.store.write_inline(
        lambda db: tokens.create(Call(site, db, SYSTEM), "pages", scopes, None, None, site.clock())
    )


def _table(times: Mapping[str, Times]) -> Table:
    columns = ("page", *(f"{kind} {figure}" for kind in times for figure in ("median", "p99")))
    names = next(iter(times.values()))
    shares = [(found, share) for found in times.values() for share in (0.5, 0.99)]
    rows = [
        (name, *(f"{percentile(found[name], share) * 1e3:.1f} ms" for found, share in shares))
        for name in names
    ]
    return Table("Pages", columns, rows)
