"""The crews: each plays the generator's production on its lines, packs what is finished and loads reels when they run out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.soak.floor import Bay
from benchmarks.soak.terminal import Terminal
from examples.generator.plant import COATING, FEEDERS, PACKING, PLACEMENT
from examples.generator.play import play
from examples.generator.production import DEVICE_ROUTE, Production
from tracepro.testing.errors import RpcError

UNITS = 16
"""Units of each order."""
REEL, BOX = 60, 12
"""Pieces on a reel, which last for some boards, and units in a box."""
LOOKED_AT, ASKED, MISTAKEN = 0.05, 0.5, 0.01
"""The shares of bookings after which somebody looks something up, before which a terminal asks, and that are taken back."""
OWN_TIMES = ("tm0", "tm1")
"""What the generator says of its own clock; here the server's counts."""


class Crew:
    """One terminal that goes from station to station."""

    def __init__(self, terminal: Terminal, bay: Bay) -> None:
        self._terminal, self._bay = terminal, bay
        self._reels = itertools.count(1)
        self._box: tuple[int, int] | None = None
        self._order = 0

    def produce(self, terminal: Terminal, number: int) -> None:
        """Play a production: an order of boards, one of panels, and one of devices with boards of both."""
        play(self._make, Production(self._bay, UNITS, orders=3, tag=f"{terminal.name}{number:04}").calls())
        terminal.journal.count("productions")

    def _make(self, method: str, params: dict[str, Any]) -> Any:
        handle: Callable[[dict[str, Any]], Any] | None = {"addop": self._record, "getitem": self._unit}.get(
            method
        )
        if handle is not None:
            return handle({name: value for name, value in params.items() if name not in OWN_TIMES})
        if "amount" in params:
            params = params | {"amount": REEL}
        result = self._terminal.write(method, **params)
        if method == "makeorder":
            self._order = result["id"]
        return result

    def _unit(self, params: dict[str, Any]) -> Any:
        unit = self._terminal.write("getitem", **params)
        self._terminal.read("getitembybarcode", barcode=params["barcode"])
        return unit

    def _record(self, params: dict[str, Any]) -> Any:
        if self._terminal.rng.random() < ASKED:
            self._ask(params)
        result = self._booked(params)
        if params["act"] == COATING and self._terminal.rng.random() < MISTAKEN * 10:
            result = self._take_back(result["op_id"], params)
        if params["act"] == PACKING and params["op"] == DEVICE_ROUTE[-1].op:
            self._pack(params["item_id"])
        if self._terminal.rng.random() < LOOKED_AT:
            self._look_up(params)
        return result

    def _ask(self, params: Mapping[str, Any]) -> None:
        step = [[params["op"], params["act"]]]
        where = {"wp_id": params["wp_id"], "workers": params["workers"]}
        self._terminal.read("canaddop", item_id=params["item_id"], op_act_list=step, **where)

    def _booked(self, params: dict[str, Any]) -> Any:
        """Record an operation; when the material is out, load reels and record it then."""
        try:
            return self._terminal.write("addop", ("material-short",), **params)
        except RpcError as error:
            if error.data.get("code") != "material-short":
                raise
        self._load(params["wp_id"])
        return self._terminal.write("addop", **params)

    def _load(self, wp_id: int) -> None:
        self._terminal.journal.count("times that material was out")
        for hole_no in range(1, self._bay.feeders + 1):
            lot = {
                "mat_item": FEEDERS[hole_no - 1],
                "mat_lot": f"{self._terminal.name}R{next(self._reels):06}",
            }
            self._terminal.write("receivemat", **lot, amount=REEL)
            self._terminal.write("setwpmat", **lot, wp_id=wp_id, amount=REEL, hole_no=hole_no)

    def _take_back(self, op_id: int, params: dict[str, Any]) -> Any:
        where = {"wp_id": params["wp_id"], "workers": params["workers"]}
        self._terminal.write("cancelop", op_id=op_id, reason="wrong unit", **where)
        self._terminal.journal.cancelled.add(op_id)
        return self._terminal.write("addop", **params)

    def _pack(self, item_id: int) -> None:
        box, left = self._box or (self._terminal.write("makebox", item="", box_size=BOX)["id"], BOX)
        self._terminal.write("addboxitem", wbox_id=box, item_id=item_id)
        self._box = (box, left - 1) if left > 1 else None
        if self._box is None:
            self._terminal.write("setboxparams", box_id=box, status=1)
            self._terminal.read("getbox", id=box)

    def _look_up(self, params: Mapping[str, Any]) -> None:
        lot = f"{self._terminal.name}R{1:06}"
        method, asked = self._terminal.rng.choice(
            [
                ("getitemdetails", {"item_id": params["item_id"]}),
                ("tracetree", {"item_id": params["item_id"]}),
                ("getordercounts", {"order_id": self._order}),
                ("getwplog", {"wp_id": params["wp_id"], "seconds_back": 60}),
                ("getwpmat", {"wp_id": self._bay.workplace(1, PLACEMENT)}),
                ("whereused", {"mat_item": FEEDERS[0], "mat_lot": lot, "limit": 100}),
            ]
        )
        self._terminal.read(method, ("floor-material-not-found",), **asked)
