"""What a plant of any version does before it is kept: something of everything that the version knows.

It runs in the version itself, so it asks what there is: methods, sections of the plant file and routes that a version lacks
are left out. All codes with ``CODE`` around them are sent as a scanner with a wrong setting sends them.
"""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tracepro import plant_file
from tracepro.access import tokens
from tracepro.access.caller import SYSTEM
from tracepro.calls.call import Call

PCB, MULTIPANEL, ASSEMBLY = 1, 2, 3
OPTIONAL, REPEATABLE, FIRST_PIECE = 1, 2, 16
TEXT, SLOT, COMPONENT, COMPONENT_OUT = 0, 10, 11, 12
CODE = "]C1{}\r\n"
LONG_AGO, NOW = "2024-02-05T06:00:00Z", "2026-01-12T06:00:00Z"
OPTIONS = {"workers": {"login_required": False}, "erp": {"kinds": "operation"}}
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
KEY = "kept-with-its-answer-1"
PLANT: dict[str, Any] = json.loads(Path(__file__).with_name("plant.json").read_text("utf-8"))


class Story:
    """The calls of one plant, half a minute after each other."""

    def __init__(self, plant: Any) -> None:
        self._plant = plant
        self.token = ""

    def play(self, folder: Any) -> None:
        """Play all of it; ``folder`` is where an archive may be written."""
        plant = self._plant
        plant.clock.set(LONG_AGO)
        known = plant.site.contributions.plant_sections
        sections = {name: rows for name, rows in PLANT.items() if name in known}
        self._load(sections)
        self._long_ago()
        plant.clock.set(NOW)
        if hasattr(plant, "archive"):
            plant.archive(folder, 365)
        self._boards()
        self._panels()
        self._material()
        self._people()
        self._tools()
        self._office()

    def _load(self, sections: dict[str, Any]) -> None:
        """Import the plant file as the command does, with its audit row."""
        site = self._plant.site
        plant_file.import_parts(site, plant_file.checked(site, sections))

    def say(self, method: str, *args: Any, **params: Any) -> Any:
        """Make a call, where the version knows the method."""
        self._plant.clock.advance(seconds=30)
        return self._plant.call(method, *args, **params) if method in self._plant.site.methods else None

    def try_to(self, method: str, *args: Any, **params: Any) -> None:
        """Make a call that some versions refuse."""
        if method in self._plant.site.methods:
            self._plant.answer(method, *args, **params)

    def book(self, unit: Any, op: int, wp_id: int = 100, result: int = 0, **more: Any) -> Any:
        """Record an operation of worker 31."""
        return self.say(
            "addop", item_id=unit["id"], op=op, act=None, wp_id=wp_id, workers=[31], result=result, **more
        )

    def _long_ago(self) -> None:
        unit = self.say("getitem", 1, "OLD-1", PCB)
        self.book(unit, 10, data=[[TEXT, "remark", "held up"], [SLOT, "mac", "00:11:22"]])
        self.say("loginwp", 31, 100)
        self.say("logworkeraction", 31, 100, 99, "note of long ago")
        alert = self.say("mkalert", "demo", "AOI", "quality", 100, 1, {}, "cleaned since")
        if alert:
            self.say("processalert", alert["id"], {"note": "cleaned"})

    def _boards(self) -> None:
        """Make boards: good, failed and repaired, scrapped, with codes that clash or are untrimmed, built into a device."""
        first, second, third, scrapped = (
            self.say("getitem", 1, code, PCB) for code in ("C7-1", "C7-2", CODE.format("C7-3"), "C7-4")
        )
        for unit in (first, second, third, scrapped):
            self.book(unit, 10, data=[[TEXT, "paste", "P-1"], [SLOT, CODE.format("mac"), "00:11:22:33"]])
        self.book(first, 20, 101)
        self.say("checkfirstpiece", first["id"], 1, 20, [32], 101)
        self.book(first, 30)
        self.book(second, 20, 101, 1, data=[[TEXT, "R12", "tombstone"]])
        cancelled = self.book(third, 10)
        self.say("cancelop", cancelled["op_id"], 100, [31], "booked twice")
        self.say("setitemscrap", scrapped["id"], 100, [31], "cracked")
        for code in ("CLASH-1", CODE.format("CLASH-1")):
            self.say("getitem", 1, code, PCB)
        part = self.say("getitem", 2, "PART-1", PCB)
        self.book(part, 10, data=[[TEXT, "torque", "0.6"]])
        self.book(second, 10, data=[[COMPONENT, CODE.format("U7"), "PART-1"]])
        self.say("setitembad", part["id"], 100, [31], 1)
        spare = self.say("getitem", 2, "PART-2", PCB)
        self.book(first, 30, data=[[COMPONENT, "U8", "PART-2"]])
        self.try_to("addop", first["id"], 30, None, 100, [31], data=[[COMPONENT, "U8", "PART-2"]])
        out = self.book(first, 30, data=[[COMPONENT_OUT, "U8", "PART-2"]])
        self.say("addopdata", out["op_id"], [[TEXT, "remark", f"unit {spare['id']} went"]])
        self.say("setitemrtflags", second["id"], 101, [31], 4)
        self.say("setitembarcode2", third["id"], CODE.format("SN-3"))
        keyed = {"jsonrpc": "2.0", "id": 7, "method": "getitem", "params": [1, "KEYED-1", PCB]}
        self._plant.request(json.dumps(keyed).encode(), key=KEY)

    def _panels(self) -> None:
        panel = self.say("getitem", 2, "P24-1", MULTIPANEL)
        boards = self.say("getitemrel", panel["id"])
        self.book(panel, 10)
        board = next(iter(_ids(boards, panel["id"])), None)
        if board is not None:
            self.book({"id": board}, 20, 101, 1)
            self.say("setitembadmark", max(_ids(boards, panel["id"])), 100, [31], "printed badly")
        self.say("addncops", 2, [[10, 1]], 5, 100, [31])

    def _material(self) -> None:
        lots = (("R-10K", "LOT-2"), ("R-10K", CODE.format("LOT-2")), ("C-1U", CODE.format("LOT-3")))
        for number, (article, lot) in enumerate(lots):
            self.say("receivemat", article, lot, 1000, CODE.format(f"DN-{number}"))
        self.say("setwpmat", 100, "R-10K", "LOT-1", 4000, 1)
        unit = self.say("getitem", 1, "C7-5", PCB)
        self.book(unit, 10, mat_auto=True)
        lot = self.say("getfloormat", "R-10K", "LOT-2", 1000)
        self.say(
            "addopwithmat",
            item_id=unit["id"],
            op=10,
            act=1,
            wp_id=100,
            workers=[31],
            mat=[[_lot_id(lot), "R1", 2.5, 0]],
        )
        self.say("writeoffmat", _lot_id(lot), 3, "lost")

    def _people(self) -> None:
        self.say("loginwp", 31, 100)
        self.say("loginwp", 32, 101)
        self.say("setworkeresd", 31, 100, True)
        self.say("blockworkplace", 101, "dust")
        self.say("issueotp", 32, 101, 600)
        self.try_to("userauth", "planner", "a wrong guess")
        self.say("getnext", "serial", CODE.format("CTRL-7"), 3, 1)
        self.say("getrangednext", "MAC", 2)
        create: Any = tokens.create
        store, now = self._plant.site.store, self._plant.site.clock()
        lines = ["L2" if find_spec("tracepro.codes") else CODE.format("L2")]  # later the command trims

        def make_token(db: Any) -> str:
            call = Call(self._plant.site, db, SYSTEM)
            owner = call if "call" in create.__code__.co_varnames[:1] else db
            text: str = create(owner, "terminal", ["read", "write"], lines, None, now)
            return text

        self.token = store.write_inline(make_token)

    def _tools(self) -> None:
        if "tooling" not in [plugin.name for plugin in self._plant.site.plugins]:
            return
        rest = self._plant.rest
        for verb, path, body in (
            ("POST", "/api/tools/1/replace", {"reason": 1, "notes": "worn", "inventory_point_id": 1}),
            ("PATCH", "/api/tools/1", {"durable": True}),
            ("PUT", "/api/tools/", {"name": "Spare", "part_life": 10, "durable": True}),
            ("POST", "/api/tools/1/replace", {"substitute_id": 2}),
            ("PATCH", "/api/tools/2", {"part_count": 7}),
        ):
            answer = rest(verb, path, body)
            assert answer.status < 300, (path, answer.body)
        assert rest("POST", "/api/tools/1/image", GIF, content_type="image/gif").status < 300

    def _office(self) -> None:
        """Pack, call for help, tell the ERP, keep what terminals keep."""
        box = self.say("makebox", "CTRL-7", 10, "BOX-1")
        if box is None:
            return
        unit = self.say("getitembybarcode", "C7-1")[0]
        self.say("addboxitem", box["id"], unit["id"])
        self.say("addboxbox", self.say("makebox", "", 5, "PALLET-1")["id"], box["id"])
        self.say(
            "mkalert",
            "logistics",
            "milk run",
            "logistics",
            100,
            1,
            {"for": "L1"},
            "Housings are left for two hours.",
        )
        self.say("setuserdata", "layout", "station", {"columns": 2}, True)
        self.say("setlineorder", "L1", 1)
        self.say("storelinedata", 100, "recipe", "zone 3", {"celsius": 245})
        self.say("setlslineparam", "L2", "beep", True)
        self.say(
            "setcartsfororder",
            1,
            10,
            "PROG-1",
            {"CART-7": {"machine": "placer", "bank": 1, "item_data": [_reel()]}},
        )
        self.say("reportoptime", 1, 10, 1, 100, [31], 90)


def _reel() -> dict[str, Any]:
    return {"hole_no": 1, "mat_item": "R-10K", "scanned_lot": "LOT-2", "wfloormat_id": None}


def _lot_id(result: Any) -> Any:
    return result["wfloormat_id"] if isinstance(result, dict) else result


def _ids(related: Any, owner: int) -> list[int]:
    """Return the units that an answer about relations names, other than the one asked for."""
    found = re.findall(r'"(?:id|item_id|child_id)": (\d+)', json.dumps(related))
    return sorted({int(number) for number in found} - {owner})
