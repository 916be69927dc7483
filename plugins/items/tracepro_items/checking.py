"""Whether operations may be recorded: everything that may say no is asked, and every no is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, Reason, Refused
from tracepro_hookspecs.records import Draft, Order, Step, Worker, Workplace
from tracepro_items import components, data, firstpiece
from tracepro_items.work import Pairs, Work, survey
from tracepro_schemas import defs

HOOK = "tracepro_check_operations"


class Verdict(NamedTuple):
    """All reasons against, and who is there."""

    reasons: list[Reason]
    workplace: Workplace
    workers: Sequence[Worker]


def judge(
    call: Any, works: Sequence[Work], wp_id: int, worker_ids: Sequence[int], draft: Draft | None = None
) -> Verdict:
    """Collects every reason against the work at a workplace; raises ``workplace-not-found``."""
    place = workplaces_api.workplace(call, wp_id)
    found: list[Reason] = []
    workers: Sequence[Worker] = ()
    for work in works:
        found += work.reasons_against()
        workers, against = against_place(call, place, worker_ids, work.steps)
        found += against
        found += _of_features(call, work, wp_id, draft)
        found += of_plugins(call, work.order, work, place, workers, draft)
    return Verdict(found if len(works) == 1 else list(dict.fromkeys(found)), place, workers)


def against_place(
    call: Any, place: Workplace, worker_ids: Sequence[int], steps: Sequence[Step]
) -> tuple[Sequence[Worker], list[Reason]]:
    """Returns the workers that exist, and what workplace and workers have against the steps."""
    found = workplaces_api.reasons_against(call, place, steps)
    workers, against = workers_api.reasons_against(call, worker_ids, place, steps)
    return workers, found + against


def _of_features(call: Any, work: Work, wp_id: int, draft: Draft | None) -> list[Reason]:
    first = [step for step in work.steps if step.flags & defs.STEP_F_FIRST_PIECE]
    found = firstpiece.reasons_against(call, work.order, work.units, first, wp_id) if first else []
    built = data.of_components(draft.data) if draft is not None and draft.data else []
    return found + components.reasons_against(call, work.units, built) if built else found


def of_plugins(
    call: Any, order: Order, work: Work | None, place: Workplace, workers: Sequence[Worker], draft: Draft | None,
    steps: Sequence[Step] | None = None,
) -> list[Reason]:  # fmt: skip
    """Asks the plugins; ``work`` is None, and ``steps`` given, when no unit is meant."""
    if not call.hooks.has(HOOK):
        return []
    return call.hooks.check(
        HOOK, order=order, items=work.items if work else (), steps=tuple(work.steps if work else steps or ()),
        workplace=place, workers=tuple(workers), draft=draft,
    )  # fmt: skip


def check_operations(
    call: Any, item_ids: Sequence[int], pairs: Pairs, wp_id: int, worker_ids: Sequence[int]
) -> list[Reason]:
    """Says why the units may not do the steps that ``pairs`` of op and act pick; empty means they may.

    Raises NotFound for an unknown unit or workplace. Nothing is written.
    """
    works, _ = survey(call, item_ids, pairs)
    return judge(call, works, wp_id, worker_ids).reasons


def check_process(
    call: Any, order_id: int, pairs: Pairs, wp_id: int, worker_ids: Sequence[int]
) -> tuple[list[Reason], dict[str, Any]]:
    """Says why the steps may not be done here on any unit of an order, and what plugins show about them."""
    order = orders_api.order(call, order_id)
    place = workplaces_api.workplace(call, wp_id)
    steps, unresolved = orders_api.steps_of(order, pairs)
    found = [] if order.status == defs.ORDER_ST_ACTIVE else [orders_api.not_active(order)]
    workers, against = against_place(call, place, worker_ids, steps)
    found += unresolved + against + of_plugins(call, order, None, place, workers, None, steps)
    shown = call.hooks.collect(
        "tracepro_op_info", order=order, steps=tuple(steps), workplace=place, workers=tuple(workers)
    )
    return found, shown


def require_workers_at(call: Call, wp_id: int, worker_ids: Sequence[int]) -> None:
    """Refuse what is asked from a workplace that doesn't exist or by workers who may not work there.

    A blocked workplace may still mark units and take bookings back: it is often blocked because of them.
    """
    workplace = workplaces_api.workplace(call, wp_id)
    _, against = workers_api.reasons_against(call, worker_ids, workplace, ())
    if against:
        raise Refused(against)


def check_answer(reasons: Sequence[Reason], **more: Any) -> dict[str, Any]:
    """Return the answer of a method that checks: ``ok``, all reasons, and what else it has to show."""
    return {"ok": not reasons, "reasons": reasons, **more}
