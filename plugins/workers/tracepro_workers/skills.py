"""ILUO skills: who may do which act alone, and who only beside somebody who may (I < L < U < O)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reason, Row
from tracepro_hookspecs.records import Step, Worker, Workplace
from tracepro_workers import models as m
from tracepro_workers.reasons import iluo_insufficient
from tracepro_workers.shifts import shift_at

LEVELS = ("I", "L", "U", "O")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@statement
def skills_at_workplace() -> Query:
    """The skills of the active workers who have been logged in at a workplace in the shift."""
    skill, login, worker = m.Skill, m.Login, m.Worker
    joined = (
        skill.select(skill.act, skill.level, skill.valid_to)
        .join(login, on=(login.worker == skill.worker))
        .join(worker, on=(worker.id == skill.worker))
    )
    logged_in = (login.wp_id == p("wp_id")) & (login.tm >= p("start")) & (login.tm < p("end"))
    return joined.where(logged_in & (worker.active == True))  # noqa: E712


def are_required(call: Call) -> bool:
    """Tell whether skills count here: the option ``iluo_check`` is on."""
    return call.option("workers", "iluo_check")


def reasons_at_login(
    call: Call, worker: Worker, workplace: Workplace, beside: Sequence[Worker] = ()
) -> list[Reason]:
    """Return why a worker may not log in: no sufficient skill for any of the workplace's acts, if it has acts.

    ``beside`` are those whom the same call logs in there: one of them at the level supervises the others.
    """
    if not are_required(call) or not workplace.acts:
        return []
    levels = _Levels(call, workplace, beside)
    if any(levels.are_sufficient(worker, act) for act in workplace.acts):
        return []
    acts = ", ".join(map(str, workplace.acts))
    purpose = f"for one of the acts of {workplace.name} ({acts})"
    return [iluo_insufficient(worker, levels.minimum, purpose)]


def reasons_at_work(
    call: Call, workers: Sequence[Worker], workplace: Workplace, steps: Iterable[Step]
) -> list[Reason]:
    """Return which of the workers have no sufficient skill for the act of which step."""
    if not are_required(call):
        return []
    levels = _Levels(call, workplace)
    return [
        iluo_insufficient(worker, levels.minimum, _purpose_of(step), step.op, step.act)
        for step in steps
        for worker in workers
        if not levels.are_sufficient(worker, step.act)
    ]


def acts_of_nobody(call: Call, workplace: Workplace, workers: Sequence[Worker]) -> list[int]:
    """Return the acts of a workplace that none of the workers may do alone today."""
    levels = _Levels(call, workplace)
    return [
        act
        for act in workplace.acts
        if not any(levels.are_sufficient_alone(worker, act) for worker in workers)
    ]


def _purpose_of(step: Step) -> str:
    return f"for {step.name or f'step {step.op}'} (act {step.act})"


class _Levels:
    """The levels of workers at a workplace now; who supervises there is read once, when somebody needs it.

    Skills are rows of act, level and last day.
    """

    def __init__(self, call: Call, workplace: Workplace, beside: Sequence[Worker] = ()) -> None:
        self._call = call
        self._workplace = workplace
        self._beside = beside
        self._today = (EPOCH + timedelta(microseconds=call.now)).astimezone(call.zone).date().isoformat()
        self.minimum: str = call.option("workers", "iluo_min_level")

    def are_sufficient(self, worker: Worker, act: int) -> bool:
        """Tell whether a worker may do an act: at the level, or of a lower one and supervised."""
        if self.are_sufficient_alone(worker, act):
            return True
        supervised = self._call.option("workers", "iluo_supervised")
        return supervised and self._rank(act, _rows(worker)) >= 0 and self._is_at_level(act, self._present)

    def are_sufficient_alone(self, worker: Worker, act: int) -> bool:
        """Tell whether a worker is at the level for an act."""
        return self._is_at_level(act, _rows(worker))

    @cached_property
    def _present(self) -> Sequence[Row]:
        """The skills of who is logged in at the workplace in this shift or about to be."""
        start, end = shift_at(self._call, self._call.now)
        rows = self._call.db.rows(skills_at_workplace, wp_id=self._workplace.id, start=start, end=end)
        return [*rows, *(row for each in self._beside for row in _rows(each))]

    def _is_at_level(self, act: int, skills: Iterable[Row]) -> bool:
        return self._rank(act, skills) >= LEVELS.index(self.minimum)

    def _rank(self, act: int, skills: Iterable[Row]) -> int:
        """Return how high the highest level for an act is, -1 for none; a level ends after its last day in site time."""
        ranks = [
            LEVELS.index(level)
            for known, level, valid_to in skills
            if known == act and (valid_to is None or valid_to >= self._today)
        ]
        return max(ranks, default=-1)


def _rows(worker: Worker) -> list[Row]:
    """Return the skills of a worker as rows of act, level and last day."""
    return [(skill.act, skill.level, skill.valid_to) for skill in worker.skills]
