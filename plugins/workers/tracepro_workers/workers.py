"""Looking workers up: one statement brings workers with their skills and where they are logged in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from peewee import JOIN, Case, Query

from tracepro import clock
from tracepro.database import list_rows, p, statement
from tracepro_hookspecs import Call, Row
from tracepro_hookspecs.records import Skill, Worker
from tracepro_workers import models as m
from tracepro_workers.reasons import worker_not_found

BIGGEST_ID = 2**63 - 1


class Presence(NamedTuple):
    """A worker and the last login: where, and since when in microseconds, both None without one."""

    worker: Worker
    wp_id: int | None
    since: int | None

    def is_at(self, wp_id: int, shift_start: int) -> bool:
        """Tell whether the worker is logged in at a workplace in the shift that began at ``shift_start``."""
        return self.wp_id == wp_id and self.since is not None and self.since >= shift_start


def _select_workers() -> Query:
    """One row for each skill of a worker, one without a skill for a worker who has none."""
    worker, login, skill = m.Worker, m.Login, m.Skill
    columns = (worker.id, worker.name, worker.code, worker.active, worker.esd_tm, login.wp_id, login.tm)
    joined = (
        worker.select(*columns, skill.act, skill.level, skill.valid_to)
        .join(login, JOIN.LEFT_OUTER, on=(login.worker == worker.id))
        .join(skill, JOIN.LEFT_OUTER, on=(skill.worker == worker.id))
    )
    return joined.order_by(worker.id, skill.act)


@statement
def workers_by_ids() -> Query:
    """Several workers in order of id."""
    return _select_workers().where(m.Worker.id.in_(p.integers("worker_ids")))


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
def lock_worker() -> Query:
    """Lock a worker, so that two changes of one worker (logins, tests) come one after the other."""
    return m.Worker.select(m.Worker.id).where(m.Worker.id == p("worker_id")).for_update()


def _record(rows: Sequence[Row]) -> Presence:
    worker_id, name, code, active, esd_tm, wp_id, since, *_ = rows[0]
    skills = tuple(Skill(*row[7:]) for row in rows if row[7] is not None)
    tested = None if esd_tm is None else clock.text(esd_tm)
    return Presence(Worker(worker_id, name, code or "", active, tested, skills), wp_id, since)


def _records(rows: Iterable[Row]) -> list[Presence]:
    return [_record(list(group)) for _, group in groupby(rows, itemgetter(0))]


def presences(call: Call, worker_ids: Sequence[int]) -> list[Presence]:
    """Return those of the workers that exist, in the order asked, with where they are logged in."""
    if not worker_ids:
        return []
    rows = call.db.rows(workers_by_ids, worker_ids=list(worker_ids))
    found = {presence.worker.id: presence for presence in _records(rows)}
    return [found[worker_id] for worker_id in dict.fromkeys(worker_ids) if worker_id in found]


def workers(call: Call, worker_ids: Sequence[int]) -> list[Worker]:
    """Return those of the workers that exist, in the order asked."""
    return [presence.worker for presence in presences(call, worker_ids)]


def worker(call: Call, worker_id: int) -> Worker:
    """Return a worker by id. Raises ``worker-not-found``."""
    found = workers(call, [worker_id])
    if not found:
        raise worker_not_found(worker_id)
    return found[0]


def list_workers(call: Call) -> list[Worker]:
    """Return all workers in order of id."""
    return [presence.worker for presence in _records(list_rows(call, all_workers))]


def find_by_card(call: Call, card: str) -> Worker | None:
    """Return the worker who has this card, or None."""
    found = _records(call.db.rows(worker_by_card, card=card)) if card else []
    return found[0].worker if found else None


def identify(call: Call, ident: int | str) -> Presence | None:
    """Return whom an identification means: a number is an id; a text is a card, a login code or an id in digits.

    The card goes first, then the login code, then the id, which is written without leading zeros.
    """
    if not isinstance(ident, str):
        return next(iter(presences(call, [int(ident)])), None)
    if not ident:
        return None
    rows = call.db.rows(
        worker_by_text, text=ident, worker_id=-1 if ident.startswith("0") else id_in_digits(ident)
    )
    return next(iter(_records(rows)), None)


def id_in_digits(text: str) -> int:
    """Return the id that a text of digits reads like, leading zeros aside; -1, which no worker has, for any other."""
    digits = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    return int(digits) if 0 < len(digits) <= 19 and int(digits) <= BIGGEST_ID else -1
