"""The LS line: boards follow each other, so that an endpoint that scans nothing books the next one.

Which boards entered, and when, is read from what was recorded at the workplaces of the line; a line that has no such endpoint
pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from peewee import Query
from tracepro_items import api as items_api
from tracepro_items.api import Arrival, StepRequest
from tracepro_orders import api as orders_api
from tracepro_workplaces import api as workplaces_api

from tracepro import clock
from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, InvalidParams, Reason, Refused
from tracepro_hookspecs.records import Draft, Step
from tracepro_lines import lines, reasons
from tracepro_lines import models as m
from tracepro_lines.lines import StoredLine

MOST_PARAMS = 1000
PUT_PARAM = Insert(m.LsParam, keys=(m.LsParam.line_id, m.LsParam.name), update=(m.LsParam.value,))


class NextBoard(NamedTuple):
    """What was recorded on the next board, and the boards before it that could not take it."""

    op_id: int
    item_id: int
    barcode: str
    skipped: list[int]


class StepOfNext(NamedTuple):
    """The step that is to be recorded on the next board, where and by whom."""

    op: int | None
    act: int | None
    wp_id: int
    worker_ids: Sequence[int]


@statement
def params_of_line() -> Query:
    """The parameters of a line, by name."""
    query = m.LsParam.select(m.LsParam.name, m.LsParam.value).where(m.LsParam.line_id == p("line_id"))
    return query.order_by(m.LsParam.name)


def shown(call: Call, line: StoredLine) -> dict[str, Any]:
    """Return a line as an LS line, with its parameters."""
    return {"id": line.id, "name": line.name, "params": dict(call.db.rows(params_of_line, line_id=line.id))}


def set_param(call: Call, line: StoredLine, name: str, value: Any) -> dict[str, Any]:
    """Set a parameter of a locked line and return the line with all of them. Raises InvalidParams for too many."""
    before = shown(call, line)
    params = before["params"]
    if name not in params and len(params) >= MOST_PARAMS:
        info = f"Line {line.name} has {MOST_PARAMS} parameters, which is the most; set one of these."
        raise InvalidParams("name", info, rule="maxProperties")
    call.db.insert_many(PUT_PARAM, [{"line_id": line.id, "name": name, "value": value}])
    call.changed(f"line {line.id}", f"param {name}", params.get(name), value)
    return before | {"params": dict(sorted((params | {name: value}).items()))}


def history(call: Call, line: StoredLine) -> list[dict[str, Any]]:
    """Return the boards that entered a line within ``ls_max_wait_minutes``, in order of entry, with their steps there."""
    wp_ids, wait = lines.workplaces_of(call, line), _longest_wait(call)
    boards = items_api.arrivals(call, wp_ids, wait)
    steps = items_api.arrived_steps(call, wp_ids, wait, [board.item_id for board in boards])
    return [
        {
            "item_id": board.item_id,
            "barcode": board.barcode,
            "entered": clock.text(board.tm),
            "ops": steps.get(board.item_id, []),
        }
        for board in boards
    ]


def record_on_next(call: Call, line: StoredLine, wanted: StepOfNext, draft: Draft) -> NextBoard:
    """Record a step on the next board of a locked line: the first that entered, waits for the step and may do it.

    Boards go in order of entry, whatever their order. Raises ``workplace-not-found``, InvalidParams for a workplace of
    no machine of the line, and Refused (``no-next-board``).
    """
    if wanted.op is None and wanted.act is None:
        raise orders_api.no_step_named()
    wp_ids = lines.workplaces_of(call, line)
    workplace = workplaces_api.workplace(call, wanted.wp_id)
    if workplace.id not in wp_ids:
        raise reasons.workplace_not_on_line("wp_id", workplace, line.name)
    entered = items_api.arrivals(call, wp_ids, _longest_wait(call))
    waiting, steps = _waiting(call, entered, wanted)
    # Mostly the first goes, and its judgement is that of its booking; where it can't, all are judged as alternatives.
    for boards in (waiting[:1], waiting):
        boards, against = _judged(call, boards, steps, wanted, draft.tm1)
        chosen = next((n for n, board in enumerate(boards) if not against[board.item_id]), None)
        if chosen is not None:
            skipped = [board.item_id for board in boards[:chosen]]
            return _recorded(call, boards[chosen], skipped, wanted, draft)
    raise Refused([reasons.no_next_board(line.name, wanted.op, wanted.act, _first(boards, against))])


def _recorded(call: Call, board: Arrival, skipped: list[int], wanted: StepOfNext, draft: Draft) -> NextBoard:
    step = ((wanted.op, wanted.act),)
    request = StepRequest((board.item_id,), step, wanted.wp_id, wanted.worker_ids, draft)
    ((item_id, op_id),) = items_api.record_operations(call, request).ops
    return NextBoard(op_id, item_id, board.barcode, skipped)


def _waiting(
    call: Call, entered: Sequence[Arrival], wanted: StepOfNext
) -> tuple[list[Arrival], dict[int, Step]]:
    """Return the boards that wait for a step, in order of entry, and the step that is meant of each order."""
    steps = _steps_of_orders(call, {board.order_id for board in entered}, wanted)
    boards = [board for board in entered if board.order_id in steps]
    return _without_record(call, boards, steps), steps


def _judged(
    call: Call, boards: Sequence[Arrival], steps: Mapping[int, Step], wanted: StepOfNext, tm1: int
) -> tuple[list[Arrival], Mapping[int, list[Reason]]]:
    """Return those of some boards that still wait for a step, and what keeps each of them from it.

    They are locked by the question; what a scanner recorded meanwhile is seen after it. It only asks: the
    data goes with the one board that is chosen.
    """
    if not boards:
        return [], {}
    item_ids = [board.item_id for board in boards]
    request = StepRequest(item_ids, ((wanted.op, wanted.act),), wanted.wp_id, wanted.worker_ids, tm1=tm1)
    against = items_api.reasons_by_unit(call, request)
    return _without_record(call, boards, steps), against


def _steps_of_orders(call: Call, order_ids: set[int], wanted: StepOfNext) -> dict[int, Step]:
    """Return the step that is meant of each order whose routing has it."""
    orders = orders_api.orders(call, order_ids) if order_ids else {}
    steps = {
        number: orders_api.resolve_step(order, wanted.op, wanted.act) for number, order in orders.items()
    }
    return {number: step for number, step in steps.items() if isinstance(step, Step)}


def _without_record(call: Call, boards: Sequence[Arrival], steps: Mapping[int, Step]) -> list[Arrival]:
    ops = sorted({step.op for step in steps.values()})
    done = items_api.recorded_steps(call, [board.item_id for board in boards], ops)
    return [board for board in boards if (board.item_id, steps[board.order_id].op) not in done]


def _first(waiting: Sequence[Arrival], against: Mapping[int, list[Reason]]) -> str:
    """Return why the first board that waits can't go, a sentence; empty when none waits."""
    return against[waiting[0].item_id][0].info if waiting else ""


def _longest_wait(call: Call) -> int:
    minutes: float = call.option("lines", "ls_max_wait_minutes")
    return round(minutes * clock.MINUTE)
