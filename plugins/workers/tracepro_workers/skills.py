"""ILUO skills: who may do which act alone, and who only beside somebody who may (I < L < U < O)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tracepro.database import Statement, p
from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Step, Worker, Workplace
from tracepro_workers import models as m
from tracepro_workers.reasons import no_skill
from tracepro_workers.shifts import shift_at

LEVELS = ("I", "L", "U", "O")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

HERE = Statement(lambda: (
    m.Skill.select(m.Skill.act, m.Skill.level, m.Skill.valid_to)
    .join(m.Login, on=(m.Login.worker == m.Skill.worker)).join(m.Worker, on=(m.Worker.id == m.Skill.worker))
    .where((m.Login.wp_id == p("wp_id")) & (m.Login.tm >= p("since")) & (m.Worker.active == True))  # noqa: E712
))  # fmt: skip


def asked(call: Any, workplace: Workplace | None) -> bool:
    """Tells whether skills count here: the option ``iluo_check`` is on."""
    return workplace is not None and call.option("workers", "iluo_check")


def reasons_at_login(call: Any, who: Worker, workplace: Workplace | None) -> list[Reason]:
    """Says why a worker may not log in: no sufficient skill for any of the workplace's acts (none asks for none)."""
    if not asked(call, workplace) or not workplace.acts:
        return []
    if any(_sufficient(call, who, workplace, act) for act in workplace.acts):
        return []
    acts = ", ".join(map(str, workplace.acts))
    return [_insufficient(call, f"{who.name} at {workplace.name} (acts {acts})")]


def reasons_at_work(
    call: Any, people: Sequence[Worker], workplace: Workplace, steps: Iterable[Step]
) -> list[Reason]:
    """Says which of the people have no sufficient skill for the act of which step."""
    if not asked(call, workplace):
        return []
    return [
        _insufficient(
            call, f"{who.name} for {step.name or step.op} (act {step.act})", op=step.op, act=step.act
        )
        for step in steps
        for who in people
        if not _sufficient(call, who, workplace, step.act)
    ]


def _sufficient(call: Any, who: Worker, workplace: Workplace, act: int) -> bool:
    level = max((_rank(call, s.level, s.valid_to) for s in who.skills if s.act == act), default=-1)
    if level >= _needed(call):
        return True
    return level >= 0 and call.option("workers", "iluo_supervised") and _supervised(call, workplace, act)


def _supervised(call: Any, workplace: Workplace, act: int) -> bool:
    """Tells whether somebody at the needed level for the act is logged in at the workplace."""
    since, _ = shift_at(call, call.now)
    here = call.db.rows(HERE, wp_id=workplace.id, since=since)
    return any(_rank(call, level, to) >= _needed(call) for known, level, to in here if known == act)


def _needed(call: Any) -> int:
    return LEVELS.index(call.option("workers", "iluo_min_level"))


def _rank(call: Any, level: str, valid_to: str | None) -> int:
    """Returns how high a level is; -1 after its last day in site time."""
    today = (EPOCH + timedelta(microseconds=call.now)).astimezone(call.zone).date().isoformat()
    return -1 if valid_to is not None and valid_to < today else LEVELS.index(level)


def _insufficient(call: Any, whom: str, **where: int) -> Reason:
    return no_skill(call.option("workers", "iluo_min_level"), whom, **where)
