"""Which step comes next for a unit, where a call names an act that is done in several."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Step
from tracepro_items import interlock, panels, route_state, units
from tracepro_items.route_state import NO_RECORDS


def step_of_act(call: Call, item_id: int | None, steps: Sequence[Step]) -> Step:
    """Return which of several steps with one act comes next for a unit; None is a unit that doesn't exist yet.

    In a write the unit is locked, as it is when the step is recorded. Raises ``item-not-found``.
    """
    if item_id is None:
        return interlock.first_not_passed([NO_RECORDS], steps)
    unit, boards = units.lock_with_boards(call, item_id)
    counted = panels.counted_units(unit, {unit.id: boards}) or (unit,)
    states = route_state.read(call, [each.id for each in counted])
    return interlock.first_not_passed([states.get(each.id, NO_RECORDS) for each in counted], steps)
