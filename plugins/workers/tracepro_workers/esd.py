"""The ESD test: at a workplace with ``esd`` only somebody who passed it lately may work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracepro import clock
from tracepro.database import Statement, p
from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Worker, Workplace
from tracepro_schemas import defs
from tracepro_workers import models as m
from tracepro_workers.log import log
from tracepro_workers.reasons import no_esd_test
from tracepro_workers.workers import worker

SET = Statement(lambda: m.Worker.update(esd_tm=p("tm")).where(m.Worker.id == p("worker_id")))
HOUR = 3_600_000_000


def asked(call: Any, workplace: Workplace | None) -> bool:
    """Tells whether the test counts here: the option ``esd_check`` is on and the workplace is an ESD one."""
    return workplace is not None and workplace.esd and call.option("workers", "esd_check")


def reasons_against(call: Any, people: Iterable[Worker], workplace: Workplace | None) -> list[Reason]:
    """Says which of the people passed no test within ``esd_valid_hours``."""
    if not asked(call, workplace):
        return []
    oldest = call.now - int(call.option("workers", "esd_valid_hours") * HOUR)
    return [no_esd_test(who, workplace) for who in people if not _tested(call, who, oldest)]


def record(call: Any, worker_id: int, wp_id: int | None, passed: bool) -> Worker:
    """Notes a test: passed sets the worker's ``esd_tm`` to now, failed clears it; both are logged."""
    before = worker(call, worker_id)
    call.db.run(SET, worker_id=worker_id, tm=call.now if passed else None)
    log(call, worker_id, wp_id, defs.WWL_ESD_PASS if passed else defs.WWL_ESD_FAIL)
    after = worker(call, worker_id)
    call.changed(f"worker {worker_id}", "esd_tm", before.esd_tm, after.esd_tm)
    return after


def _tested(call: Any, who: Worker, oldest: int) -> bool:
    return who.esd_tm is not None and clock.parse(who.esd_tm, call.zone) >= oldest
