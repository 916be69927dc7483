"""The units of a request, order by order, with what the rules need to know: gathered once for the check and for the write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracepro_orders import api as orders_api

from tracepro_hookspecs import Call, InvalidParams, Reason
from tracepro_hookspecs.records import Item, Order, Step
from tracepro_items import interlock, panels, route_state, scan, units
from tracepro_items.route_state import NO_RECORDS, RouteState
from tracepro_items.step_request import Pairs, StepRequest
from tracepro_items.units import Unit
from tracepro_schemas import defs


class OrderUnits:
    """The units of one order that a request asks for, and what the rules need to know of them.

    ``boards`` are all boards of the panels among them, by panel; ``counted`` for each unit those that an operation
    on it counts for; ``unresolved`` says which pairs pick no step.
    """

    __slots__ = ("order", "units", "boards", "counted", "route_states", "steps", "unresolved", "_items")

    def __init__(
        self,
        order: Order,
        pairs: Pairs,
        units: Sequence[Unit],
        boards: Mapping[int, Sequence[Unit]],
        route_states: Mapping[int, RouteState],
    ) -> None:
        self.order = order
        self.units = units
        self.boards = boards
        self.counted = [panels.counted_units(unit, boards) for unit in units]
        self.route_states = route_states
        self.steps, self.unresolved = orders_api.resolve_steps(order, pairs)
        self._items: tuple[Item, ...] | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """The records of the units, for hooks."""
        if self._items is None:
            order = self.order
            self._items = tuple(units.to_item(unit, order.erp_ref, order.item) for unit in self.units)
        return self._items

    def route_state(self, unit: Unit) -> RouteState:
        """Return where one of the counted units stands on its route."""
        return self.route_states.get(unit.id, NO_RECORDS)

    def left_out(self, step: Step, result: int) -> list[list[int]]:
        """Return for each unit the boards whose route an operation on it leaves alone.

        They are those with a fail of their own at the step: only a record on the board clears it. A rework is
        for all boards that are not bad.
        """
        if not self.boards or interlock.sent_back_to(step, result) is not None:
            return [[] for _ in self.units]
        return [
            [board.id for board in counted if board is not unit and self._has_own_fail(board, step)]
            for unit, counted in zip(self.units, self.counted, strict=True)
        ]

    def _has_own_fail(self, unit: Unit, step: Step) -> bool:
        record = self.route_state(unit).get(step.op)
        return record is not None and record.own_fail

    def reasons_against(self) -> list[Reason]:
        """Return why the steps may not be done: order, unit, routing and route, in this order."""
        found = orders_api.reasons_against(self.order)
        for unit, counted in zip(self.units, self.counted, strict=True):
            found += panels.bad(unit, counted)
        found += self.unresolved
        for counted in self.counted:
            for unit in counted:
                found += interlock.reasons_against(self.order, unit, self.route_state(unit), self.steps)
        return found


def no_units(order: Order, pairs: Pairs) -> OrderUnits:
    """Return the group of a request that means steps of an order and none of its units."""
    return OrderUnits(order, pairs, (), {}, {})


def gather(
    call: Call, request: StepRequest, *, skip_bad: bool = False, alternatives: bool = False
) -> tuple[list[OrderUnits], list[int]]:
    """Return the units of a request by order, and the ids of the bad ones that are left out with ``skip_bad``.

    When all are bad, their orders are asked without units, so that a batch is judged whatever its units are.
    A fixed number of statements for any number of units; in a write they are locked. Raises NotFound for an
    unknown unit and, unless they are ``alternatives``, InvalidParams for a panel that comes with boards of its own.
    """
    if len(request.item_ids) == 1:
        return _gather_one(call, request, skip_bad=skip_bad)
    found, boards = units.lock_all_with_boards(call, request.item_ids)
    if boards and not alternatives:
        _refuse_boards_of_listed_panels(found)
    bad = [unit.id for unit in found if unit.bad != defs.ITEM_BAD_GOOD] if skip_bad else []
    kept = [unit for unit in found if unit.id not in bad] if bad else found
    by_order: dict[int, list[Unit]] = {unit.order_id: [] for unit in found} if not kept else {}
    for unit in kept:
        by_order.setdefault(unit.order_id, []).append(unit)
    orders = orders_api.lock_shared(call, by_order) if by_order else {}
    counted = [counted.id for unit in kept for counted in panels.counted_units(unit, boards)]
    states = route_state.read(call, counted)
    groups = [
        OrderUnits(orders[order_id], request.pairs, of_order, boards, states)
        for order_id, of_order in by_order.items()
    ]
    return groups, bad


def _gather_one(call: Call, request: StepRequest, *, skip_bad: bool) -> tuple[list[OrderUnits], list[int]]:
    """Gather one unit as :func:`gather` does, with a statement or two less."""
    found = scan.lock(call, request.item_ids[0])
    unit, order = found.unit, found.order
    if skip_bad and unit.bad != defs.ITEM_BAD_GOOD:
        return [no_units(order, request.pairs)], [unit.id]
    on_panel = units.lock_boards(call, unit)
    if not on_panel:
        return [OrderUnits(order, request.pairs, (unit,), {}, {unit.id: found.state})], []
    boards = {unit.id: on_panel}
    states = route_state.read(call, [board.id for board in panels.counted_units(unit, boards)])
    return [OrderUnits(order, request.pairs, (unit,), boards, states)], []


def _refuse_boards_of_listed_panels(found: Sequence[Unit]) -> None:
    listed = {unit.id for unit in found}
    board = next((unit for unit in found if unit.panel_id in listed), None)
    if board is not None:
        info = f"Unit {board.id} is a board of panel {board.panel_id}, which is listed too; name one of them."
        raise InvalidParams("item_ids", info)
