"""Whether these workers may work here: the rules of workers in the interlock."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Step, Worker, Workplace
from tracepro_workers import esd, skills
from tracepro_workers.reasons import login_missing, worker_inactive, worker_unknown, workers_missing
from tracepro_workers.shifts import shift_at
from tracepro_workers.workers import Presence, presences


def reasons_against(
    call: Call, worker_ids: Sequence[int], workplace: Workplace, steps: Sequence[Step]
) -> tuple[list[Worker], list[Reason]]:
    """Return those of the workers that exist, and why they may not do the steps at the workplace.

    Nobody named where ``workers_required`` is set, unknown and inactive workers, and, as far as the options of
    the line ask for it, those who are not logged in there, have no ESD test or no sufficient skill.
    """
    found = presences(call, worker_ids)
    reasons = _missing(call, worker_ids) + _unknown(worker_ids, found)
    reasons += [worker_inactive(presence.worker) for presence in found if not presence.worker.active]
    if call.option("workers", "login_required"):
        start, _ = shift_at(call, call.now)
        reasons += [
            login_missing(presence.worker, workplace)
            for presence in found
            if not is_logged_in(presence, workplace.id, start)
        ]
    workers = [presence.worker for presence in found]
    reasons += esd.reasons_against(call, workers, workplace)
    return workers, reasons + skills.reasons_at_work(call, workers, workplace, steps)


def is_logged_in(presence: Presence, wp_id: int, shift_start: int) -> bool:
    """Tell whether a worker is logged in at a workplace in the shift that began at ``shift_start``."""
    return presence.wp_id == wp_id and presence.since is not None and presence.since >= shift_start


def _missing(call: Call, worker_ids: Sequence[int]) -> list[Reason]:
    if worker_ids or not call.parameter("site", "workers_required"):
        return []
    return [workers_missing()]


def _unknown(worker_ids: Sequence[int], found: Sequence[Presence]) -> list[Reason]:
    if len(found) == len(worker_ids):
        return []
    known = {presence.worker.id for presence in found}
    return [worker_unknown(number) for number in dict.fromkeys(worker_ids) if number not in known]
