"""What ``tracepro check`` says of workers: what the options of a line ask for that nobody there can give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from peewee import Query
from tracepro_workplaces import api as workplaces_api

from tracepro.database import statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Workplace
from tracepro_workers import models as m
from tracepro_workers import skills
from tracepro_workers.workers import active_workers

MOST_NAMED = 3


@statement
def workers_without_code() -> Query:
    """The active workers who can be told by their id only."""
    worker = m.Worker
    nothing = worker.card.is_null() & worker.code.is_null() & worker.totp_secret.is_null()
    named = worker.select(worker.id, worker.name).where(nothing & (worker.active == True))  # noqa: E712
    return named.order_by(worker.id)


def find(call: Call) -> Iterator[tuple[str, str]]:
    """Yield what is wrong on the line of the call, or in the plant: what it concerns, and a sentence."""
    here = [
        place
        for place in workplaces_api.list_workplaces(call)
        if call.line is None or place.line == call.line
    ]
    where = "" if call.line is None else f" on line {call.line}"
    if call.option("workers", "login_required") and (found := _only_by_id(call)):
        yield f"login_required{where}", found
    if call.option("workers", "esd_check") and here and not any(place.esd for place in here):
        yield (
            f"esd_check{where}",
            "no workplace there has esd, so nobody is asked for a test; set esd in the plant file.",
        )
    if call.option("workers", "iluo_check"):
        yield from _acts_of_nobody(call, here)


def _only_by_id(call: Call) -> str:
    """Return the sentence about workers without card and code, empty when there are none."""
    found = [f"{name} ({worker_id})" for worker_id, name in call.db.rows(workers_without_code)]
    if not found:
        return ""
    named = ", ".join(found[:MOST_NAMED]) + (
        f" and {more} more" if (more := len(found) - MOST_NAMED) > 0 else ""
    )
    return f"{named} can log in by id only; give a card or a code in the plant file."


def _acts_of_nobody(call: Call, here: Sequence[Workplace]) -> Iterator[tuple[str, str]]:
    workers = active_workers(call)
    level = call.option("workers", "iluo_min_level")
    for place in here:
        for act in skills.acts_of_nobody(call, place, workers):
            yield (
                f"act {act} at workplace {place.id} ({place.name})",
                f"iluo_check asks for level {level}, and no active worker has it today; import the skill with the plant file.",
            )
