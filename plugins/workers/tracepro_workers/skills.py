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
    """The skills of the active workers who logged in at a workplace since an instant."""
    here = (m.Login.wp_id == p("wp_id")) & (m.Login.tm >= p("since")) & (m.Worker.active == True)  # noqa: E712
    skills = m.Skill.select(m.Skill.act, m.Skill.level, m.Skill.valid_to)
    joined = skills.join(m.Login, on=(m.Login.worker == m.Skill.worker))
    return joined.join(m.Worker, on=(m.Worker.id == m.Skill.worker)).where(here)


def are_required(call: Call, workplace: Workplace | None) -> bool:
    """Tell whether skills count here: the option ``iluo_check`` is on."""
    return workplace is not None and call.option("workers", "iluo_check")


def reasons_at_login(call: Call, worker: Worker, workplace: Workplace | None) -> list[Reason]:
    """Return why a worker may not log in: no sufficient skill for any of the workplace's acts (none asks for none)."""
    if workplace is None or not workplace.acts or not are_required(call, workplace):
        return []
    if any(_sufficient(call, worker, workplace, act) for act in workplace.acts):
        return []
    acts = ", ".join(map(str, workplace.acts))
    return [_insufficient(call, f"{worker.name} at {workplace.name} (acts {acts})")]


def reasons_at_work(
    call: Call, workers: Sequence[Worker], workplace: Workplace, steps: Iterable[Step]
) -> list[Reason]:
    """Return which of the workers have no sufficient skill for the act of which step."""
    if not are_required(call, workplace):
        return []
    return [
        _insufficient(
            call, f"{worker.name} for {step.name or step.op} (act {step.act})", op=step.op, act=step.act
        )
        for step in steps
        for worker in workers
        if not _sufficient(call, worker, workplace, step.act)
    ]


def _sufficient(call: Call, worker: Worker, workplace: Workplace, act: int) -> bool:
    level = max(
        (_rank(call, skill.level, skill.valid_to) for skill in worker.skills if skill.act == act), default=-1
    )
    if level >= _needed(call):
        return True
    return level >= 0 and call.option("workers", "iluo_supervised") and _supervised(call, workplace, act)


def _supervised(call: Call, workplace: Workplace, act: int) -> bool:
    """Tell whether somebody at the needed level for the act is logged in at the workplace."""
    since, _ = shift_at(call, call.now)
    here = call.db.rows(skills_at_workplace, wp_id=workplace.id, since=since)
    return any(_rank(call, level, to) >= _needed(call) for known, level, to in here if known == act)


def _needed(call: Call) -> int:
    return LEVELS.index(call.option("workers", "iluo_min_level"))


def _rank(call: Call, level: str, valid_to: str | None) -> int:
    """Return how high a level is; -1 after its last day in site time."""
    today = (EPOCH + timedelta(microseconds=call.now)).astimezone(call.zone).date().isoformat()
    return -1 if valid_to is not None and valid_to < today else LEVELS.index(level)


def _insufficient(call: Call, whom: str, op: int | None = None, act: int | None = None) -> Reason:
    return iluo_insufficient(call.option("workers", "iluo_min_level"), whom, op, act)
