"""Production in a generated plant, as a stream of calls.

Three kinds of order follow each other: single boards, boards on panels, and devices that boards are built
into. Faults are found at inspection and test, repaired and tested again; now and then a unit is reworked from
placement on, or scrapped.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from examples.generator.plant import FEEDERS, Plant

PCB, MULTIPANEL, ASSEMBLY = 1, 2, 3
REPAIR = 8
COMPONENT, MEASUREMENT = 11, 2
BOARD_ROUTE = [
    # (op, act, flags, params): both sides are placed, then the board is finished and tested
    (10, 1, 0, {}),
    (20, 2, 0, {}),
    (30, 3, 0, {}),
    (32, 1, 0, {}),
    (34, 2, 0, {}),
    (36, 3, 0, {}),
    (40, 4, 0, {}),
    (45, 5, REPAIR, {}),
    (50, 6, 0, {}),
    (60, 7, 0, {}),
    (65, 4, 0, {}),
    (70, 8, 0, {}),
    (80, 9, 0, {}),
    (85, 4, 0, {}),
    (90, 10, 0, {}),
    (95, 5, REPAIR, {"back_to": 20}),
    (100, 11, 0, {}),
]
DEVICE_ROUTE = [
    (10, 12, 0, {}),
    (12, 12, 0, {}),
    (14, 12, 0, {}),
    (20, 10, 0, {}),
    (25, 5, REPAIR, {}),
    (30, 9, 0, {}),
    (40, 10, 0, {}),
    (50, 4, 0, {}),
    (60, 11, 0, {}),
]
PANEL_UNTIL = 36
"""The last step a panel goes through as a whole."""
TESTS = (4, 8, 10)
"""The acts that find faults."""


@dataclass(frozen=True)
class Ref:
    """Stands in a call for a member of what an earlier call, saved under a name, answered."""

    name: str
    member: str = "id"


@dataclass(frozen=True)
class Step:
    """A call; what it answers is saved under ``save`` for the references of later calls."""

    method: str
    params: dict[str, Any]
    save: str | None = None


@dataclass
class Production:
    """Orders of ``units`` units each in a plant; ``tag`` keeps the codes of several productions apart.

    ``fault`` is the share of tests that fail, ``scrap`` the share of faults that can't be repaired, ``rework``
    the share of boards that final test sends back to placement.
    """

    plant: Plant
    units: int = 30
    orders: int = 3
    tag: str = "A"
    start: datetime = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    panel_boards: int = 4
    fault: float = 0.06
    rework: float = 0.01
    scrap: float = 0.1
    _draw: random.Random = field(init=False)
    _now: datetime = field(init=False)
    _good: dict[int, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._draw = random.Random(f"{self.plant.seed}/{self.units}/{self.orders}")
        self._now = self.start

    def begin(self, start: datetime) -> None:
        """Moves the whole production in time; to be called before its steps are taken."""
        self.start = self._now = start

    @property
    def now(self) -> datetime:
        """Where in time the production is."""
        return self._now

    def steps(self) -> Iterator[Step]:
        """All calls, in order."""
        for number in range(self.orders):
            line = number % self.plant.lines + 1
            yield from self._order(number, line)

    def _order(self, number: int, line: int) -> Iterator[Step]:
        kind = (PCB, MULTIPANEL, ASSEMBLY)[number % 3]
        order = f"order{number}"
        route = DEVICE_ROUTE if kind == ASSEMBLY else BOARD_ROUTE
        ref = f"VP-{self.tag}-{number:05}"
        product = {PCB: "CTRL", MULTIPANEL: "SENSOR", ASSEMBLY: "DEVICE"}[kind] + f"-{self.tag}"
        yield Step("makeorder", {"erp_ref": ref, "item": product, "status": 1, "flags": 1}, order)
        yield Step("updateorder", self._routing(order, kind, route))
        if kind == ASSEMBLY:
            yield from self._devices(number, line)
        else:
            yield from self._load(order, line)
            yield from self._boards(number, line, kind)
            yield Step("clearwpmat", {"wp_id": self.plant.workplace(line, 2)})

    def _routing(self, order: str, kind: int, route: list[Any]) -> dict[str, Any]:
        steps = [
            {"op": op, "act": act, "name": f"Step {op}", "desc": "", "flags": flags, "params": params}
            for op, act, flags, params in route
        ]
        properties = (
            {"mptp": 1, "mpcount": self.panel_boards} if kind == MULTIPANEL else {"cat1": "generated"}
        )
        return {"order_id": Ref(order), "properties": properties, "operations": steps}

    def _load(self, order: str, line: int) -> Iterator[Step]:
        """New reels for the order, enough for all of it, rework included."""
        for hole in range(1, self.plant.feeders + 1):
            lot = {"mat_item": FEEDERS[hole - 1], "mat_lot": f"{self.tag}-{order}-{hole}"}
            amount = self.units * 12 + 100
            yield Step("receivemat", lot | {"amount": amount})
            place = {"wp_id": self.plant.workplace(line, 2), "amount": amount, "hole_no": hole}
            yield Step("setwpmat", lot | place)

    def _boards(self, number: int, line: int, kind: int) -> Iterator[Step]:
        if kind == PCB:
            for made in range(self.units):
                yield from self._board(number, made, line)
        else:
            for panel_no in range(-(-self.units // self.panel_boards)):
                yield from self._panel(number, panel_no, line)

    def _board(self, number: int, made: int, line: int) -> Iterator[Step]:
        unit = f"unit{number}.{made}"
        yield self._unit(number, f"{self.tag}{number:04}{made:07}", PCB, unit)
        ref, before, after = Ref(unit), _between(0, 89), _between(90, 999)
        good = yield from self._through(ref, before, line)
        if good and self._draw.random() < self.rework:
            yield self._operation(ref, 90, 10, line, result=1)
            yield self._operation(ref, 95, 5, line)
            good = yield from self._through(ref, _between(20, 89), line)
        if good and (yield from self._through(ref, after, line)):
            self._good.setdefault(number, []).append(unit)

    def _panel(self, number: int, panel_no: int, line: int) -> Iterator[Step]:
        """A panel goes through its steps whole, then its boards one by one."""
        code = f"{self.tag}{number:04}P{panel_no:06}"
        panel = f"panel{number}.{panel_no}"
        yield self._unit(number, code, MULTIPANEL, panel)
        yield from self._through(Ref(panel), _between(0, PANEL_UNTIL), line)
        for position in range(1, self.panel_boards + 1):
            board = f"unit{number}.{panel_no * self.panel_boards + position - 1}"
            yield Step("getitem", {"order_id": Ref(f"order{number}"), "barcode": f"{code}/{position}"}, board)
            if (yield from self._through(Ref(board), _between(PANEL_UNTIL + 1, 999), line)):
                self._good.setdefault(number, []).append(board)

    def _devices(self, number: int, line: int) -> Iterator[Step]:
        """Devices with a good board of each of the two orders before."""
        pairs = zip(self._good.get(number - 2, []), self._good.get(number - 1, []), strict=False)
        for made, boards in enumerate(pairs):
            unit = f"unit{number}.{made}"
            yield self._unit(number, f"{self.tag}{number:04}D{made:06}", ASSEMBLY, unit)
            built_in = [
                [COMPONENT, f"A{place}", Ref(board, "barcode")] for place, board in enumerate(boards, 1)
            ]
            first, *others = DEVICE_ROUTE
            yield self._operation(Ref(unit), first[0], first[1], line, data=built_in)
            yield from self._through(Ref(unit), others, line)

    def _unit(self, number: int, code: str, kind: int, save: str) -> Step:
        return Step("getitem", {"order_id": Ref(f"order{number}"), "barcode": code, "tp": kind}, save)

    def _through(self, unit: Ref, route: list[Any], line: int) -> Generator[Step, None, bool]:
        """A unit through its steps, faults repaired and tested again; answers whether it is still good."""
        for op, act, flags, _ in route:
            if flags & REPAIR:
                continue
            if act in TESTS and self._draw.random() < self.fault:
                yield self._operation(unit, op, act, line, result=1)
                if self._draw.random() < self.scrap:
                    yield Step(
                        "setitemscrap", {"item_id": unit, **self._where(line, act), "reason": "cracked"}
                    )
                    return False
                yield self._operation(unit, self._repair_of(route), 5, line)
            yield self._operation(unit, op, act, line)
        return True

    def _repair_of(self, route: list[Any]) -> int:
        """The repair step that sends nothing back."""
        steps = DEVICE_ROUTE if route[-1] in DEVICE_ROUTE else BOARD_ROUTE
        return next(op for op, _, flags, params in steps if flags & REPAIR and not params)

    def _operation(
        self, unit: Ref, op: int, act: int, line: int, *, result: int = 0, data: list[Any] | None = None
    ) -> Step:
        begun = self._now
        self._now += timedelta(seconds=self._draw.randint(1, 5))
        rows = list(data or [])
        if act in (8, 10):
            volts = round(3.3 + self._draw.uniform(-0.05, 0.05), 3)
            rows.append([MEASUREMENT, "VCC", {"value": volts, "low": 3.2, "high": 3.4, "unit": "V"}])
        return Step(
            "addop",
            {
                "item_id": unit,
                "op": op,
                "act": act,
                **self._where(line, act),
                "tm0": _text(begun),
                "tm1": _text(self._now),
                "result": result,
                "mat_auto": act == 2,
                "data": rows,
            },
        )

    def _where(self, line: int, act: int) -> dict[str, Any]:
        worker = self._draw.choice(self.plant.worker_ids())
        return {"wp_id": self.plant.workplace(line, act), "workers": [worker]}


def _between(first: int, last: int) -> list[Any]:
    return [step for step in BOARD_ROUTE if first <= step[0] <= last]


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
