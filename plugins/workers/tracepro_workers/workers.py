"""Looking workers up: one statement brings workers with their skills and where they are logged in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

import msgspec
from peewee import JOIN, Case, ModelSelect, Query

from tracepro import clock
from tracepro.database import list_rows, p, statement
from tracepro_hookspecs import Call, Row
from tracepro_hookspecs.records import Skill, Worker
from tracepro_workers import models as m
from tracepro_workers.reasons import worker_not_found

BIGGEST_ID = 2**63 - 1


class Presence(msgspec.Struct, frozen=True, gc=False):
    """A worker and since when (microseconds) logged in at the workplace that was asked for; None for not at all."""

    worker: Worker
    since: int | None


def _select_workers() -> ModelSelect[m.Worker]:
    """One row for each skill of a worker, one without a skill for a worker who has none."""
    worker, skill = m.Worker, m.Skill
    columns = (worker.id, worker.name, worker.code, worker.active, worker.esd_tm)
    joined = worker.select(*columns, skill.act, skill.level, skill.valid_to)
    joined = joined.join(skill, JOIN.LEFT_OUTER, on=(skill.worker == worker.id))
    return joined.order_by(worker.id, skill.act)


@statement
def workers_by_ids() -> Query:
    """Several workers in order of id."""
    return _select_workers().where(m.Worker.id.in_(p.integers("worker_ids")))


def _select_at_workplace() -> ModelSelect[m.Worker]:
    """Workers as above, each with the instant of the login at a workplace or null."""
    login = m.Login
    here = (login.worker == m.Worker.id) & (login.wp_id == p("wp_id"))
    return _select_workers().join(login, JOIN.LEFT_OUTER, on=here).select_extend(login.tm)


@statement
def worker_at_workplace() -> Query:
    """One worker with the login at a workplace."""
    return _select_at_workplace().where(m.Worker.id == p("worker_id"))


@statement
def workers_at_workplace() -> Query:
    """Several workers in order of id, each with the login at a workplace."""
    return _select_at_workplace().where(m.Worker.id.in_(p.integers("worker_ids")))


@statement
def worker_by_card() -> Query:
    """The worker with a card."""
    return _select_workers().where(m.Worker.card == p("card"))


@statement
def worker_by_text() -> Query:
    """The worker whom a text means: whose card it is, else whose login code, else whose id."""
    worker = m.Worker
    meant = (worker.card == p("text")) | (worker.code == p("text")) | (worker.id == p("worker_id"))
    rank = Case(None, [(worker.card == p("text"), 0), (worker.code == p("text"), 1)], 2)
    return _select_workers().where(meant).order_by(rank, worker.id, m.Skill.act)


@statement
def all_workers() -> Query:
    """All workers in order of id."""
    return _select_workers()


@statement
def lock_workers() -> Query:
    """Lock workers by id, so that two changes of one worker (logins, tests) come one after the other."""
    locked = m.Worker.select(m.Worker.id).where(m.Worker.id.in_(p.integers("worker_ids")))
    return locked.order_by(m.Worker.id).for_update()


def _record(rows: Sequence[Row]) -> Worker:
    worker_id, name, code, active, esd_tm, *_ = rows[0]
    skills = tuple(Skill(*row[5:8]) for row in rows if row[5] is not None)
    tested = None if esd_tm is None else clock.text(esd_tm)
    return Worker(worker_id, name, code or "", active, tested, skills)


def _rows_by_worker(rows: Iterable[Row]) -> dict[int, list[Row]]:
    return {worker_id: list(group) for worker_id, group in groupby(rows, itemgetter(0))}


def _records(rows: Iterable[Row]) -> list[Worker]:
    return [_record(group) for group in _rows_by_worker(rows).values()]


def presences(call: Call, worker_ids: Sequence[int], wp_id: int) -> list[Presence]:
    """Return those of the workers that exist, in the order asked, with their logins at a workplace."""
    if not worker_ids:
        return []
    if len(worker_ids) == 1:
        rows = call.db.rows(worker_at_workplace, worker_id=worker_ids[0], wp_id=wp_id)
        return [Presence(_record(rows), rows[0][-1])] if rows else []
    rows = call.db.rows(workers_at_workplace, worker_ids=list(worker_ids), wp_id=wp_id)
    found = {
        worker_id: Presence(_record(group), group[0][-1])
        for worker_id, group in _rows_by_worker(rows).items()
    }
    return [found[worker_id] for worker_id in dict.fromkeys(worker_ids) if worker_id in found]


def ask_ahead(call: Call, worker_ids: Sequence[int], wp_id: int) -> None:
    """Have workers asked for with the next statement, for :func:`presences`."""
    if len(worker_ids) == 1:
        call.db.ask_ahead(worker_at_workplace, worker_id=worker_ids[0], wp_id=wp_id)
    elif worker_ids:
        call.db.ask_ahead(workers_at_workplace, worker_ids=list(worker_ids), wp_id=wp_id)


def workers(call: Call, worker_ids: Sequence[int]) -> list[Worker]:
    """Return those of the workers that exist, in the order asked."""
    if not worker_ids:
        return []
    found = {
        worker.id: worker for worker in _records(call.db.rows(workers_by_ids, worker_ids=list(worker_ids)))
    }
    return [found[worker_id] for worker_id in dict.fromkeys(worker_ids) if worker_id in found]


def worker(call: Call, worker_id: int) -> Worker:
    """Return a worker by id. Raises ``worker-not-found``."""
    found = workers(call, [worker_id])
    if not found:
        raise worker_not_found(worker_id)
    return found[0]


def list_workers(call: Call) -> list[Worker]:
    """Return all workers in order of id."""
    return _records(list_rows(call, all_workers))


def active_workers(call: Call) -> list[Worker]:
    """Return all active workers in order of id, however many; for a look at the whole plant, not for an answer."""
    return [worker for worker in _records(call.db.rows(all_workers)) if worker.active]


def find_by_card(call: Call, card: str) -> Worker | None:
    """Return the worker who has this card, or None."""
    found = _records(call.db.rows(worker_by_card, card=card)) if card else []
    return found[0] if found else None


def find_by_text(call: Call, text: str) -> Worker | None:
    """Return the worker whose card a text is, else whose login code, else whose id without leading zeros, or None."""
    if not text:
        return None
    number = -1 if text.startswith("0") else id_in_digits(text)
    return next(iter(_records(call.db.rows(worker_by_text, text=text, worker_id=number))), None)


def id_in_digits(text: str) -> int:
    """Return the id that a text of digits reads like, leading zeros aside; -1, which no worker has, for any other."""
    digits = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    return int(digits) if 0 < len(digits) <= 19 and int(digits) <= BIGGEST_ID else -1
