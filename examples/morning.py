"""A morning on the demo plant, so that its pages have something to show: ``python -m examples.morning`` plays it, once.

It imports the plant first, as of the time when the morning begins: nothing in it was made after it was worked on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracepro import clock, plant_file
from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import open_site
from tracepro.testing.clock import PlantClock
from tracepro.testing.errors import RpcError
from tracepro.testing.plant import Plant
from tracepro_hookspecs import InvalidParams
from tracepro_schemas import defs

PLANT = Path(__file__).with_name("plant.json")
CONTROLLERS, SUPPLIES, SENSORS, HOUSINGS = 1, 2, 3, 6
"""The orders of examples/plant.json that are worked on."""
BOARDS = 12
MINUTES = 130
"""How long ago it began."""
REELS = {1: ("R-10K-0603", "L2611-001"), 2: ("C-100N-0603", "K7-5521"), 3: ("IC-STM32G0", "ST-26W40-A")}
"""What hangs at SMT-1 placer A, by hole."""
PRINTER, PLACER, OVEN = 1, 2, 4
"""Machines of SMT-1."""
PROBE = 4
"""A tool of mill B."""


def play(plant: Plant, boards: int = BOARDS, first: int = 1) -> None:
    """Play the morning on a plant into which examples/plant.json was imported, with codes from ``first`` on."""
    morning = Morning(plant)
    morning.prepare()
    for number in range(first, first + boards):
        board = morning.controller(number)
        if board is not None and number < first + boards // 2:
            morning.device(number, board)
    morning.panel(first)
    morning.tools()
    morning.alerts()


class Morning:
    """The calls of terminals, watchers and clerks, a minute or so after each other."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant

    def prepare(self) -> None:
        """Put an order on line SMT-1, log its operators in and load the placer."""
        self._call("setlineorder", "SMT-1", CONTROLLERS)
        for worker in (31, 32):
            self._call("setworkeresd", worker, 100, True)
        self._call("setlinelogin", "SMT-1", [], [31, 32])
        for hole, (mat_item, mat_lot) in REELS.items():
            self._call("setwpmat", 101, mat_item, mat_lot, 600, hole)
        if "setoventemperature" in self._plant.site.methods:  # of examples/ovens
            self._call("setoventemperature", 103, 245)

    def controller(self, number: int) -> dict[str, Any] | None:
        """Make a board of SMT-1; return it, or None for one that became scrap."""
        code = f"C7-{900_000 + number:06}"
        for machine in (PRINTER, PLACER, OVEN):
            self._call("lineaddop", machine, code, mat_auto=machine == PLACER)
        fails = number % 5 == 2
        (board,) = self._call("getitembybarcode", code)
        data = [[defs.DATA_TP_TEXT, "R12", "tombstone"]] if fails else []
        self._step(board, 40, 104, 32, result=int(fails), data=data)
        if not fails:
            return board
        if number % 10 == 7:
            self._call("setitemscrap", board["id"], 104, [31], "cracked at the edge")
            return None
        self._step(board, 85, 140, 39)
        self._step(board, 40, 104, 32)
        return board

    def device(self, number: int, board: dict[str, Any]) -> None:
        """Finish a board on ASSY-1 with its sensor and its housing, and pack it."""
        housing = self._unit(HOUSINGS, f"H7-{900_000 + number:06}")
        for op, wp_id in ((10, 151), (20, 151)):
            self._step(housing, op, wp_id, 43)
        sensor = self._unit(SENSORS, f"SENS2-{900_000 + number}")
        for op, wp_id, worker in ((10, 120, 34), (20, 144, 38), (30, 125, 37)):
            self._step(sensor, op, wp_id, worker)
        for op, wp_id, worker in ((50, 120, 35), (60, 123, 34)):
            self._step(board, op, wp_id, worker)
        for op, wp_id, value in ((70, 124, 3.29 + number / 100), (80, 125, 23.8)):
            low, middle, high = (round(value + off, 2) for off in (-0.3, 0, 0.3))
            measured = {"value": middle, "low": low, "high": high, "unit": "V"}
            self._step(board, op, wp_id, 37, data=[[defs.DATA_TP_MEASUREMENT, "VCC", measured]])
        built_in = [
            [defs.DATA_TP_COMPONENT, "HSG", housing["barcode"]],
            [defs.DATA_TP_COMPONENT, "B1", sensor["barcode"]],
        ]
        self._step(board, 90, 127, 41, data=built_in)
        self._step(board, 95, 128, 41)
        self._step(board, 100, 129, 41)
        self._pack(number, board)

    def _pack(self, number: int, board: dict[str, Any]) -> None:
        label = f"CARTON-{901 + (number - 1) // 4}"
        box = self._call("getboxbylabel", label) or self._call("makebox", "CTRL-7", 4, label)
        self._call("addboxitem", box["id"], board["id"])

    def panel(self, number: int) -> None:
        """Print and place a panel of power supplies."""
        panel = self._unit(SUPPLIES, f"P24-{90_000 + number}", defs.ITEM_TP_MULTIPANEL)
        self._step(panel, 10, 100, 31)
        self._step(panel, 20, 102, 32)

    def tools(self) -> None:
        """Replace the touch probe of mill B."""
        replaced = {"reason": 3, "notes": "stylus bent"}
        answer = self._plant.rest("POST", f"/api/tools/{PROBE}/replace", replaced)
        assert answer.status == 201, answer.text

    def alerts(self) -> None:
        """Call for help."""
        info = "Zone 3 is at 271 °C."
        self._call("mkalert", "ovens", "zone 3", "maintenance", 103, 2, {"celsius": 271}, info)
        self._call(
            "mkalert", "logistics", "milk run", "logistics", 120, 1, {}, "Housings for two hours are left."
        )

    def _unit(self, order_id: int, code: str, tp: int = defs.ITEM_TP_PCB) -> dict[str, Any]:
        return self._call("getitem", order_id, code, tp)

    def _step(self, unit: dict[str, Any], op: int, wp_id: int, worker: int, **more: Any) -> None:
        self._call("addop", unit["id"], op, None, wp_id, [worker], **more)

    def _call(self, method: str, *args: Any, **params: Any) -> Any:
        self._plant.clock.advance(seconds=45)
        return self._plant.call(method, *args, **params)


def main(environment: Mapping[str, str] = os.environ) -> None:
    """Play the morning on the plant of the settings, unless it was."""
    settings = Settings.read(Findings(), environment)
    now = clock.now_micros()
    watch = PlantClock(clock.text(now - MINUTES * clock.MINUTE))
    site = open_site(settings, clock=watch)
    plant = Plant(site, Dispatcher(site, inline=True), watch)
    try:
        if not plant.call("getitembybarcode", "C7-900001"):
            document = json.loads(PLANT.read_text("utf-8"))
            plant_file.import_parts(site, plant_file.checked(site, document))
            play(plant)
    except (RpcError, InvalidParams) as error:
        print(
            f"The morning of the demo plant was not played to its end, for its plugins or options are others: {error}"
        )
    finally:
        plant.close()


if __name__ == "__main__":
    main()
