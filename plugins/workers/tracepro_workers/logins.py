"""Logging in and out: one login a worker at a time, at one workplace or at several of one line.

It ends, at all of them, with a login elsewhere, with a LOGOUT action at one of them, or with the shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from peewee import Query

from tracepro.access.attempts import Attempts
from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, CallError, InvalidParams, Reason, Refused, Row
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_schemas import defs
from tracepro_workers import esd, skills
from tracepro_workers import models as m
from tracepro_workers.identification import identify
from tracepro_workers.reasons import nobody_found, worker_inactive, worker_not_found
from tracepro_workers.shifts import shift_at
from tracepro_workers.worker_log import log_action, log_actions, log_row
from tracepro_workers.workers import lock_workers, workers

NEW_LOGIN = Insert(m.Login)
Thing = TypeVar("Thing")


class NamedWorker(NamedTuple):
    """Who is logged in somewhere."""

    id: int
    name: str


@statement
def logins_of_worker() -> Query:
    """Workplaces and instants of a worker's login."""
    login = m.Login
    return login.select(login.wp_id, login.tm).where(login.worker == p("worker_id")).order_by(login.wp_id)


@statement
def delete_logins() -> Query:
    """End the login of a worker, wherever it is."""
    return m.Login.delete().where(m.Login.worker == p("worker_id"))


@statement
def workers_logged_in() -> Query:
    """Who has been logged in at which of the workplaces in the shift, in order of id."""
    login, worker = m.Login, m.Worker
    in_shift = (login.tm >= p("start")) & (login.tm < p("end"))
    here = login.wp_id.in_(p.integers("wp_ids")) & in_shift
    joined = login.select(login.wp_id, worker.id, worker.name).join(worker, on=(worker.id == login.worker))
    return joined.where(here).order_by(worker.id)


def log_in(attempts: Attempts, call: Call, ident: int | str, workplace: Workplace | None) -> dict[str, Any]:
    """Log a worker in and return who it is; without a workplace nothing changes but the worker log.

    Raises NotFound for nobody and Refused with all reasons. Every login is logged, refused ones too (in a transaction of their own).
    """
    worker = _identified(attempts, call, ident, workplace)
    places = [workplace] if workplace is not None else []
    _require_allowed(call, [worker], places)
    if workplace is None:
        log_action(call, worker.id, None, defs.WWL_LOGIN)
        call.notify("tracepro_worker_logged_in", worker=worker, workplace=None)
    else:
        _move(call, [worker], places)
    return _answer(call, worker, workplace)


def log_in_workers(call: Call, worker_ids: Sequence[int], workplaces: Sequence[Workplace]) -> list[Worker]:
    """Log workers in at several workplaces of one line at once, and return them.

    Each worker's login from before ends. What is checked at a login is checked for every worker at every workplace;
    all log in or none. Raises ``worker-not-found``, Refused with all reasons, and InvalidParams (``wp_ids``) for
    workplaces that don't stand on one line.
    """
    if not workplaces:
        raise InvalidParams("wp_ids", "Name the workplaces where the workers log in: none is given.")
    _require_one_line(workplaces)
    found = workers(call, worker_ids)
    missing = set(worker_ids) - {worker.id for worker in found}
    if missing:
        error = worker_not_found(min(missing))
        _log_refusals(call, [None], workplaces, [error.code])
        raise error
    _require_allowed(call, found, workplaces)
    _move(call, found, workplaces)
    return found


def log_out(call: Call, worker_id: int, wp_id: int | None) -> None:
    """End a worker's login if it holds at a workplace; when none is given wherever it is, if the caller may work there.

    It ends at all its workplaces; at those that the caller didn't name that is logged here.
    """
    call.db.rows(lock_workers, worker_ids=[worker_id])
    before = call.db.rows(logins_of_worker, worker_id=worker_id)
    wp_ids = [place for place, _ in before]
    if not before or (wp_id is not None and wp_id not in wp_ids):
        return
    for place in wp_ids:
        call.require_line_of("wp_id", place)
    _log_departures(call, worker_id, before, [wp_id], "logged out")
    call.db.run(delete_logins, worker_id=worker_id)
    call.changed(f"worker {worker_id}", "wp_id", _shown(wp_ids), None)


def logged_in(call: Call, wp_ids: Iterable[int]) -> dict[int, list[NamedWorker]]:
    """Return who is logged in at each of the workplaces in this shift, in order of id; one statement."""
    at: dict[int, list[NamedWorker]] = {wp_id: [] for wp_id in wp_ids}
    start, end = shift_at(call, call.now)
    rows = call.db.rows(workers_logged_in, wp_ids=list(at), start=start, end=end) if at else []
    for wp_id, worker_id, name in rows:
        at[wp_id].append(NamedWorker(worker_id, name))
    return at


def _identified(attempts: Attempts, call: Call, ident: int | str, workplace: Workplace | None) -> Worker:
    try:
        worker = identify(attempts, call, ident, workplace)
        if worker is None:
            raise nobody_found()
    except CallError as error:
        _log_refusals(call, [None], [workplace] if workplace else [], [error.code])
        raise
    return worker


