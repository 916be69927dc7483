"""A straightforward server: Flask under gunicorn's gthread, peewee models, a prebuilt validator, one transaction a call.

It does what an addop does on the same tables: the unit, its order and route, the workplace and the worker are
looked up and checked; operation, data, state and count are written, and an audit row. It has no access rules, no
hooks, no plugins and no idempotency. Run as ``python -m gunicorn 'benchmarks.contenders.naive:application()'`` with
``NAIVE_DATABASE`` naming a SQLite file.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

import jsonschema
from flask import Flask, Response, request
from peewee import SqliteDatabase
from tracepro_items.models import Data, Operation, State, Tally, Unit
from tracepro_orders.models import Order
from tracepro_workers.models import Worker
from tracepro_workplaces.models import Workplace

from tracepro.database.core_models import Audit

PARAMS = {
    "type": "object",
    "required": ["item_id", "op", "act", "wp_id", "workers"],
    "properties": {
        "item_id": {"type": "integer"},
        "op": {"type": ["integer", "null"]},
        "act": {"type": ["integer", "null"]},
        "wp_id": {"type": "integer"},
        "workers": {"type": "array", "items": {"type": "integer"}},
        "result": {"type": "integer"},
        "data": {"type": "array"},
    },
    "additionalProperties": False,
}
VALIDATOR = jsonschema.Draft202012Validator(PARAMS)
MODELS = [Unit, Order, Workplace, Worker, Operation, Data, State, Tally, Audit]


class Refused(Exception):
    """A rule says no."""


def application() -> Flask:
    """Make the WSGI application."""
    database = SqliteDatabase(
        os.environ["NAIVE_DATABASE"],
        timeout=60,
        pragmas={"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "cache_size": -65536},
    )
    database.bind(MODELS)
    app = Flask("naive")

    @app.post("/api/")
    def api() -> Response:
        call = request.get_json()
        answer: dict[str, Any]
        try:
            with database.connection_context(), database.atomic("IMMEDIATE"):
                answer = {"result": addop(call["params"])}
        except Refused as error:
            answer = {"error": {"code": 1000, "message": str(error)}}
        return Response(
            json.dumps({"jsonrpc": "2.0", "id": call["id"], **answer}), content_type="application/json"
        )

    return app


def addop(params: dict[str, Any]) -> dict[str, int]:
    """Check and record an operation."""
    VALIDATOR.validate(params)
    unit = Unit.get_by_id(params["item_id"])
    order = Order.get_by_id(unit.order_id)
    step = next(step for step in json.loads(order.operations) if step["op"] == params["op"])
    workplace = Workplace.get_by_id(params["wp_id"])
    workers = list(Worker.select().where(Worker.id.in_(params["workers"])))
    done = {state.op: state for state in State.select().where(State.item_id == unit.id)}
    _check(order, unit, step, workplace, workers, done)
    now = time.time_ns() // 1000
    operation = Operation.create(
        item_id=unit.id,
        order_id=order.id,
        op=step["op"],
        act=step["act"],
        name=step["name"],
        wp_id=workplace.id,
        workers=params["workers"],
        tm0=now,
        tm1=now,
        recorded=now,
        result=params.get("result", 0),
    )
    for tp, key, value in params.get("data", []):
        Data.create(op_id=operation.id, tp=tp, key=key, value=value)
    State.insert(item_id=unit.id, op=step["op"], result=operation.result, op_id=operation.id).execute()
    _count(order.id, step["op"])
    Audit.create(
        tm=now,
        caller="naive",
        worker="",
        wp_id=workplace.id,
        method="addop",
        params=json.dumps(params),
        changes="[]",
        request_id="",
    )
    return {"op_id": operation.id}


def _check(
    order: Order,
    unit: Unit,
    step: dict[str, Any],
    workplace: Workplace,
    workers: list[Worker],
    done: dict[int, State],
) -> None:
    if order.status != 1 or unit.bad or workplace.block_tm is not None:
        raise Refused("The order, the unit or the workplace is not fit for it.")
    if step["op"] in done or any(not worker.active for worker in workers):
        raise Refused("It is done already, or a worker is not active.")
    before = [other["op"] for other in json.loads(order.operations) if other["op"] < step["op"]]
    if any(op not in done or done[op].result for op in before):
        raise Refused("A step before is missing.")


def _count(order_id: int, op: int) -> None:
    changed = (
        Tally.update(good=Tally.good + 1).where((Tally.order_id == order_id) & (Tally.op == op)).execute()
    )
    if not changed:
        Tally.create(order_id=order_id, op=op, good=1)
