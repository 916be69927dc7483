"""Asking about several units of which one will be taken: each is judged as if it were the only one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, Reason
from tracepro_items import checking
from tracepro_items.order_units import OrderUnits, gather
from tracepro_items.step_request import StepRequest
from tracepro_items.units import Unit


def reasons_by_unit(call: Call, request: StepRequest) -> dict[int, list[Reason]]:
    """Return why the units of a request may not do its steps, by unit; none for a unit that may.

    What is said of no unit in particular is said of all units of its order. The rules of the route are asked first, and
    workplace, workers, features and plugins of those that pass: some let a unit go ahead because it is the first. A
    number of statements that grows with the orders, never with the units; in a write the units are locked. Raises
    NotFound for an unknown unit or workplace.
    """
    workplace = workplaces_api.workplace(call, request.wp_id)
    groups, _ = gather(call, request, alternatives=True)
    found: dict[int, list[Reason]] = {}
    for group in groups:
        of_route = _by_unit(group, group.reasons_against())
        found |= of_route
        passing = [unit for unit in group.units if not of_route[unit.id]]
        if passing:
            rest = OrderUnits(group.order, request.pairs, passing, group.boards, group.route_states)
            asked = msgspec.structs.replace(request, item_ids=[unit.id for unit in passing])
            found |= _by_unit(rest, checking.reasons_here(call, asked, rest, workplace)[1])
    return found


def _by_unit(group: OrderUnits, against: Sequence[Reason]) -> Mapping[int, list[Reason]]:
    """Return reasons by the unit of a group; one about a board is one about its panel too."""
    found: dict[int, list[Reason]] = {unit.id: [] for unit in group.units}
    for unit, counted in zip(group.units, group.counted, strict=True):
        ids = {None, unit.id, *_ids(counted)}
        found[unit.id] = [reason for reason in against if reason.item_id in ids]
    return found


def _ids(units: Sequence[Unit]) -> list[int]:
    return [unit.id for unit in units]