def _require_one_line(workplaces: Sequence[Workplace]) -> None:
    lines = {workplace.line for workplace in workplaces}
    if len(workplaces) > 1 and (len(lines) > 1 or None in lines):
        names = ", ".join(f"{workplace.name} ({workplace.line or 'no line'})" for workplace in workplaces)
        info = f"A worker logs in at several workplaces of one line only, not at {names}."
        raise InvalidParams("wp_ids", info)


def _require_allowed(call: Call, who: Sequence[Worker], places: Sequence[Workplace]) -> None:
    """Refuse the logins with all reasons against them, and have the refusal logged for each worker and workplace."""
    against = {worker.id: _reasons_against(call, worker, places, who) for worker in who}
    reasons = [reason for each in against.values() for reason in each]
    if reasons:
        for worker_id, each in against.items():
            if each:
                _log_refusals(call, [worker_id], places, [reason.code for reason in each])
        raise Refused(reasons)


def _reasons_against(
    call: Call, worker: Worker, places: Sequence[Workplace], who: Sequence[Worker]
) -> list[Reason]:
    reasons = [] if worker.active else [worker_inactive(worker)]
    for workplace in places:
        reasons += esd.reasons_against(call, [worker], workplace)
        reasons += skills.reasons_at_login(call, worker, workplace, who)
    for place in _or_none(places):
        reasons += call.hooks.check("tracepro_check_login", worker=worker, workplace=place)
    return reasons


def _or_none(things: Sequence[Thing]) -> Sequence[Thing | None]:
    """Return the things, or None alone when there are none: a login without a workplace is one too."""
    return things or (None,)


def _log_refusals(
    call: Call, worker_ids: Sequence[int | None], places: Sequence[Workplace], codes: Sequence[str]
) -> None:
    wp_ids = _or_none([place.id for place in places])
    info = "; ".join(dict.fromkeys(codes))

    def write(later: Call) -> None:
        rows = [
            log_row(later, worker_id, wp_id, defs.WWL_LOGIN_REFUSED, info)
            for worker_id in worker_ids
            for wp_id in wp_ids
        ]
        log_actions(later, rows)

    call.after_refusal(write)


def _move(call: Call, who: Sequence[Worker], places: Sequence[Workplace]) -> None:
    """Write where the workers are now, and log it there and where they leave."""
    call.db.rows(lock_workers, worker_ids=[worker.id for worker in who])
    wp_ids = [place.id for place in places]
    for worker in who:
        before = call.db.rows(logins_of_worker, worker_id=worker.id)
        call.changed(f"worker {worker.id}", "wp_id", _shown([wp_id for wp_id, _ in before]), _shown(wp_ids))
        elsewhere = f"logged in at {', '.join(place.name for place in places)}"
        _log_departures(call, worker.id, before, wp_ids, elsewhere)
        call.db.run(delete_logins, worker_id=worker.id)
        call.db.insert_many(
            NEW_LOGIN, [{"worker": worker.id, "wp_id": wp_id, "tm": call.now} for wp_id in wp_ids]
        )
        log_actions(call, [log_row(call, worker.id, wp_id, defs.WWL_LOGIN) for wp_id in wp_ids])
        for place in places:
            call.notify("tracepro_worker_logged_in", worker=worker, workplace=place)


def _log_departures(
    call: Call, worker_id: int, before: Sequence[Row], known: Sequence[int | None], info: str
) -> None:
    """Log that a worker leaves the workplaces of a login, but for those known otherwise and logins of earlier shifts."""
    start, end = shift_at(call, call.now)
    left = [wp_id for wp_id, since in before if wp_id not in known and start <= since < end]
    log_actions(call, [log_row(call, worker_id, wp_id, defs.WWL_LOGOUT, info) for wp_id in left])


def _shown(wp_ids: Sequence[int]) -> int | list[int] | None:
    """Return workplaces of a login as the audit has them: an id, several, or null."""
    return sorted(wp_ids) if len(wp_ids) > 1 else next(iter(wp_ids), None)


def _answer(call: Call, worker: Worker, workplace: Workplace | None) -> dict[str, Any]:
    return {
        "id": worker.id,
        "name": worker.name,
        "wp_id": workplace.id if workplace else None,
        "line": workplace.line if workplace else None,
        "esd_tm": worker.esd_tm,
        "checks": _passed_checks(call, worker, workplace),
    }


def _passed_checks(call: Call, worker: Worker, workplace: Workplace | None) -> list[dict[str, Any]]:
    checks = [("active", f"{worker.name} is active.")]
    if workplace is not None and esd.is_required(call, workplace):
        checks.append(("esd", f"{worker.name} passed the last ESD test at {worker.esd_tm}."))
    if workplace is not None and skills.are_required(call):
        checks.append(("iluo", f"{worker.name} may work at {workplace.name}."))
    return [{"check": name, "ok": True, "info": info} for name, info in checks]
