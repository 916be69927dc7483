"""Cards and login codes: each text means one worker only, and none reads like another worker's id."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from peewee import Query, fn

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
    """The workers with one of these cards or codes, or with one of these ids."""
    worker, texts = m.Worker, p.texts("texts")
    owned = worker.card.in_(texts) | worker.code.in_(texts) | worker.id.in_(p.integers("numbers"))
    return worker.select(worker.id, worker.name, worker.card, worker.code).where(owned).order_by(worker.id)


@statement
def owners_of_digits() -> Query:
    """The workers whose card or code is one of these digits, with or without leading zeros."""
    worker, digits = m.Worker, p.texts("digits")
    owned = [
        text.in_(digits) | ((text >= "0") & (text < "1") & fn.LTRIM(text, "0").in_(digits))
        for text in (worker.card, worker.code)
    ]
    columns = worker.select(worker.id, worker.name, worker.card, worker.code)
    return columns.where(owned[0] | owned[1]).order_by(worker.id)


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


def require_free(call: Call, wanted: Sequence[tuple[int | None, str]]) -> None:
    """Raise ``card-in-use`` when a card or code is another worker's, or reads like another's id, leading zeros aside.

    ``wanted`` are who is to have it, None for a worker who has no id yet, and the text of each.
    """
    texts = [text for _, text in wanted]
    owners: dict[int | str | None, tuple[int, str]] = {}
    numbers = [number for text in texts if (number := id_in_digits(text)) > 0]
    for owner_id, name, *own in call.db.rows(owners_of_texts, texts=texts, numbers=numbers) if texts else ():
        owners |= dict.fromkeys((owner_id, *own), (owner_id, name))
    for worker_id, text in wanted:
        for owner_id, name in filter(None, (owners.get(text), owners.get(id_in_digits(text)))):
            if owner_id != worker_id:
                raise card_in_use(worker_id, owner_id, name)


def require_ids_free(call: Call, worker_ids: Collection[int]) -> None:
    """Raise ``card-in-use`` when an id reads like another worker's card or code, leading zeros aside."""
    digits = [str(worker_id) for worker_id in worker_ids]
    for owner_id, name, *texts in call.db.rows(owners_of_digits, digits=digits) if digits else ():
        for number in (id_in_digits(text) for text in texts if text is not None):
            if number in worker_ids and number != owner_id:
                raise card_in_use(number, owner_id, name)


def set_card(call: Call, worker_id: int, card: str, name: str) -> Worker:
    """Give a worker a card, or take it away with "", and return the worker.

    An unknown worker is created, as ``Worker 17`` without a name.
    """
    call.db.rows(lock_first_worker)
    if not workers(call, [worker_id]):
        create(call, worker_id, name or f"Worker {worker_id}")
    if card:
        require_free(call, [(worker_id, card)])
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
    require_ids_free(call, {worker_id})
