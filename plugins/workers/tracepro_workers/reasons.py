"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import Conflict, NotFound, Reason
from tracepro_hookspecs.records import Worker, Workplace


def worker_not_found(worker_id: int) -> NotFound:
    """Return the error for a worker who does not exist."""
    return _not_found(f"There is no worker {worker_id}; import the worker with the plant file.")


def order_not_found(order_id: int) -> NotFound:
    """Return the error for an order that no plugin knows."""
    return NotFound("order-not-found", f"There is no order {order_id}; look it up by its reference.")


def card_in_use(worker_id: int | None, owner_id: int, owner: str) -> Conflict:
    """Return the error for a card, code or id that means another worker already."""
    who = "the new worker" if worker_id is None else f"worker {worker_id}"
    info = (
        f"The card, code or id for {who} belongs to {owner} (worker {owner_id}) already; "
        "take it from that worker first."
    )
    return Conflict("card-in-use", info)


def nobody_found() -> NotFound:
    """Return the error for an identification that means nobody; it is not repeated, as it may be a secret."""
    return _not_found(
        "There is no worker with this id, code or card; scan again, or import the worker with the plant file."
    )


def _not_found(info: str) -> NotFound:
    return NotFound("worker-not-found", info)


def worker_unknown(worker_id: int) -> Reason:
    """Return the reason for work that names a worker who does not exist."""
    info = f"There is no worker {worker_id}; scan again, or import the worker with the plant file."
    return Reason("worker-unknown", info, plugin="workers")


def worker_inactive(worker: Worker) -> Reason:
    """Return the reason for a worker who is not active."""
    info = f"{worker.name} is not active; if that is wrong, set active in the plant file."
    return Reason("worker-inactive", info, plugin="workers")


def workers_missing() -> Reason:
    """Return the reason for work that names no worker."""
    info = "No worker is named for this work; say which workers do it."
    return Reason("workers-missing", info, plugin="workers")


def login_missing(worker: Worker, workplace: Workplace) -> Reason:
    """Return the reason for a worker who is not logged in at a workplace."""
    info = f"{worker.name} is not logged in at {workplace.name}; log in there first."
    return Reason("login-missing", info, plugin="workers")


def esd_expired(worker: Worker, workplace: Workplace) -> Reason:
    """Return the reason for a worker whose last passed ESD test is too old or missing."""
    test = f"the last passed test was {worker.esd_tm}" if worker.esd_tm else "no passed test is on record"
    info = f"{worker.name} needs an ESD test to work at {workplace.name}: {test}; take the test first."
    return Reason("esd-expired", info, plugin="workers")


def iluo_insufficient(
    worker: Worker, level: str, purpose: str, op: int | None = None, act: int | None = None
) -> Reason:
    """Return the reason for a worker whose skill is missing, too low or past its last day."""
    info = (
        f"{worker.name} needs ILUO level {level} or higher {purpose}; let a worker of that level do it, "
        "or import the skill with the plant file."
    )
    return Reason("iluo-insufficient", info, op=op, act=act, plugin="workers")
