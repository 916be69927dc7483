"""The routing of an order: its steps in order of ``op``, and which of them a call means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Any

import msgspec
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, InvalidParams, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_orders.reasons import no_step_named, op_ambiguous, op_not_in_route
from tracepro_schemas import defs

MAX_STEPS = 1000
_steps_of_text = msgspec.json.Decoder(tuple[Step, ...]).decode


@lru_cache(maxsize=512)
def decode(text: str) -> tuple[Step, ...]:
    """Return a stored routing; the same text is the same routing, so it is decoded once."""
    return _steps_of_text(text)


def encode(steps: Sequence[Step]) -> str:
    """Return a routing as it is stored."""
    return msgspec.json.encode(steps).decode()


def resolve_step(order: Order, op: int | None, act: int | None) -> Step | Reason:
    """Return the one step that ``op`` and ``act`` pick, or why they don't pick one (docs/rules.md, Values).

    One of the two is enough when it picks exactly one step. Raises InvalidParams when both are missing.
    """
    if op is not None:
        step = next((step for step in order.operations if step.op == op), None)
        return step if step and act in (None, step.act) else op_not_in_route(order, op, act)
    if act is None:
        raise no_step_named()
    return _step_by_act(order, act)


def _step_by_act(order: Order, act: int) -> Step | Reason:
    steps = [step for step in order.operations if step.act == act]
    if not steps:
        return op_not_in_route(order, None, act)
    return steps[0] if len(steps) == 1 else op_ambiguous(order, act, [step.op for step in steps])


def resolve_steps(
    order: Order, op_act_list: Sequence[tuple[int | None, int | None]]
) -> tuple[list[Step], list[Reason]]:
    """Return the steps that pairs pick, in route order, and the reasons of the pairs that pick none.

    A step that is named twice comes twice.
    """
    if len(op_act_list) == 1:
        picked = resolve_step(order, *op_act_list[0])
        return ([picked], []) if isinstance(picked, Step) else ([], [picked])
    all_picked = [resolve_step(order, op, act) for op, act in op_act_list]
    steps = sorted((step for step in all_picked if isinstance(step, Step)), key=attrgetter("op"))
    reasons = [reason for reason in all_picked if isinstance(reason, Reason)]
    return steps, list(dict.fromkeys(reasons))


def step_names(call: Call, order: Order) -> dict[int, str]:
    """Return what people call the steps of an order by ``op``: a step without a name of its own is called by its act."""
    nameless = {step.act for step in order.operations if not step.name}
    acts = {act.id: act.name for act in workplaces_api.acts(call, nameless)}
    return {step.op: step.name or acts[step.act] for step in order.operations}


def from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the routing of rows of updateorder or of the plant file. Raises InvalidParams for what can't be one."""
    steps = sorted((_step(row) for row in rows), key=lambda step: step.op)
    for step, next_step in pairwise(steps):
        if step.op == next_step.op:
            raise _invalid(f"Step {step.op} is in the routing twice; give every step its own op.")
    if len(steps) > MAX_STEPS:
        raise _invalid(f"A routing has at most {MAX_STEPS} steps; this one has {len(steps)}.")
    acts = {step.act for step in steps}
    for step in steps:
        if step.flags & defs.STEP_F_FIRST_PIECE:
            _check_first_piece_act(step, acts)
    return tuple(steps)


def _step(row: Mapping[str, Any]) -> Step:
    op, act, flags = (int(row.get(name) or 0) for name in ("op", "act", "flags"))
    step = Step(op, act, row.get("name") or "", row.get("desc") or "", flags, dict(row.get("params") or {}))
    if step.flags & defs.STEP_F_REPAIR:
        _check_whole_number(step, "back_to")
    return step


def _check_first_piece_act(step: Step, acts: Set[int]) -> None:
    """Without an act that is done on the order, the units after the first would wait for ever."""
    _check_whole_number(step, "first_piece_act")
    act = step.params.get("first_piece_act")
    if act is None:
        raise _invalid(
            f"Step {step.op} is a FIRST_PIECE step; say in params.first_piece_act which act checks the first piece."
        )
    if act not in acts:
        raise _invalid(
            f"params.first_piece_act of step {step.op} is {act}, and no step of the routing has that act; "
            "name an act of the routing."
        )


def _check_whole_number(step: Step, name: str) -> None:
    value = step.params.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise _invalid(f"params.{name} of step {step.op} must be a whole number, not {value!r:.80}.")


def _invalid(info: str) -> InvalidParams:
    return InvalidParams("operations", info)
