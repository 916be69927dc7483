"""ILUO skills: who may do which act alone, and who only beside somebody who may (I < L < U < O)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Step, Worker, Workplace
from tracepro_workers import models as m
from tracepro_workers.reasons import iluo_insufficient
from tracepro_workers.shifts import shift_at

LEVELS = ("I", "L", "U", "O")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@statement
def skills_at_workplace() -> Query:
    """The skills of the active workers who have been logged in at a workplace since the shift began."""
    skill, login, worker = m.Skill, m.Login, m.Worker
    joined = (
        skill.select(skill.act, skill.level, skill.valid_to)
        .join(login, on=(login.worker == skill.worker))
        .join(worker, on=(worker.id == skill.worker))
    )
    logged_in = (login.wp_id == p("wp_id")) & (login.tm >= p("shift_start"))
    return joined.where(logged_in & (worker.active == True))  # noqa: E712


def are_required(call: Call) -> bool:
    """Tell whether skills count here: the option ``iluo_check`` is on."""
    return call.option("workers", "iluo_check")


def reasons_at_login(
    call: Call, worker: Worker, workplace: Workplace, beside: Iterable[Worker] = ()
) -> list[Reason]:
    """Return why a worker may not log in: no sufficient skill for any of the workplace's acts, if it has acts.

    ``beside`` are those whom the same call logs in there: one of them at the level supervises the others.
    """
    if not are_required(call) or not workplace.acts:
        return []
    if any(_is_sufficient(call, worker, workplace, act, beside) for act in workplace.acts):
        return []
    acts = ", ".join(map(str, workplace.acts))
    purpose = f"for one of the acts of {workplace.name} ({acts})"
    return [iluo_insufficient(worker, _minimum(call), purpose)]


def reasons_at_work(
    call: Call, workers: Sequence[Worker], workplace: Workplace, steps: Iterable[Step]
) -> list[Reason]:
    """Return which of the workers have no sufficient skill for the act of which step."""
    if not are_required(call):
        return []
    return [
        _insufficient_for(call, worker, step)
        for step in steps
        for worker in workers
        if not _is_sufficient(call, worker, workplace, step.act)
    ]


def _insufficient_for(call: Call, worker: Worker, step: Step) -> Reason:
    purpose = f"for {step.name or f'step {step.op}'} (act {step.act})"
    return iluo_insufficient(worker, _minimum(call), purpose, step.op, step.act)


def _is_sufficient(
    call: Call, worker: Worker, workplace: Workplace, act: int, beside: Iterable[Worker] = ()
) -> bool:
    rank = _rank_of(call, worker, act)
    if rank >= LEVELS.index(_minimum(call)):
        return True
    return (
        rank >= 0
        and call.option("workers", "iluo_supervised")
        and _is_supervised(call, workplace, act, beside)
    )


def _is_supervised(call: Call, workplace: Workplace, act: int, beside: Iterable[Worker]) -> bool:
    """Tell whether somebody at the required level for the act is logged in at the workplace or about to be."""
    shift_start, _ = shift_at(call, call.now)
    rows = call.db.rows(skills_at_workplace, wp_id=workplace.id, shift_start=shift_start)
    ranks = [_rank(call, level, valid_to) for known, level, valid_to in rows if known == act]
    ranks += [_rank_of(call, worker, act) for worker in beside]
    return max(ranks, default=-1) >= LEVELS.index(_minimum(call))


def _rank_of(call: Call, worker: Worker, act: int) -> int:
    ranks = [_rank(call, skill.level, skill.valid_to) for skill in worker.skills if skill.act == act]
    return max(ranks, default=-1)


def _minimum(call: Call) -> str:
    return call.option("workers", "iluo_min_level")


def _rank(call: Call, level: str, valid_to: str | None) -> int:
    """Return how high a level is; -1 after its last day in site time."""
    today = (EPOCH + timedelta(microseconds=call.now)).astimezone(call.zone).date().isoformat()
    return -1 if valid_to is not None and valid_to < today else LEVELS.index(level)
