"""The ESD test: at a workplace with ``esd`` only workers who passed it lately may work."""

from __future__ import annotations

from collections.abc import Iterable

from peewee import Query

from tracepro import clock
from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_schemas import defs
from tracepro_workers import models as m
from tracepro_workers.reasons import esd_expired
from tracepro_workers.worker_log import log_action
from tracepro_workers.workers import lock_workers, worker


@statement
def update_esd_test() -> Query:
    """Change the instant of a worker's last passed test; null is none."""
    return m.Worker.update(esd_tm=p("tm")).where(m.Worker.id == p("worker_id"))


def is_required(call: Call, workplace: Workplace) -> bool:
    """Tell whether the test counts here: the option ``esd_check`` is on and the workplace has ``esd``."""
    return workplace.esd and call.option("workers", "esd_check")


def reasons_against(call: Call, workers: Iterable[Worker], workplace: Workplace) -> list[Reason]:
    """Return which of the workers passed no test within ``esd_valid_hours``."""
    if not is_required(call, workplace):
        return []
    oldest = call.now - int(call.option("workers", "esd_valid_hours") * clock.HOUR)
    return [esd_expired(worker, workplace) for worker in workers if not _passed_since(call, worker, oldest)]


def record_test(call: Call, worker_id: int, wp_id: int | None, passed: bool) -> Worker:
    """Record a test and return the worker: passed sets ``esd_tm`` to now, failed clears it; both are logged."""
    call.db.rows(lock_workers, worker_ids=[worker_id])
    before = worker(call, worker_id)
    call.db.run(update_esd_test, worker_id=worker_id, tm=call.now if passed else None)
    log_action(call, worker_id, wp_id, defs.WWL_ESD_PASS if passed else defs.WWL_ESD_FAIL)
    after = worker(call, worker_id)
    call.changed(f"worker {worker_id}", "esd_tm", before.esd_tm, after.esd_tm)
    return after


def _passed_since(call: Call, worker: Worker, oldest: int) -> bool:
    return worker.esd_tm is not None and clock.parse(worker.esd_tm, call.zone) >= oldest
