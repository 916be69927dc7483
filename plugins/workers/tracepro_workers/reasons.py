"""The sentences of this plugin's refusals, one function for each code."""

from __future__ import annotations

from functools import partial

from tracepro_hookspecs import Reason as AnyReason
from tracepro_hookspecs.records import Worker, Workplace

Reason = partial(AnyReason, plugin="workers")


def nobody() -> AnyReason:
    """Says that an id, code or card means nobody; what was typed is not repeated, it may be a secret."""
    return Reason(
        "worker-unknown", "Nobody answers to this id, code or card; scan again, or import the worker."
    )


def unknown(worker_id: int) -> AnyReason:
    """Says that nobody has this id."""
    return Reason(
        "worker-unknown", f"Nobody here is worker {worker_id}; scan the card again, or import the worker."
    )


def inactive(worker: Worker) -> AnyReason:
    """Says that a worker is not active."""
    return Reason("worker-inactive", f"{worker.name} is not active; the plant file can set that.")


def missing() -> AnyReason:
    """Says that nobody is named."""
    return Reason("workers-missing", "Nobody is named for this work; say which workers do it.")


def not_here(worker: Worker, workplace: Workplace) -> AnyReason:
    """Says that a worker is not logged in at a workplace."""
    return Reason("login-missing", f"{worker.name} is not logged in at {workplace.name}; log in there first.")


def no_esd_test(worker: Worker, workplace: Workplace) -> AnyReason:
    """Says that a worker passed no ESD test lately."""
    when = f"the last passed test was {worker.esd_tm}" if worker.esd_tm else "no passed test is on record"
    return Reason("esd-expired", f"{worker.name} needs an ESD test to work at {workplace.name}: {when}.")


def no_skill(level: str, whom: str, **where: int) -> AnyReason:
    """Says that a worker's skill is missing or too low."""
    return Reason(
        "iluo-insufficient", f"ILUO level {level} or higher is needed and missing: {whom}.", **where
    )
