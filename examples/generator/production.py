"""Production in a generated plant, as a stream of calls.

Three kinds of order follow each other: single boards, boards on panels, and devices that boards are built
into. Faults are found at inspection and test, repaired and tested again; now and then a unit is reworked from
placement on, or scrapped.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from examples.generator.plant import (
    ASSEMBLY,
    COATING,
    FEEDERS,
    FINAL_TEST,
    ICT,
    INSPECTION,
    PACKING,
    PLACEMENT,
    PRINTING,
    REFLOW,
    REPAIR,
    THROUGH_HOLE,
    WAVE,
    Plant,
)
from tracepro_schemas import defs


class RouteStep(NamedTuple):
    """A step of a routing."""

    op: int
    act: int
    flags: int = 0
    params: dict[str, Any] = {}


BOARD_ROUTE = [
    RouteStep(10, PRINTING),
    RouteStep(20, PLACEMENT),
    RouteStep(30, REFLOW),
    RouteStep(32, PRINTING),
    RouteStep(34, PLACEMENT),
    RouteStep(36, REFLOW),
    RouteStep(40, INSPECTION),
    RouteStep(45, REPAIR, defs.STEP_F_REPAIR),
    RouteStep(50, THROUGH_HOLE),
    RouteStep(60, WAVE),
    RouteStep(65, INSPECTION),
    RouteStep(70, ICT),
    RouteStep(80, COATING),
    RouteStep(85, INSPECTION),
    RouteStep(90, FINAL_TEST),
    RouteStep(95, REPAIR, defs.STEP_F_REPAIR, {"back_to": 20}),
    RouteStep(100, PACKING),
]
"""Both sides are placed, then the board is finished and tested."""
DEVICE_ROUTE = [
    RouteStep(10, ASSEMBLY),
    RouteStep(12, ASSEMBLY),
    RouteStep(14, ASSEMBLY),
    RouteStep(20, FINAL_TEST),
    RouteStep(25, REPAIR, defs.STEP_F_REPAIR),
    RouteStep(30, COATING),
    RouteStep(40, FINAL_TEST),
    RouteStep(50, INSPECTION),
    RouteStep(60, PACKING),
]
LAST_PANEL_OP = 36
"""The last step a panel goes through as a whole."""
LAST_OP = 999
FAULT_FINDING = (INSPECTION, ICT, FINAL_TEST)
MEASURING = (ICT, FINAL_TEST)


@dataclass(frozen=True)
class Reference:
    """Stands in a call for a member of the result of an earlier call, which is saved under a name."""

    name: str
    member: str = "id"


@dataclass(frozen=True)
class ApiCall:
    """A call; its result is saved under ``save`` for the references of later calls."""

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
    _rng: random.Random = field(init=False)
    _now: datetime = field(init=False)
    _good_units: dict[int, list[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._rng = random.Random(f"{self.plant.seed}/{self.units}/{self.orders}")
        self._now = self.start

    def begin(self, start: datetime) -> None:
        """Move the whole production in time; to be called before its calls are taken."""
        self.start = self._now = start

    @property
    def now(self) -> datetime:
        """The time of the call that was taken last."""
        return self._now

    def calls(self) -> Iterator[ApiCall]:
        """Yield all calls, in order."""
        for number in range(self.orders):
            line = number % self.plant.lines + 1
            yield from self._order(number, line)

    def _order(self, number: int, line: int) -> Iterator[ApiCall]:
        tp = (defs.ITEM_TP_PCB, defs.ITEM_TP_MULTIPANEL, defs.ITEM_TP_ASSEMBLY)[number % 3]
        order = f"order{number}"
        yield self._make_order(number, tp, order)
        yield self._set_routing(order, tp)
        if tp == defs.ITEM_TP_ASSEMBLY:
            yield from self._devices(number, line)
        else:
            yield from self._load_reels(order, line)
            yield from self._boards(number, line, tp)
            yield ApiCall("clearwpmat", {"wp_id": self.plant.workplace(line, PLACEMENT)})

    def _make_order(self, number: int, tp: int, save: str) -> ApiCall:
        product = ("CTRL", "SENSOR", "DEVICE")[number % 3]
        params = {"erp_ref": f"VP-{self.tag}-{number:05}", "item": f"{product}-{self.tag}"}
        return ApiCall(
            "makeorder", params | {"status": defs.ORDER_ST_ACTIVE, "flags": defs.ORDER_F_CREATE_ITEMS}, save
        )

    def _set_routing(self, order: str, tp: int) -> ApiCall:
        route = DEVICE_ROUTE if tp == defs.ITEM_TP_ASSEMBLY else BOARD_ROUTE
        operations = [{"name": f"Step {step.op}", "desc": ""} | step._asdict() for step in route]
        properties: dict[str, Any] = {"cat1": "generated"}
        if tp == defs.ITEM_TP_MULTIPANEL:
            properties = {"mptp": 1, "mpcount": self.panel_boards}
        params = {"order_id": Reference(order), "properties": properties, "operations": operations}
        return ApiCall("updateorder", params)

    def _load_reels(self, order: str, line: int) -> Iterator[ApiCall]:
        """Load new reels for the order, enough for all of it, rework included."""
        wp_id, amount = self.plant.workplace(line, PLACEMENT), self.units * 12 + 100
        for hole_no in range(1, self.plant.feeders + 1):
            lot = {"mat_item": FEEDERS[hole_no - 1], "mat_lot": f"{self.tag}-{order}-{hole_no}"}
            yield ApiCall("receivemat", lot | {"amount": amount})
            yield ApiCall("setwpmat", lot | {"wp_id": wp_id, "amount": amount, "hole_no": hole_no})

    def _boards(self, number: int, line: int, tp: int) -> Iterator[ApiCall]:
        if tp == defs.ITEM_TP_PCB:
            for board_no in range(self.units):
                yield from self._board(number, board_no, line)
        else:
            for panel_no in range(-(-self.units // self.panel_boards)):
                yield from self._panel(number, panel_no, line)

    def _board(self, number: int, board_no: int, line: int) -> Iterator[ApiCall]:
        board = f"unit{number}.{board_no}"
        yield self._make_unit(number, f"{self.tag}{number:04}{board_no:07}", defs.ITEM_TP_PCB, board)
        unit = Reference(board)
        good = yield from self._run_steps(unit, _board_steps(0, 89), line)
        if good and self._rng.random() < self.rework:
            yield self._operation(unit, 90, FINAL_TEST, line, result=1)
            yield self._operation(unit, 95, REPAIR, line)
            good = yield from self._run_steps(unit, _board_steps(20, 89), line)
        if good and (yield from self._run_steps(unit, _board_steps(90, LAST_OP), line)):
            self._good_units.setdefault(number, []).append(board)

    def _panel(self, number: int, panel_no: int, line: int) -> Iterator[ApiCall]:
        """Take a panel through its steps as a whole, then its boards one by one."""
        code = f"{self.tag}{number:04}P{panel_no:06}"
        panel = f"panel{number}.{panel_no}"
        yield self._make_unit(number, code, defs.ITEM_TP_MULTIPANEL, panel)
        yield from self._run_steps(Reference(panel), _board_steps(0, LAST_PANEL_OP), line)
        for position in range(1, self.panel_boards + 1):
            board = f"unit{number}.{panel_no * self.panel_boards + position - 1}"
            params = {"order_id": Reference(f"order{number}"), "barcode": f"{code}/{position}"}
            yield ApiCall("getitem", params, board)
            steps = _board_steps(LAST_PANEL_OP + 1, LAST_OP)
            if (yield from self._run_steps(Reference(board), steps, line)):
                self._good_units.setdefault(number, []).append(board)

    def _devices(self, number: int, line: int) -> Iterator[ApiCall]:
        """Build devices with a good board of each of the two orders before."""
        boards_before = self._good_units.get(number - 2, []), self._good_units.get(number - 1, [])
        for device_no, boards in enumerate(zip(*boards_before, strict=False)):
            device = f"unit{number}.{device_no}"
            code = f"{self.tag}{number:04}D{device_no:06}"
            yield self._make_unit(number, code, defs.ITEM_TP_ASSEMBLY, device)
            components = [
                [defs.DATA_TP_COMPONENT, f"A{position}", Reference(board, "barcode")]
                for position, board in enumerate(boards, 1)
            ]
            first, *others = DEVICE_ROUTE
            yield self._operation(Reference(device), first.op, first.act, line, data=components)
            yield from self._run_steps(Reference(device), others, line)

    def _make_unit(self, number: int, code: str, tp: int, save: str) -> ApiCall:
        return ApiCall("getitem", {"order_id": Reference(f"order{number}"), "barcode": code, "tp": tp}, save)

    def _run_steps(
        self, unit: Reference, steps: Sequence[RouteStep], line: int
    ) -> Generator[ApiCall, None, bool]:
        """Take a unit through steps, faults repaired and tested again; return whether it is still good."""
        for op, act, flags, _ in steps:
            if flags & defs.STEP_F_REPAIR:
                continue
            if act in FAULT_FINDING and self._rng.random() < self.fault:
                yield self._operation(unit, op, act, line, result=1)
                if self._rng.random() < self.scrap:
                    params = {"item_id": unit, **self._where(line, act), "reason": "cracked"}
                    yield ApiCall("setitemscrap", params)
                    return False
                yield self._operation(unit, _repair_op(steps), REPAIR, line)
            yield self._operation(unit, op, act, line)
        return True

    def _operation(
        self,
        unit: Reference,
        op: int,
        act: int,
        line: int,
        *,
        result: int = 0,
        data: Sequence[list[Any]] = (),
    ) -> ApiCall:
        begun = self._now
        self._now += timedelta(seconds=self._rng.randint(1, 5))
        measured = [self._measurement()] if act in MEASURING else []
        step = {"item_id": unit, "op": op, "act": act}
        times = {"tm0": _text(begun), "tm1": _text(self._now)}
        outcome = {"result": result, "mat_auto": act == PLACEMENT, "data": [*data, *measured]}
        return ApiCall("addop", step | self._where(line, act) | times | outcome)

    def _measurement(self) -> list[Any]:
        volts = round(3.3 + self._rng.uniform(-0.05, 0.05), 3)
        value = {"value": volts, "low": 3.2, "high": 3.4, "unit": "V"}
        return [defs.DATA_TP_MEASUREMENT, "VCC", value]

    def _where(self, line: int, act: int) -> dict[str, Any]:
        worker = self._rng.choice(self.plant.worker_ids())
        return {"wp_id": self.plant.workplace(line, act), "workers": [worker]}


def _board_steps(first: int, last: int) -> list[RouteStep]:
    return [step for step in BOARD_ROUTE if first <= step.op <= last]


def _repair_op(steps: Sequence[RouteStep]) -> int:
    """Return the repair step of the steps' routing that sends nothing back."""
    route = DEVICE_ROUTE if steps[-1] in DEVICE_ROUTE else BOARD_ROUTE
    return next(step.op for step in route if step.flags & defs.STEP_F_REPAIR and not step.params)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
