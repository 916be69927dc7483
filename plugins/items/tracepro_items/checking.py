"""Whether steps may be done: everything that may say no is asked, and every no is told.

A request is gathered once, order by order, for the check and for the write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, InvalidParams, Reason
from tracepro_hookspecs.records import Draft, Item, Order, Step, Worker, Workplace
from tracepro_items import (
    components,
    data,
    firstpiece,
    interlock,
    op_info,
    panels,
    route_state,
    units,
)
from tracepro_items.route_state import NO_RECORDS, RouteState
from tracepro_items.units import Unit
from tracepro_schemas import defs

CHECK = "tracepro_check_operations"
Pair = tuple[int | None, int | None]
"""Op and act of a step; one of the two is enough when it picks exactly one step."""
Pairs = Sequence[Pair]


class StepRequest(msgspec.Struct, frozen=True, gc=False):
    """Which steps are asked for: of these units, at this workplace, by these workers.

    ``draft`` is what is to be recorded, None in a request that only asks. Without ``item_ids`` the steps of an
    order are meant and none of its units.
    """

    item_ids: Sequence[int]
    pairs: Pairs
    wp_id: int
    worker_ids: Sequence[int]
    draft: Draft | None = None

    @property
    def to_record(self) -> Draft:
        """What is to be recorded; raises TypeError in a request that only asks."""
        if self.draft is None:
            raise TypeError("this request only asks: give it the draft of what is to be recorded.")
        return self.draft


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
    found, boards = units.lock_all_with_boards(call, request.item_ids)
    if boards and len(found) > 1 and not alternatives:
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


def _refuse_boards_of_listed_panels(found: Sequence[Unit]) -> None:
    listed = {unit.id for unit in found}
    board = next((unit for unit in found if unit.panel_id in listed), None)
    if board is not None:
        info = f"Unit {board.id} is a board of panel {board.panel_id}, which is listed too; name one of them."
        raise InvalidParams("item_ids", info)


def reasons_against(call: Call, request: StepRequest, groups: Sequence[OrderUnits]) -> list[Reason]:
    """Return every reason against a request, each once; raises ``workplace-not-found``."""
    workplace = workplaces_api.workplace(call, request.wp_id)
    found: list[Reason] = []
    for group in groups:
        found += group.reasons_against()
        found += reasons_here(call, request, group, workplace)[1]
    return found if len(groups) == 1 and len(request.pairs) == 1 else list(dict.fromkeys(found))


def reasons_here(
    call: Call, request: StepRequest, group: OrderUnits, workplace: Workplace
) -> tuple[Sequence[Worker], list[Reason]]:
    """Return the workers that exist, and what workplace, workers, features and plugins have against the steps."""
    found = workplaces_api.reasons_against(call, workplace, group.steps)
    workers, against = workers_api.reasons_against(call, request.worker_ids, workplace, group.steps)
    found = found + against + _reasons_of_features(call, request, group)
    return workers, found + _reasons_of_plugins(call, request, group, workplace, workers)


def _reasons_of_features(call: Call, request: StepRequest, group: OrderUnits) -> list[Reason]:
    draft = request.draft
    first = [step for step in group.steps if step.flags & defs.STEP_F_FIRST_PIECE]
    tm = call.now if draft is None else draft.tm1
    found = (
        firstpiece.reasons_against(call, group.order, group.units, first, request.wp_id, tm) if first else []
    )
    built = data.of_components(draft.data) if draft is not None and draft.data else []
    return found + components.reasons_against_work(call, group.units, group.counted, built)


def _reasons_of_plugins(
    call: Call, request: StepRequest, group: OrderUnits, workplace: Workplace, workers: Sequence[Worker]
) -> list[Reason]:
    if not call.hooks.has(CHECK):
        return []
    return call.hooks.check(
        CHECK,
        order=group.order,
        items=group.items,
        steps=tuple(group.steps),
        workplace=workplace,
        workers=tuple(workers),
        draft=request.draft,
    )


def check_operations(call: Call, request: StepRequest) -> list[Reason]:
    """Return why the units may not do the steps, one after the other; empty means they may.

    Raises NotFound for an unknown unit or workplace. Nothing is written.
    """
    groups, _ = gather(call, request)
    return reasons_against(call, request, groups)


def check_process(call: Call, order_id: int, request: StepRequest) -> tuple[list[Reason], dict[str, Any]]:
    """Return why the steps may not be done here on any unit of an order, and what plugins show about them."""
    group = no_units(orders_api.order(call, order_id), request.pairs)
    workplace = workplaces_api.workplace(call, request.wp_id)
    workers, against = reasons_here(call, request, group, workplace)
    shown = op_info.collect(call, group.order, group.steps, workplace, workers)
    return list(dict.fromkeys(group.reasons_against() + against)), shown


def require_workers_at(call: Call, wp_id: int, worker_ids: Sequence[int]) -> None:
    """Refuse what is asked from a workplace that doesn't exist or by workers who are unknown or inactive.

    Work that was done may always be ended and corrected: a blocked workplace may do it, for it is often blocked
    because of these units, and so may workers whose login or ESD test has ended.
    """
    workplaces_api.workplace(call, wp_id)
    workers_api.require_known(call, worker_ids)


def check_answer(reasons: Sequence[Reason], **more: Any) -> dict[str, Any]:
    """Return the answer of a method that checks: ``ok``, all reasons, and what else it has to show."""
    return {"ok": not reasons, "reasons": reasons, **more}
