"""Growth: what calls take in a plant with a thousand to a million units, as curves and a table, into ``docs/growth.md``."""

from __future__ import annotations

import itertools
import statistics
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks import machine
from benchmarks.history import older_than_units
from benchmarks.postgresql import empty_databases
from benchmarks.results import Found, Table
from benchmarks.scene import DATA, PLUGINS, Folder, Scene, copies_of
from benchmarks.timing import Round, interleaved
from examples.generator.driver import connected
from examples.generator.fill import fill
from examples.generator.plant import INSPECTION, PLACEMENT, PRINTING, Plant

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DOCS = Path(__file__).parents[1] / "docs"
PLANT = Plant(seed=1, lines=3)
GROWN = (*PLUGINS, "lines", "boxes", "tooling")
WORKERS = {"workers": [1]}
PRINTER, PLACER = PLANT.workplace(1, PRINTING), PLANT.workplace(1, PLACEMENT)
CALLS, BOX, ROUNDS = 20, 1000, 9
Params = Mapping[str, Any]


def run(arguments: Namespace) -> list[Found]:
    """Measure plants of all sizes in turns; the pages in docs/ are written only of all sizes."""
    sizes = SIZES[:-1] if arguments.quick else SIZES
    with Folder() as folder, ExitStack() as stack:
        kinds = {"SQLite": [folder.url(f"units{size}") for size in sizes]}
        if not arguments.quick or arguments.database:
            kinds["PostgreSQL"] = stack.enter_context(empty_databases(arguments, len(sizes)))
        curves = {
            f"{call} {kind}": medians
            for kind, urls in kinds.items()
            for call, medians in _measured(kind, dict(zip(sizes, urls, strict=True))).items()
        }
    found = _table(sizes, curves)
    if not arguments.quick:
        _write(sizes, curves, found)
    return [found]


def _measured(kind: str, urls: Mapping[int, str]) -> dict[str, list[float]]:
    """Return for each call the median seconds by size."""
    for size, url in tqdm(urls.items(), f"filling {kind}", leave=False):
        fill(url, PLANT, size, first=90, plugins=GROWN)
        older_than_units(url, PRINTER)
    floors = {size: Floor(url) for size, url in urls.items()}
    found = {}
    for call in HOT:
        rounds = {str(size): floor.round_of(call) for size, floor in floors.items()}
        figures = interleaved(rounds, 3 if call == "box_addop of 1000" else ROUNDS, f"{call} {kind}")
        found[call] = [statistics.median(figures[str(size)]) for size in urls]
    for floor in floors.values():
        floor.scene.close()
    return found


