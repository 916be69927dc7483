"""The ESD test: at a workplace with ``esd`` only somebody who passed it lately may work."""

from __future__ import annotations

from collections.abc import Iterable

from peewee import Query

from tracepro import clock
from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_schemas import defs
from tracepro_workers import models as m
from tracepro_workers.log import log
from tracepro_workers.reasons import esd_expired
from tracepro_workers.workers import worker as require_worker

HOUR = 3_600_000_000


@statement
def update_esd_tm() -> Query:
    """Change when a worker passed the ESD test."""
    return m.Worker.update(esd_tm=p("tm")).where(m.Worker.id == p("worker_id"))


def is_required(call: Call, workplace: Workplace | None) -> bool:
    """Tell whether the test counts here: the option ``esd_check`` is on and the workplace is an ESD one."""
    return workplace is not None and workplace.esd and call.option("workers", "esd_check")


def reasons_against(call: Call, workers: Iterable[Worker], workplace: Workplace | None) -> list[Reason]:
    """Return which of the workers passed no test within ``esd_valid_hours``."""
    if workplace is None or not is_required(call, workplace):
        return []
    oldest = call.now - int(call.option("workers", "esd_valid_hours") * HOUR)
    return [esd_expired(worker, workplace) for worker in workers if not _passed_since(call, worker, oldest)]


def record_test(call: Call, worker_id: int, wp_id: int | None, passed: bool) -> Worker:
    """Note a test: passed sets the worker's ``esd_tm`` to now, failed clears it; both are logged."""
    before = require_worker(call, worker_id)
    call.db.run(update_esd_tm, worker_id=worker_id, tm=call.now if passed else None)
    log(call, worker_id, wp_id, defs.WWL_ESD_PASS if passed else defs.WWL_ESD_FAIL)
    after = require_worker(call, worker_id)
    call.changed(f"worker {worker_id}", "esd_tm", before.esd_tm, after.esd_tm)
    return after


def _passed_since(call: Call, worker: Worker, oldest: int) -> bool:
    return worker.esd_tm is not None and clock.parse(worker.esd_tm, call.zone) >= oldest
