"""The routing of an order: its steps in order of ``op``, and which of them a call means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from tracepro_hookspecs import InvalidParams, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_orders.reasons import ambiguous, not_in_route
from tracepro_schemas import defs

MAX_STEPS = 1000
_read = msgspec.json.Decoder(tuple[Step, ...]).decode


@lru_cache(maxsize=512)
def read(text: str) -> tuple[Step, ...]:
    """Read a stored routing; what is the same text is the same routing, so it is read once."""
    return _read(text)


def write(steps: Sequence[Step]) -> str:
    """Write a routing as it is stored."""
    return msgspec.json.encode(steps).decode()


def step_of(order: Order, op: int | None, act: int | None) -> Step | Reason:
    """Return the one step that ``op`` and ``act`` pick, or why they don't pick one (docs/rules.md).

    One of the two is enough when it picks exactly one step; both missing is an invalid parameter.
    """
    if op is not None:
        found = next((step for step in order.operations if step.op == op), None)
        return found if found and act in (None, found.act) else not_in_route(order.erp_ref, op, act)
    if act is None:
        info = "Say op, act or both: neither is given, so no step is meant."
        raise InvalidParams("op", info, rule="required")
    of_act = [step for step in order.operations if step.act == act]
    if not of_act:
        return not_in_route(order.erp_ref, op, act)
    return of_act[0] if len(of_act) == 1 else ambiguous(order.erp_ref, act, [step.op for step in of_act])


def steps_of(
    order: Order, op_act_list: Sequence[tuple[int | None, int | None]]
) -> tuple[list[Step], list[Reason]]:
    """Return the steps that pairs pick, in route order and each once, and the reasons of those that pick none."""
    if len(op_act_list) == 1:
        step = step_of(order, *op_act_list[0])
        return ([step], []) if isinstance(step, Step) else ([], [step])
    picked = [step_of(order, op, act) for op, act in op_act_list]
    steps = {step.op: step for step in picked if isinstance(step, Step)}
    reasons = [reason for reason in picked if isinstance(reason, Reason)]
    return [steps[op] for op in sorted(steps)], list(dict.fromkeys(reasons))


def from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Make a routing of the rows of updateorder or of the plant file. Raises InvalidParams for what can't be one."""
    steps = sorted((_step(row) for row in rows), key=lambda step: step.op)
    for step, following in zip(steps, steps[1:], strict=False):
        if step.op == following.op:
            raise _invalid(f"Step {step.op} stands in the routing twice; give every step its own op.")
    if len(steps) > MAX_STEPS:
        raise _invalid(f"A routing has at most {MAX_STEPS} steps; this one has {len(steps)}.")
    return tuple(steps)


def _step(row: Mapping[str, Any]) -> Step:
    op, act, flags = (int(row.get(name) or 0) for name in ("op", "act", "flags"))
    step = Step(op, act, row.get("name") or "", row.get("desc") or "", flags, dict(row.get("params") or {}))
    if step.flags & defs.STEP_F_REPAIR:
        _check_whole_number(step, "back_to")
    if step.flags & defs.STEP_F_FIRST_PIECE:
        _check_whole_number(step, "first_piece_act")
    return step


def _check_whole_number(step: Step, name: str) -> None:
    value = step.params.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise _invalid(f"params.{name} of step {step.op} must be a whole number, not {value!r}.")


def _invalid(info: str) -> InvalidParams:
    return InvalidParams("operations", info)
