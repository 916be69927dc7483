"""Logging in and out: a worker is at one workplace at a time, until he logs out, logs in elsewhere or his shift ends."""

from __future__ import annotations

from typing import Any

from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import Reason, Refused
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_schemas import defs
from tracepro_workers import esd, skills
from tracepro_workers import models as m
from tracepro_workers.attendance import logged_in
from tracepro_workers.log import log
from tracepro_workers.reasons import inactive, nobody
from tracepro_workers.shifts import shift_at
from tracepro_workers.workers import Present, identify

LOCK = Statement(lambda: m.Worker.select(m.Worker.id).where(m.Worker.id == p("worker_id")).for_update())
NEW = Insert(m.Login)
MOVE = Statement(lambda: m.Login.update(wp_id=p("wp_id"), tm=p("tm")).where(m.Login.worker == p("worker_id")))
END = Statement(lambda: m.Login.delete().where(m.Login.worker == p("worker_id")))


def log_in(call: Any, ident: int | str, workplace: Workplace | None) -> dict[str, Any]:
    """Logs a worker in, or without a workplace only tells who it is; raises ``refused`` with all reasons.

    Every login is logged, refused ones too (in a transaction of their own).
    """
    who = identify(call, ident)
    if who is None:
        raise _refused(call, None, workplace, [nobody()])
    reasons = _reasons_against(call, who.worker, workplace)
    if reasons:
        raise _refused(call, who.worker, workplace, reasons)
    if workplace is not None:
        call.db.rows(LOCK, worker_id=who.worker.id)
        _move(call, identify(call, who.worker.id), workplace)
    log(call, who.worker.id, workplace.id if workplace else None, defs.WWL_LOGIN)
    call.notify("tracepro_worker_logged_in", worker=who.worker, workplace=workplace)
    return _answer(call, who.worker, workplace)


def log_out(call: Any, worker_id: int, wp_id: int | None) -> None:
    """Ends a worker's login at a workplace, wherever it is when none is given."""
    call.db.rows(LOCK, worker_id=worker_id)
    who = identify(call, worker_id)
    if who is not None and who.wp_id is not None and wp_id in (None, who.wp_id):
        call.db.run(END, worker_id=worker_id)
        call.changed(f"worker {worker_id}", "wp_id", who.wp_id, None)


def _reasons_against(call: Any, worker: Worker, workplace: Workplace | None) -> list[Reason]:
    own = [] if worker.active else [inactive(worker)]
    own += esd.reasons_against(call, [worker], workplace)
    own += skills.reasons_at_login(call, worker, workplace)
    return own + call.hooks.check("tracepro_check_login", worker=worker, workplace=workplace)


def _refused(call: Any, worker: Worker | None, workplace: Workplace | None, reasons: list[Reason]) -> Refused:
    number, wp_id = worker and worker.id, workplace and workplace.id
    info = "; ".join(reason.code for reason in reasons)
    call.after_refusal(lambda later: log(later, number, wp_id, defs.WWL_LOGIN_REFUSED, info))
    return Refused(reasons)


def _move(call: Any, who: Present, workplace: Workplace) -> None:
    """Writes where a worker is now; leaving another workplace in the same shift is logged there."""
    number = who.worker.id
    if who.wp_id is None:
        call.db.insert(NEW, worker=number, wp_id=workplace.id, tm=call.now)
        return
    start, _ = shift_at(call, call.now)
    if who.wp_id != workplace.id and logged_in(who, who.wp_id, start):
        log(call, number, who.wp_id, defs.WWL_LOGOUT, f"logged in at {workplace.name}")
    call.db.run(MOVE, worker_id=number, wp_id=workplace.id, tm=call.now)


def _answer(call: Any, worker: Worker, workplace: Workplace | None) -> dict[str, Any]:
    checks = [("active", f"{worker.name} is active.")]
    if esd.asked(call, workplace):
        checks.append(("esd", f"The last ESD test was passed {worker.esd_tm}."))
    if skills.asked(call, workplace):
        checks.append(("iluo", f"{worker.name} may work here."))
    return {
        "id": worker.id,
        "name": worker.name,
        "wp_id": workplace and workplace.id,
        "line": workplace and workplace.line,
        "esd_tm": worker.esd_tm,
        "checks": [{"check": name, "ok": True, "info": info} for name, info in checks],
    }
