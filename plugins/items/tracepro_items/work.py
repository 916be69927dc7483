"""Work: units of one order and the steps that are asked of them, gathered once for the check and the write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro_orders import api as orders_api

from tracepro_hookspecs import InvalidParams, Reason
from tracepro_hookspecs.records import Item, Order
from tracepro_items import interlock, panels, reasons, route_state, units
from tracepro_items.route_state import NOTHING, Standing
from tracepro_items.units import Unit
from tracepro_schemas import defs

Pairs = Sequence[tuple[int | None, int | None]]


class Work:
    """What is asked of units of one order.

    ``bearers`` are the units each of them counts for (a panel's boards that are not bad), ``boards`` all boards
    of the panels among them, ``standings`` where the bearers stand, ``unresolved`` why pairs pick no step.
    """

    __slots__ = ("order", "units", "boards", "bearers", "standings", "steps", "unresolved", "_items")

    def __init__(
        self, order: Order, found: Sequence[Unit], boards: Mapping[int, Sequence[Unit]],
        standings: Mapping[int, Standing], pairs: Pairs,
    ) -> None:  # fmt: skip
        self.order = order
        self.units = found
        self.boards = boards
        self.bearers = [panels.bearers(one, boards) for one in found]
        self.standings = standings
        self.steps, self.unresolved = orders_api.steps_of(order, pairs)
        self._items: tuple[Item, ...] | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """The records of the units, for hooks."""
        if self._items is None:
            self._items = tuple(units.record(one, self.order) for one in self.units)
        return self._items

    def standing(self, bearer: Unit) -> Standing:
        """Returns where a bearer stands."""
        return self.standings.get(bearer.id, NOTHING)

    def reasons_against(self) -> list[Reason]:
        """Says why the units may not do the steps: order, unit, routing and route, in this order."""
        found = [] if self.order.status == defs.ORDER_ST_ACTIVE else [orders_api.not_active(self.order)]
        found += [reasons.bad(one) for one in self.units if one.bad != defs.ITEM_BAD_GOOD]
        found += self.unresolved
        for bearers in self.bearers:
            for bearer in bearers:
                found += interlock.reasons_against(self.order, bearer, self.standing(bearer), self.steps)
        return found


def survey(
    call: Any, item_ids: Sequence[int], pairs: Pairs, *, skip_bad: bool = False
) -> tuple[list[Work], list[int]]:
    """Gathers what is asked of units, by order, and the bad units that are left out with ``skip_bad``.

    A fixed number of statements for any number of units; in a write they are locked. Raises NotFound for an
    unknown unit and InvalidParams for a panel that comes with boards of its own.
    """
    found, boards = units.gather(call, item_ids)
    if boards and len(found) > 1:
        _refuse_twice(found)
    bad = [one.id for one in found if one.bad != defs.ITEM_BAD_GOOD] if skip_bad else []
    kept = [one for one in found if one.id not in bad] if bad else found
    by_order: dict[int, list[Unit]] = {}
    for one in kept:
        by_order.setdefault(one.order_id, []).append(one)
    orders = orders_api.lock_shared(call, by_order) if by_order else {}
    standings = route_state.read(call, [bearer.id for one in kept for bearer in panels.bearers(one, boards)])
    works = [Work(orders[order_id], some, boards, standings, pairs) for order_id, some in by_order.items()]
    return works, bad


def _refuse_twice(found: Sequence[Unit]) -> None:
    listed = {one.id for one in found}
    twice = next((one for one in found if one.panel_id in listed), None)
    if twice is not None:
        info = f"Unit {twice.id} is a board of panel {twice.panel_id}, which is listed too; name one of them."
        raise InvalidParams("item_ids", info)
