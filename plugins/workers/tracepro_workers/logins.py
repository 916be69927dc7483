"""Logging in and out: a worker is at one workplace at a time, until logging out or in elsewhere, or the shift ends."""

from __future__ import annotations

from typing import Any

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Reason, Refused
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_schemas import defs
from tracepro_workers import esd, skills
from tracepro_workers import models as m
from tracepro_workers.reasons import nobody_found, worker_inactive
from tracepro_workers.shifts import shift_at
from tracepro_workers.worker_log import log_action
from tracepro_workers.workers import Presence, identify, lock_worker, presences

NEW_LOGIN = Insert(m.Login)


@statement
def update_login() -> Query:
    """Change workplace and instant of a worker's login."""
    return m.Login.update(wp_id=p("wp_id"), tm=p("tm")).where(m.Login.worker == p("worker_id"))


@statement
def delete_login() -> Query:
    """End the login of a worker."""
    return m.Login.delete().where(m.Login.worker == p("worker_id"))


def log_in(call: Call, ident: int | str, workplace: Workplace | None) -> dict[str, Any]:
    """Log a worker in and return who it is; without a workplace nothing changes but the worker log.

    Raises NotFound for nobody and Refused with all reasons. Every login is logged, refused ones too (in a transaction of their own).
    """
    presence = identify(call, ident)
    if presence is None:
        nobody = nobody_found()
        _log_refusal(call, None, workplace, [nobody.code])
        raise nobody
    worker = presence.worker
    reasons = _reasons_against(call, worker, workplace)
    if reasons:
        _log_refusal(call, worker, workplace, [reason.code for reason in reasons])
        raise Refused(reasons)
    if workplace is not None:
        _move(call, worker, workplace)
    log_action(call, worker.id, workplace.id if workplace else None, defs.WWL_LOGIN)
    call.notify("tracepro_worker_logged_in", worker=worker, workplace=workplace)
    return _answer(call, worker, workplace)


def log_out(call: Call, worker_id: int, wp_id: int | None) -> None:
    """End a worker's login at a workplace; when none is given wherever it is, if the caller may work there."""
    call.db.rows(lock_worker, worker_id=worker_id)
    presence = identify(call, worker_id)
    if presence is not None and presence.wp_id is not None and wp_id in (None, presence.wp_id):
        call.require_line_of("wp_id", presence.wp_id)
        call.db.run(delete_login, worker_id=worker_id)
        call.changed(f"worker {worker_id}", "wp_id", presence.wp_id, None)


def _reasons_against(call: Call, worker: Worker, workplace: Workplace | None) -> list[Reason]:
    reasons = [] if worker.active else [worker_inactive(worker)]
    if workplace is not None:
        reasons += esd.reasons_against(call, [worker], workplace)
        reasons += skills.reasons_at_login(call, worker, workplace)
    return reasons + call.hooks.check("tracepro_check_login", worker=worker, workplace=workplace)


def _log_refusal(call: Call, worker: Worker | None, workplace: Workplace | None, codes: list[str]) -> None:
    worker_id = worker.id if worker else None
    wp_id = workplace.id if workplace else None
    info = "; ".join(codes)
    call.after_refusal(lambda later: log_action(later, worker_id, wp_id, defs.WWL_LOGIN_REFUSED, info))


def _move(call: Call, worker: Worker, workplace: Workplace) -> None:
    """Write where a worker is now; leaving another workplace in the same shift is logged there."""
    call.db.rows(lock_worker, worker_id=worker.id)
    (before,) = presences(call, [worker.id])
    call.changed(f"worker {worker.id}", "wp_id", before.wp_id, workplace.id)
    if before.wp_id is None:
        call.db.insert(NEW_LOGIN, worker=worker.id, wp_id=workplace.id, tm=call.now)
        return
    _log_departure(call, before, before.wp_id, workplace)
    call.db.run(update_login, worker_id=worker.id, wp_id=workplace.id, tm=call.now)


def _log_departure(call: Call, before: Presence, wp_id: int, workplace: Workplace) -> None:
    shift_start, _ = shift_at(call, call.now)
    if wp_id != workplace.id and before.is_at(wp_id, shift_start):
        log_action(call, before.worker.id, wp_id, defs.WWL_LOGOUT, f"logged in at {workplace.name}")


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
