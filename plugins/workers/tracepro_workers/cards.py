"""Cards and login codes: each text means one worker only, and none reads like another worker's id."""

from __future__ import annotations

from peewee import Query

from tracepro.database import p, statement
from tracepro.database.upsert import BIGGEST_GIVEN_ID, Upsert
from tracepro_hookspecs import Call, InvalidParams
from tracepro_hookspecs.records import Worker
from tracepro_schemas import defs
from tracepro_workers import models as m
from tracepro_workers.reasons import card_in_use
from tracepro_workers.worker_log import log_action
from tracepro_workers.workers import id_in_digits, worker, workers

UPSERT_WORKER = Upsert(m.Worker, "worker", unique=False, own=("code", "card"))


@statement
def owners_of_texts() -> Query:
    """Id and name of the workers with one of these cards or codes, or with this id."""
    worker, texts = m.Worker, p.texts("texts")
    owned = worker.card.in_(texts) | worker.code.in_(texts) | (worker.id == p("worker_id"))
    return worker.select(worker.id, worker.name).where(owned).order_by(worker.id)


@statement
def lock_first_worker() -> Query:
    """Lock one row that all calls agree on: two that give out cards at once could give out the same one."""
    return m.Worker.select(m.Worker.id).order_by(m.Worker.id).limit(1).for_update()


@statement
def card_of_worker() -> Query:
    """The card of a worker, locked."""
    return m.Worker.select(m.Worker.card).where(m.Worker.id == p("worker_id")).for_update()


@statement
def update_card() -> Query:
    """Change the card of a worker; null is none."""
    return m.Worker.update(card=p("text")).where(m.Worker.id == p("worker_id"))


def require_free(call: Call, text: str, worker_id: int | None) -> None:
    """Raise ``card-in-use`` when a card or code is another worker's, or reads like another's id, leading zeros aside.

    None is a worker who has no id yet.
    """
    _require_no_other(call, [text], id_in_digits(text), worker_id)


def require_id_free(call: Call, worker_id: int) -> None:
    """Raise ``card-in-use`` when an id reads like another worker's card or code, leading zeros aside."""
    digits = str(worker_id)
    _require_no_other(call, [digits.zfill(width) for width in range(len(digits), 256)], worker_id, worker_id)


def _require_no_other(call: Call, texts: list[str], number: int, worker_id: int | None) -> None:
    for owner_id, owner in call.db.rows(owners_of_texts, texts=texts, worker_id=number):
        if owner_id != worker_id:
            raise card_in_use(worker_id, owner_id, owner)


def set_card(call: Call, worker_id: int, card: str, name: str) -> Worker:
    """Give a worker a card, or take it away with "", and return the worker.

    An unknown worker is created, as ``Worker 17`` without a name.
    """
    call.db.rows(lock_first_worker)
    if not workers(call, [worker_id]):
        create(call, worker_id, name or f"Worker {worker_id}")
    if card:
        require_free(call, card, worker_id)
    before, after = call.db.value(card_of_worker, worker_id=worker_id), card or None
    call.db.run(update_card, worker_id=worker_id, text=after)
    call.changed(f"worker {worker_id}", "card", before, after, hidden=True)
    log_action(call, worker_id, None, defs.WWL_CARD)
    return worker(call, worker_id)


def create(call: Call, worker_id: int, name: str) -> None:
    """Create a worker with this id.

    Raises InvalidParams for an id that can't be given, and ``card-in-use`` when it reads like somebody's card or code.
    """
    if not 1 <= worker_id <= BIGGEST_GIVEN_ID:
        info = f"Worker {worker_id} can't be made: new ids go from 1 to {BIGGEST_GIVEN_ID}."
        raise InvalidParams("worker_id", info)
    UPSERT_WORKER.put(call, worker_id, {"name": name})
    require_id_free(call, worker_id)