class Floor:
    """A plant with a history, an order on line L1, and the hot calls of that order's units."""

    def __init__(self, url: str, box_units: int = BOX) -> None:
        self.url = url
        self.box_units = box_units
        self.scene = Scene(url, GROWN)
        self.order = self.scene.order("VP-RECENT")
        self._numbers = itertools.count(1)
        self.scene.call("setlineorder", ["L1", self.order])
        self.scene.call("setlinelogin", {"line_name": "L1", **WORKERS})

    def round_of(self, call: str) -> Round:
        """Return rounds of a call; what each call needs is made before its time runs."""
        make, count = HOT[call]
        method, *_ = call.split()
        rounds = 4 if count == 1 else ROUNDS + 1
        waiting = [list(make(self, count)) for _ in range(rounds)]

        def work() -> int:
            requests = waiting.pop()
            for params in requests:
                self.scene.call(method, params)
            return len(requests)

        return work

    def units(self, count: int, *, printed: bool = False) -> list[dict[str, Any]]:
        """Make units; printed ones have their first operation on line L1."""
        codes = [f"NEW-{next(self._numbers):07}" for _ in range(count)]
        made = [self.scene.call("getitem", [self.order, code, 1]) for code in codes]
        for unit in made if printed else ():
            self.scene.call("addop", {"item_id": unit["id"], "op": 10, "act": 1, "wp_id": PRINTER, **WORKERS})
        return made

    def box(self) -> int:
        """Pack a box of new units, quickly, by SQL."""
        first = self.units(1)[0]["id"]
        units = copies_of(self.url, first, self.box_units - 1)
        box: int = self.scene.call("makebox", ["", 0, f"BOX-{first}"])["id"]
        with connected(self.url) as (run_sql, _):
            run_sql(
                "INSERT INTO boxes_packed (box_id, item_id) "
                f"SELECT {box}, id FROM items_unit WHERE id >= {first} AND id <= {units[-1]}",
                (),
            )
        return box

    def lots(self, count: int) -> list[Params]:
        """Return lots from all over the history."""
        with connected(self.url) as (run_sql, _):
            lots = run_sql("SELECT mat_item, mat_lot FROM material_lot ORDER BY id", ())
        picked = [lots[number * len(lots) // count] for number in range(count)]
        return [{"mat_item": mat_item, "mat_lot": mat_lot} for mat_item, mat_lot in picked]


def _addop(floor: Floor, count: int) -> Iterator[Params]:
    for unit in floor.units(count):
        yield {"item_id": unit["id"], "op": 10, "act": 1, "wp_id": PRINTER, "data": DATA, **WORKERS}


def _canaddop(floor: Floor, count: int) -> Iterator[Params]:
    for unit in floor.units(count):
        yield {"item_id": unit["id"], "op_act_list": [[10, 1]], "wp_id": PRINTER, **WORKERS}


def _barcode(floor: Floor, count: int) -> Iterator[Params]:
    return ({"barcode": unit["barcode"]} for unit in floor.units(count))


def _order(floor: Floor, count: int) -> Iterator[Params]:
    return ({"order_id": floor.order} for _ in range(count))


def _lots(floor: Floor, count: int) -> Iterator[Params]:
    return iter(floor.lots(count))


def _wplog(floor: Floor, count: int) -> Iterator[Params]:
    return ({"wp_id": PLANT.workplace(2, INSPECTION), "seconds_back": 3600} for _ in range(count))


def _lineaddop(floor: Floor, count: int) -> Iterator[Params]:
    return ({"machine_id": PRINTER, "barcode": unit["barcode"]} for unit in floor.units(count))


def _next_board(floor: Floor, count: int) -> Iterator[Params]:
    for _ in floor.units(count, printed=True):
        yield {"line_name": "L1", "op": 20, "act": None, "wp_id": PLACER, **WORKERS}


def _box(floor: Floor, count: int) -> Iterator[Params]:
    for _ in range(count):
        yield {"box_id": floor.box(), "op": 10, "act": None, "wp_id": PRINTER, **WORKERS}


def _checkproc(floor: Floor, count: int) -> Iterator[Params]:
    for _ in range(count):
        yield {"order_id": floor.order, "op_act_list": [[10, 1]], "wp_id": PRINTER, **WORKERS}


HOT: dict[str, tuple[Callable[[Floor, int], Iterator[Params]], int]] = {
    "addop": (_addop, CALLS),
    "canaddop": (_canaddop, CALLS),
    "getitembybarcode": (_barcode, CALLS),
    "getorderitemcounts": (_order, CALLS),
    "getordercounts": (_order, CALLS),
    "whereused": (_lots, CALLS),
    "getwplog": (_wplog, CALLS),
    "lineaddop": (_lineaddop, CALLS),
    "lslineoptonextboard": (_next_board, CALLS),
    "box_addop of 1000": (_box, 1),
    "checkproc with tools": (_checkproc, CALLS),
}
"""The calls, what makes their parameters, and how many of them are a round."""


def _table(sizes: tuple[int, ...], curves: Mapping[str, list[float]]) -> Table:
    columns = ("call", *(f"{size:,} units".replace(",", " ") for size in sizes), "last / first")
    rows = [
        (name, *(f"{seconds * 1e6:.0f} µs" for seconds in medians), f"{medians[-1] / medians[0]:.2f} ×")
        for name, medians in curves.items()
    ]
    return Table("Growth", columns, rows)


def _write(sizes: tuple[int, ...], curves: Mapping[str, list[float]], found: Table) -> None:
    _draw(sizes, curves)
    text = (
        "# Growth\n\nWhat a call takes in plants whose histories differ a thousandfold: medians of calls in process, durable, in turns.\n"
        "A history has ten operations, the material and the codes of each unit, boxes, and what tools have counted.\n"
        "`.venv-bench/bin/python -m benchmarks growth` measures it anew and writes this page.\n\n"
        "![Time of a call by the number of units](growth.svg)\n\n"
        f"{found.text().partition(chr(10) * 2)[2]}\n{machine.described()}\n"
    )
    (DOCS / "growth.md").write_text(text, "utf-8")


def _draw(sizes: tuple[int, ...], curves: Mapping[str, list[float]]) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "growth", "font.size": 9})
    kinds = sorted({name.rpartition(" ")[2] for name in curves})
    figure, panels = pyplot.subplots(1, len(kinds), figsize=(5.5 * len(kinds), 5), sharey=True, squeeze=False)
    for panel, kind in zip(panels[0], kinds, strict=True):
        for name, medians in curves.items():
            if name.endswith(kind):
                panel.plot(sizes, [seconds * 1e3 for seconds in medians], "o-", label=name.removesuffix(kind))
        panel.set(xscale="log", yscale="log", title=kind, xlabel="units")
        panel.grid(visible=True, alpha=0.3)
    panels[0][0].set_ylabel("ms a call")
    panels[0][-1].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure.savefig(DOCS / "growth.svg", bbox_inches="tight", metadata={"Date": None})
