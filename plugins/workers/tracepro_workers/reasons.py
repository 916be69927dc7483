"""The sentences of this plugin's refusals, one function for each code."""

from __future__ import annotations

from tracepro_hookspecs import Conflict, NotFound, Reason
from tracepro_hookspecs.records import Worker, Workplace

PLUGIN = "workers"


def nobody_identified() -> Reason:
    """Return that an id, code or card means nobody; what was typed is not repeated, it may be a secret."""
    return Reason(
        "worker-unknown",
        "Nobody answers to this id, code or card; scan again, or import the worker.",
        plugin=PLUGIN,
    )


def worker_unknown(worker_id: int) -> Reason:
    """Return that nobody has this id."""
    return Reason(
        "worker-unknown",
        f"Nobody here is worker {worker_id}; scan the card again, or import the worker.",
        plugin=PLUGIN,
    )


def worker_inactive(worker: Worker) -> Reason:
    """Return that a worker is not active."""
    return Reason(
        "worker-inactive", f"{worker.name} is not active; the plant file can set that.", plugin=PLUGIN
    )


def workers_missing() -> Reason:
    """Return that nobody is named."""
    return Reason("workers-missing", "Nobody is named for this work; say which workers do it.", plugin=PLUGIN)


def login_missing(worker: Worker, workplace: Workplace) -> Reason:
    """Return that a worker is not logged in at a workplace."""
    return Reason(
        "login-missing",
        f"{worker.name} is not logged in at {workplace.name}; log in there first.",
        plugin=PLUGIN,
    )


def esd_expired(worker: Worker, workplace: Workplace) -> Reason:
    """Return that a worker passed no ESD test lately."""
    when = f"the last passed test was {worker.esd_tm}" if worker.esd_tm else "no passed test is on record"
    return Reason(
        "esd-expired", f"{worker.name} needs an ESD test to work at {workplace.name}: {when}.", plugin=PLUGIN
    )


def iluo_insufficient(level: str, whom: str, op: int | None = None, act: int | None = None) -> Reason:
    """Return that a worker's skill is missing or too low."""
    info = f"ILUO level {level} or higher is needed and missing: {whom}."
    return Reason("iluo-insufficient", info, op=op, act=act, plugin=PLUGIN)


def worker_not_found(worker_id: int) -> NotFound:
    """Return the error for a worker who does not exist."""
    return NotFound("worker-not-found", f"There is no worker {worker_id}; import one with the plant file.")


def card_in_use(worker_id: int, owner: str) -> Conflict:
    """Return the error for a card, code or id that means another worker already."""
    info = (
        f"The card, code or id given to worker {worker_id} means {owner} already; take it away there first."
    )
    return Conflict("card-in-use", info)
