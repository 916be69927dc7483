"""Cards and login codes: each text means one worker only, and none reads like another worker's id."""

from __future__ import annotations

from typing import Any

from tracepro.database import Statement, p
from tracepro.database.upsert import Upsert
from tracepro_hookspecs import Conflict
from tracepro_hookspecs.records import Worker
from tracepro_schemas import defs
from tracepro_workers import models as m
from tracepro_workers.log import log
from tracepro_workers.workers import number_in, worker, workers

PUT = Upsert(m.Worker, "worker", unique=False, hidden=("code", "card"))
MEANT = Statement(lambda: (
    m.Worker.select(m.Worker.id, m.Worker.name)
    .where((m.Worker.card == p("text")) | (m.Worker.code == p("text")) | (m.Worker.id == p("number")))
))  # fmt: skip
# Who gives out a card waits for whoever does the same, or both could give the same one.
TURN = Statement(lambda: m.Worker.select(m.Worker.id).order_by(m.Worker.id).limit(1).for_update())
CARD_OF = Statement(lambda: m.Worker.select(m.Worker.card).where(m.Worker.id == p("worker_id")).for_update())
SET = Statement(lambda: m.Worker.update(card=p("card")).where(m.Worker.id == p("worker_id")))


def must_be_free(call: Any, text: str, worker_id: int) -> None:
    """Raises ``card-in-use`` when a card, code or id means another worker already."""
    for number, name in call.db.rows(MEANT, text=text, number=number_in(text)):
        if number != worker_id:
            raise _in_use(worker_id, f"{name} (worker {number})")


def set_card(call: Any, worker_id: int, card: str, name: str) -> Worker:
    """Gives a worker a card, "" takes it away; creates a worker who is unknown, as ``Worker 17`` without a name."""
    call.db.rows(TURN)
    if not workers(call, [worker_id]):
        create(call, worker_id, name or f"Worker {worker_id}")
    if card:
        must_be_free(call, card, worker_id)
    had = call.db.value(CARD_OF, worker_id=worker_id) is not None
    call.db.run(SET, worker_id=worker_id, card=card or None)
    call.changed(f"worker {worker_id}", "has_card", had, bool(card))
    log(call, worker_id, None, defs.WWL_CARD)
    return worker(call, worker_id)


def create(call: Any, worker_id: int, name: str) -> None:
    """Creates a worker with this id; raises ``card-in-use`` when the id reads like somebody's card or code."""
    PUT.put(call, worker_id, {"name": name})
    must_be_free(call, str(worker_id), worker_id)


def _in_use(worker_id: int, owner: str) -> Conflict:
    info = (
        f"The card, code or id given to worker {worker_id} means {owner} already; take it away there first."
    )
    return Conflict("card-in-use", info)
