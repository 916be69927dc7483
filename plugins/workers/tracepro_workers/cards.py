"""Cards and login codes: each text means one worker only, and none reads like another worker's id."""

from __future__ import annotations

from peewee import Query

from tracepro.database import p, statement
from tracepro.database.upsert import Upsert
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Worker
from tracepro_schemas import defs
from tracepro_workers import models as m
from tracepro_workers.log import log
from tracepro_workers.reasons import card_in_use
from tracepro_workers.workers import id_in, worker, workers

PUT = Upsert(m.Worker, "worker", unique=False, hidden=("code", "card"))


@statement
def owners_of_text() -> Query:
    """The workers whose card, login code or id a text is."""
    return m.Worker.select(m.Worker.id, m.Worker.name).where(
        (m.Worker.card == p("text")) | (m.Worker.code == p("text")) | (m.Worker.id == p("number"))
    )


@statement
def lock_cards() -> Query:
    """The first worker, locked: whoever gives out a card waits for others who do, or both could give the same one."""
    return m.Worker.select(m.Worker.id).order_by(m.Worker.id).limit(1).for_update()


@statement
def card_for_update() -> Query:
    """The card of a worker, locked."""
    return m.Worker.select(m.Worker.card).where(m.Worker.id == p("worker_id")).for_update()


@statement
def update_card() -> Query:
    """Change the card of a worker."""
    return m.Worker.update(card=p("card")).where(m.Worker.id == p("worker_id"))


def require_free(call: Call, text: str, worker_id: int) -> None:
    """Raise ``card-in-use`` when a card, code or id means another worker already."""
    for number, name in call.db.rows(owners_of_text, text=text, number=id_in(text)):
        if number != worker_id:
            raise card_in_use(worker_id, f"{name} (worker {number})")


def set_card(call: Call, worker_id: int, card: str, name: str) -> Worker:
    """Give a worker a card, "" takes it away; creates a worker who is unknown, as ``Worker 17`` without a name."""
    call.db.rows(lock_cards)
    if not workers(call, [worker_id]):
        create(call, worker_id, name or f"Worker {worker_id}")
    if card:
        require_free(call, card, worker_id)
    had = call.db.value(card_for_update, worker_id=worker_id) is not None
    call.db.run(update_card, worker_id=worker_id, card=card or None)
    call.changed(f"worker {worker_id}", "has_card", had, bool(card))
    log(call, worker_id, None, defs.WWL_CARD)
    return worker(call, worker_id)


def create(call: Call, worker_id: int, name: str) -> None:
    """Create a worker with this id. Raises ``card-in-use`` when the id reads like somebody's card or code."""
    PUT.put(call, worker_id, {"name": name})
    require_free(call, str(worker_id), worker_id)
