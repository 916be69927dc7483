"""Logging in and out: a worker is at one workplace at a time, until a log-out, a login elsewhere or the end of the shift."""

from __future__ import annotations

from typing import Any

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Reason, Refused
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_schemas import defs
from tracepro_workers import esd, skills
from tracepro_workers import models as m
from tracepro_workers.attendance import is_logged_in
from tracepro_workers.log import log
from tracepro_workers.reasons import nobody_identified, worker_inactive
from tracepro_workers.shifts import shift_at
from tracepro_workers.workers import Presence, identify, presences

NEW = Insert(m.Login)


@statement
def lock_worker() -> Query:
    """A worker, locked."""
    return m.Worker.select(m.Worker.id).where(m.Worker.id == p("worker_id")).for_update()


@statement
def move_login() -> Query:
    """Change where a worker is logged in."""
    return m.Login.update(wp_id=p("wp_id"), tm=p("tm")).where(m.Login.worker == p("worker_id"))


@statement
def delete_login() -> Query:
    """End the login of a worker."""
    return m.Login.delete().where(m.Login.worker == p("worker_id"))


def log_in(call: Call, ident: int | str, workplace: Workplace | None) -> dict[str, Any]:
    """Log a worker in, or without a workplace only tell who it is. Raises ``refused`` with all reasons.

    Every login is logged, refused ones too (in a transaction of their own).
    """
    found = identify(call, ident)
    if found is None:
        raise _refused(call, None, workplace, [nobody_identified()])
    worker = found.worker
    reasons = _reasons_against(call, worker, workplace)
    if reasons:
        raise _refused(call, worker, workplace, reasons)
    if workplace is not None:
        call.db.rows(lock_worker, worker_id=worker.id)
        (presence,) = presences(call, [worker.id])
        _move(call, presence, workplace)
    log(call, worker.id, workplace.id if workplace else None, defs.WWL_LOGIN)
    call.notify("tracepro_worker_logged_in", worker=worker, workplace=workplace)
    return _answer(call, worker, workplace)


def log_out(call: Call, worker_id: int, wp_id: int | None) -> None:
    """End a worker's login at a workplace, wherever it is when none is given."""
    call.db.rows(lock_worker, worker_id=worker_id)
    presence = identify(call, worker_id)
    if presence is not None and presence.wp_id is not None and wp_id in (None, presence.wp_id):
        call.db.run(delete_login, worker_id=worker_id)
        call.changed(f"worker {worker_id}", "wp_id", presence.wp_id, None)


def _reasons_against(call: Call, worker: Worker, workplace: Workplace | None) -> list[Reason]:
    own = [] if worker.active else [worker_inactive(worker)]
    own += esd.reasons_against(call, [worker], workplace)
    own += skills.reasons_at_login(call, worker, workplace)
    return own + call.hooks.check("tracepro_check_login", worker=worker, workplace=workplace)


def _refused(
    call: Call, worker: Worker | None, workplace: Workplace | None, reasons: list[Reason]
) -> Refused:
    worker_id = worker.id if worker else None
    wp_id = workplace.id if workplace else None
    info = "; ".join(reason.code for reason in reasons)
    call.after_refusal(lambda later: log(later, worker_id, wp_id, defs.WWL_LOGIN_REFUSED, info))
    return Refused(reasons)


def _move(call: Call, presence: Presence, workplace: Workplace) -> None:
    """Write where a worker is now; leaving another workplace in the same shift is logged there."""
    worker_id = presence.worker.id
    if presence.wp_id is None:
        call.db.insert(NEW, worker=worker_id, wp_id=workplace.id, tm=call.now)
        return
    start, _ = shift_at(call, call.now)
    if presence.wp_id != workplace.id and is_logged_in(presence, presence.wp_id, start):
        log(call, worker_id, presence.wp_id, defs.WWL_LOGOUT, f"logged in at {workplace.name}")
    call.db.run(move_login, worker_id=worker_id, wp_id=workplace.id, tm=call.now)


def _answer(call: Call, worker: Worker, workplace: Workplace | None) -> dict[str, Any]:
    checks = [("active", f"{worker.name} is active.")]
    if esd.is_required(call, workplace):
        checks.append(("esd", f"The last ESD test was passed {worker.esd_tm}."))
    if skills.are_required(call, workplace):
        checks.append(("iluo", f"{worker.name} may work here."))
    return {
        "id": worker.id,
        "name": worker.name,
        "wp_id": workplace and workplace.id,
        "line": workplace and workplace.line,
        "esd_tm": worker.esd_tm,
        "checks": [{"check": name, "ok": True, "info": info} for name, info in checks],
    }
