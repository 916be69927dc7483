"""What each worker worked on: written with the operations, so that a shift is read without the history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import Case, Query, Select, Value, fn
from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api

from tracepro import clock
from tracepro.amounts import to_number
from tracepro.database import Insert, p, statement
from tracepro_erp import models as m
from tracepro_hookspecs import Call, Row
from tracepro_hookspecs.records import Draft, Operation, Step

NEW = Insert(m.Work)
KEPT = 8 * clock.DAY
"""Longer than any shift, and than a booking may lie ahead."""
PURGE_EVERY = 1000
LOOKED_THROUGH = 2000
MILLISECOND = clock.SECOND // 1000
WorkRow = dict[str, Any]


@statement
def work_of_shift() -> Query:
    """What a worker did between two moments, by order and step, and by which part of its batch's time it took."""
    work, weight = m.Work, fn.SUM(m.Work.weight)
    step = (work.order_id, work.op, work.act)
    of_batches = (
        work.select(
            *step,
            fn.SUM(work.count).alias("units"),
            weight.alias("weight"),
            fn.MAX(work.micros).alias("micros"),
            fn.SUM(weight).over(partition_by=[work.batch]).alias("whole"),
        )
        .where(work.worker_id == p("worker_id"), work.tm1 >= p("start"), work.tm1 < p("end"))
        .group_by(work.batch, *step)
        .having(weight > Value(0))
    )
    of = of_batches.c
    step = (of.order_id, of.op, of.act)
    part = (of.weight.cast("bigint"), of.whole.cast("bigint"))
    sums = (fn.SUM(of.units).cast("bigint"), fn.SUM(of.micros).cast("bigint"))
    return Select([of_batches], [*step, *part, *sums]).group_by(*step, of.weight, of.whole).order_by(*step)


@statement
def take_off() -> Query:
    """Take an operation off the work that it was part of; its end is known to the millisecond."""
    work = m.Work
    alone = work.first_op == work.last_op
    less = {column: Case(None, [(alone, 0)], column - 1) for column in (work.count, work.weight)}
    of_worker = (
        work.worker_id.in_(p.integers("worker_ids")) & (work.tm1 >= p("begin")) & (work.tm1 < p("end"))
    )
    of_step = (work.order_id == p("order_id")) & (work.op == p("op"))
    part = (work.first_op <= p("op_id")) & (work.last_op >= p("op_id"))
    return work.update(less).where(of_worker, of_step, part)


@statement
def oldest_work() -> Query:
    """The rows that were written first; those that somebody deletes already are left to him."""
    rows = m.Work.select(m.Work.id, m.Work.tm1).order_by(m.Work.id).limit(LOOKED_THROUGH)
    return rows.where(m.Work.id > 0).for_update("FOR UPDATE SKIP LOCKED")  # type: ignore[arg-type]  # as peewee's stubs don't know


@statement
def delete_work() -> Query:
    """Delete rows."""
    return m.Work.delete().where(m.Work.id.in_(p.integers("ids")))


def note_operations(
    call: Call, operations: Sequence[Operation], counted: Sequence[int], batch: int, draft: Draft
) -> None:
    """Note what the workers of recorded operations did: each of them the whole time, a batch's once.

    It is the time between the begin and the end that answers show, which have milliseconds.
    """
    workers = operations[0].workers
    if workers:
        parts = _parts(operations, counted)
        begin, end = (moment - moment % MILLISECOND for moment in (draft.tm0, draft.tm1))
        same = {"tm1": draft.tm1, "micros": end - begin, "batch": batch}
        _write(call, [{**part, **same, "worker_id": worker} for part in parts for worker in workers])


def _parts(operations: Sequence[Operation], counted: Sequence[int]) -> list[WorkRow]:
    """Return the operations of a call by step, single units together: the rest of the row is the same for all."""
    rows: list[WorkRow] = []
    together: dict[tuple[int, int], WorkRow] = {}
    for operation, count in zip(operations, counted, strict=True):
        key = operation.op, operation.act
        if count == 1 and key in together:
            row = together[key]
            row |= {"last_op": operation.id, "count": row["count"] + 1, "weight": row["weight"] + 1}
            continue
        row = {
            "order_id": operation.order_id,
            "op": operation.op,
            "act": operation.act,
            "first_op": operation.id,
            "last_op": operation.id,
            "count": count,
            "weight": max(count, 1),
        }
        rows.append(row)
        if count == 1:
            together[key] = row
        else:  # no row spans another one's operations, by which take_off finds it
            together.pop(key, None)
    return rows


def note_time(
    call: Call, order_id: int, step: Step, worker_ids: Sequence[int], micros: int, entry_id: int
) -> None:
    """Note a time that was reported for workers now."""
    row = {
        "tm1": call.now,
        "micros": micros,
        "order_id": order_id,
        "op": step.op,
        "act": step.act,
        "batch": -entry_id,
        "first_op": None,
        "last_op": None,
        "count": 0,
        "weight": 1,
    }
    if worker_ids:
        _write(call, [{**row, "worker_id": worker_id} for worker_id in worker_ids])


def take_back(call: Call, operation: Operation) -> None:
    """Leave a cancelled operation out of what its workers did."""
    if operation.workers:
        begin = clock.parse(operation.tm1, call.zone)
        call.db.run(
            take_off,
            worker_ids=list(operation.workers),
            begin=begin,
            end=begin + MILLISECOND,
            order_id=operation.order_id,
            op=operation.op,
            op_id=operation.id,
        )


def _write(call: Call, rows: Sequence[WorkRow]) -> None:
    ids = call.db.insert_many(NEW, rows)
    if ids[-1] % PURGE_EVERY < len(ids):
        _purge(call)


def _purge(call: Call) -> None:
    """Delete what is older than any shift, now and then, so that the table stays small without anybody's help."""
    old = [row_id for row_id, tm1 in call.db.rows(oldest_work) if tm1 < call.now - KEPT]
    if old:
        call.db.run(delete_work, ids=old)


def of_shift(call: Call, worker_id: int) -> dict[str, Any]:
    """Return what a worker did in the shift that runs now, by order and step. Raises ``worker-not-found``."""
    workers_api.worker(call, worker_id)
    start, end = workers_api.shift_at(call, call.now)
    rows = call.db.rows(work_of_shift, worker_id=worker_id, start=start, end=end)
    orders = orders_api.references(call, {row[0] for row in rows})
    work = [
        {
            "order_id": order_id,
            "erp_ref": orders[order_id].erp_ref,
            "op": op,
            "act": act,
            "count": count,
            "seconds": to_number(micros),
        }
        for (order_id, op, act), (count, micros) in _by_step(rows).items()
    ]
    return {"shift": {"start": clock.text(start), "end": clock.text(end)}, "work": work}


def _by_step(rows: Sequence[Row]) -> dict[tuple[int, int, int], tuple[int, int]]:
    """Return units and time by order and step; here, for databases divide whole numbers differently."""
    steps: dict[tuple[int, int, int], tuple[int, int]] = {}
    for order_id, op, act, weight, whole, units, micros in rows:
        count, spent = steps.get((order_id, op, act), (0, 0))
        share = (2 * micros * weight + whole) // (2 * whole)
        steps[order_id, op, act] = count + units, spent + share
    return steps
