"""Whether steps may be done: everything that may say no is asked, and every no is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_items import components, data, firstpiece, op_info
from tracepro_items.order_units import OrderUnits, gather, no_units
from tracepro_items.step_request import StepRequest
from tracepro_schemas import defs

CHECK = "tracepro_check_operations"


def ask_ahead(call: Call, request: StepRequest) -> None:
    """Have workplace and workers asked behind the units, for :func:`reasons_against`."""
    workplaces_api.ask_ahead(call, request.wp_id)
    workers_api.ask_ahead(call, request.worker_ids, request.wp_id)


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
    tm = request.ended(call.now)
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
    if call.db.asks_ahead:
        ask_ahead(call, request)
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
