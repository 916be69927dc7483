"""Looking workers up: one statement brings workers with their skills and where they are logged in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import JOIN

from tracepro import clock
from tracepro.database import Statement, p
from tracepro_hookspecs import NotFound
from tracepro_hookspecs.records import Skill, Worker
from tracepro_workers import models as m

BIGGEST_ID = 2**63 - 1


class Present(NamedTuple):
    """A worker and where he logged in last: ``wp_id`` is None when he didn't, ``since`` is in microseconds."""

    worker: Worker
    wp_id: int | None
    since: int | None


def _query() -> Any:
    who, login, skill = m.Worker, m.Login, m.Skill
    columns = (who.id, who.name, who.code, who.active, who.esd_tm, login.wp_id, login.tm)
    joined = (
        who.select(*columns, skill.act, skill.level, skill.valid_to)
        .join(login, JOIN.LEFT_OUTER, on=(login.worker == who.id))
        .join(skill, JOIN.LEFT_OUTER, on=(skill.worker == who.id))
    )
    return joined.order_by(who.id, skill.act)


BY_IDS = Statement(lambda: _query().where(m.Worker.id.in_(p.integers("worker_ids"))))
BY_CARD = Statement(lambda: _query().where(m.Worker.card == p("card")))
BY_TEXT = Statement(lambda: (
    _query().where((m.Worker.card == p("text")) | (m.Worker.code == p("text")) | (m.Worker.id == p("number")))
))  # fmt: skip
ALL = Statement(_query)


def _present(rows: Sequence[tuple]) -> Present:
    number, name, code, active, esd_tm, wp_id, since, *_ = rows[0]
    skills = tuple(Skill(*row[7:]) for row in rows if row[7] is not None)
    tested = None if esd_tm is None else clock.text(esd_tm)
    return Present(Worker(number, name, code or "", active, tested, skills), wp_id, since)


def _all_present(rows: Iterable[tuple]) -> list[Present]:
    return [_present(list(group)) for _, group in groupby(rows, itemgetter(0))]


def present(call: Any, worker_ids: Sequence[int]) -> list[Present]:
    """Returns those of the workers that exist, in the order asked, with where they are logged in."""
    if not worker_ids:
        return []
    found = {who.worker.id: who for who in _all_present(call.db.rows(BY_IDS, worker_ids=list(worker_ids)))}
    return [found[number] for number in dict.fromkeys(worker_ids) if number in found]


def workers(call: Any, worker_ids: Sequence[int]) -> list[Worker]:
    """Returns those of the workers that exist, in the order asked."""
    return [who.worker for who in present(call, worker_ids)]


def worker(call: Any, worker_id: int) -> Worker:
    """Returns a worker by its id; raises ``worker-not-found``."""
    found = workers(call, [worker_id])
    if not found:
        raise NotFound("worker-not-found", f"There is no worker {worker_id}; import him with the plant file.")
    return found[0]


def every(call: Any) -> list[Worker]:
    """Returns all workers in order of id."""
    return [who.worker for who in _all_present(call.db.rows(ALL))]


def by_card(call: Any, card: str) -> Worker | None:
    """Returns the worker who has this card, or None."""
    found = _all_present(call.db.rows(BY_CARD, card=card)) if card else []
    return found[0].worker if found else None


def identify(call: Any, ident: int | str) -> Present | None:
    """Returns who an identification means: a number is an id; a text is a card, a login code or an id in digits.

    No two workers answer to one text: the import and setworkercard refuse it.
    """
    if not isinstance(ident, str):
        return next(iter(present(call, [int(ident)])), None)
    if not ident:
        return None
    return next(iter(_all_present(call.db.rows(BY_TEXT, text=ident, number=number_in(ident)))), None)


def number_in(text: str) -> int:
    """Returns the id a text of digits means; -1, which no worker has, for any other text."""
    digits = text.isascii() and text.isdigit() and len(text) <= 19
    return int(text) if digits and int(text) <= BIGGEST_ID else -1
