"""Whether these workers may work here: the interlock's rules of workers."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_hookspecs import Call, Reason, Refused
from tracepro_hookspecs.records import Step, Worker, Workplace
from tracepro_workers import esd, skills
from tracepro_workers.reasons import login_missing, worker_inactive, worker_unknown, workers_missing
from tracepro_workers.shifts import shift_at
from tracepro_workers.workers import Presence, presences, workers


def reasons_against(
    call: Call, worker_ids: Sequence[int], workplace: Workplace, steps: Sequence[Step]
) -> tuple[list[Worker], list[Reason]]:
    """Return those of the workers that exist, and why they may not do the steps at the workplace.

    No worker named where one is required, unknown and inactive workers, and, as far as the options of
    the line ask for it, workers who are not logged in there, have no ESD test or no sufficient skill.
    """
    found = presences(call, worker_ids, workplace.id)
    known = [presence.worker for presence in found]
    reasons = _not_known(call, worker_ids, known) + _not_logged_in(call, found, workplace)
    reasons += esd.reasons_against(call, known, workplace)
    return known, reasons + skills.reasons_at_work(call, known, workplace, steps)


def require_known(call: Call, worker_ids: Sequence[int]) -> None:
    """Refuse workers who are unknown or inactive, and nobody where a worker is required.

    What is asked of those who end work or correct it: work that was done may be ended after a login or an ESD
    test ran out (docs/rules.md, Interlock).
    """
    reasons = _not_known(call, worker_ids, workers(call, worker_ids))
    if reasons:
        raise Refused(reasons)


def _not_known(call: Call, worker_ids: Sequence[int], known: Sequence[Worker]) -> list[Reason]:
    reasons = _missing(call, worker_ids) + _unknown(worker_ids, known)
    return reasons + [worker_inactive(worker) for worker in known if not worker.active]


def _missing(call: Call, worker_ids: Sequence[int]) -> list[Reason]:
    return [] if worker_ids or not _is_required(call) else [workers_missing()]


def _is_required(call: Call) -> bool:
    """Tell whether work must name a worker on the line of the call: by its option, else as for the whole plant."""
    on_line: bool | None = call.option("workers", "workers_required")
    plant: bool = call.parameter("site", "workers_required")
    return plant if on_line is None else on_line


def _unknown(worker_ids: Sequence[int], known: Sequence[Worker]) -> list[Reason]:
    if len(known) == len(worker_ids):
        return []
    ids = {worker.id for worker in known}
    return [worker_unknown(worker_id) for worker_id in dict.fromkeys(worker_ids) if worker_id not in ids]


def _not_logged_in(call: Call, found: Sequence[Presence], workplace: Workplace) -> list[Reason]:
    if not call.option("workers", "login_required"):
        return []
    start, end = shift_at(call, call.now)
    return [
        login_missing(presence.worker, workplace)
        for presence in found
        if presence.since is None or not start <= presence.since < end
    ]
