"""Whether these workers may work here: the rules of workers in the interlock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Step, Worker, Workplace
from tracepro_workers.roster import Present, present
from tracepro_workers.shifts import shift_at


def reasons_against(
    call: Any, worker_ids: Sequence[int], workplace: Workplace, steps: Sequence[Step]
) -> tuple[list[Worker], list[Reason]]:
    """Returns those of the workers that exist, and why they may not do the steps at the workplace.

    Nobody named where ``workers_required`` is set, unknown and inactive workers, and, where the option
    ``login_required`` is on, those who are not logged in there.
    """
    found = present(call, worker_ids)
    reasons = _missing(call, worker_ids) + _unknown(worker_ids, found)
    reasons += [inactive(who.worker) for who in found if not who.worker.active]
    if call.option("workers", "login_required"):
        start, _ = shift_at(call, call.now)
        reasons += [_not_here(who.worker, workplace) for who in found if not logged_in(who, workplace.id, start)]
    return [who.worker for who in found], reasons


def logged_in(who: Present, wp_id: int, shift_start: int) -> bool:
    """Tells whether a worker is logged in at a workplace in the shift that began at ``shift_start``."""
    return who.wp_id == wp_id and who.since >= shift_start


def unknown(ident: Any) -> Reason:
    """Returns the reason for somebody nobody knows."""
    return Reason("worker-unknown", f"Nobody here knows worker {ident}; scan the card again or import the worker.")


def inactive(worker: Worker) -> Reason:
    """Returns the reason for a worker who is not active."""
    return Reason("worker-inactive", f"{worker.name} is not active; the plant file can set that.")



def _missing(call: Any, worker_ids: Sequence[int]) -> list[Reason]:
    if worker_ids or not call.parameter("site", "workers_required"):
        return []
    return [Reason("workers-missing", "Nobody is named for this work; say which workers do it.")]


def _unknown(worker_ids: Sequence[int], found: Sequence[Present]) -> list[Reason]:
    if len(found) == len(worker_ids):
        return []
    known = {who.worker.id for who in found}
    return [unknown(number) for number in dict.fromkeys(worker_ids) if number not in known]


def _not_here(worker: Worker, workplace: Workplace) -> Reason:
    return Reason("login-missing", f"{worker.name} is not logged in at {workplace.name}; log in there first.")
