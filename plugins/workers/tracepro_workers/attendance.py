"""Whether these workers may work here: the rules of workers in the interlock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Step, Worker, Workplace
from tracepro_workers import esd, skills
from tracepro_workers.reasons import inactive, missing, not_here, unknown
from tracepro_workers.shifts import shift_at
from tracepro_workers.workers import Present, present


def reasons_against(
    call: Any, worker_ids: Sequence[int], workplace: Workplace, steps: Sequence[Step]
) -> tuple[list[Worker], list[Reason]]:
    """Returns those of the workers that exist, and why they may not do the steps at the workplace.

    Nobody named where ``workers_required`` is set, unknown and inactive workers, and, as far as the options of
    the line ask for it, those who are not logged in there, have no ESD test or no sufficient skill.
    """
    found = present(call, worker_ids)
    reasons = _missing(call, worker_ids) + _unknown(worker_ids, found)
    reasons += [inactive(who.worker) for who in found if not who.worker.active]
    if call.option("workers", "login_required"):
        start, _ = shift_at(call, call.now)
        reasons += [
            not_here(who.worker, workplace) for who in found if not logged_in(who, workplace.id, start)
        ]
    people = [who.worker for who in found]
    reasons += esd.reasons_against(call, people, workplace)
    return people, reasons + skills.reasons_at_work(call, people, workplace, steps)


def logged_in(who: Present, wp_id: int, shift_start: int) -> bool:
    """Tells whether a worker is logged in at a workplace in the shift that began at ``shift_start``."""
    return who.wp_id == wp_id and who.since >= shift_start


def _missing(call: Any, worker_ids: Sequence[int]) -> list[Reason]:
    if worker_ids or not call.parameter("site", "workers_required"):
        return []
    return [missing()]


def _unknown(worker_ids: Sequence[int], found: Sequence[Present]) -> list[Reason]:
    if len(found) == len(worker_ids):
        return []
    known = {who.worker.id for who in found}
    return [unknown(number) for number in dict.fromkeys(worker_ids) if number not in known]
