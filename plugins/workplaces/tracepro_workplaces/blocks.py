"""Blocking workplaces, so that nothing is recorded there until somebody unblocks them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracepro import clock
from tracepro.database import Statement, p
from tracepro_hookspecs.records import Block, Workplace
from tracepro_workplaces import models as m
from tracepro_workplaces.workplaces import workplace, workplaces

LOCK = Statement(lambda: (
    m.Workplace.select(m.Workplace.id)
    .where(m.Workplace.id.in_(p.integers("wp_ids"))).order_by(m.Workplace.id).for_update()
))  # fmt: skip
SET = Statement(lambda: (
    m.Workplace.update(block_reason=p("reason"), block_tm=p("tm")).where(m.Workplace.id == p("wp_id"))
))  # fmt: skip


def block(call: Any, wp_id: int, reason: str) -> Workplace:
    """Blocks a workplace; one that is blocked already gets the new reason and time."""
    call.db.rows(LOCK, wp_ids=[wp_id])
    return _set(call, workplace(call, wp_id), Block(reason, clock.text(call.now)), call.now)


def unblock(call: Any, wp_ids: Iterable[int]) -> list[int]:
    """Unblocks workplaces, all or none; returns the ids of those that were blocked."""
    wanted = list(wp_ids)
    call.db.rows(LOCK, wp_ids=wanted)
    blocked = [place for place in workplaces(call, wanted) if place.blocked]
    return [_set(call, place, None, None).id for place in blocked]


def blocked(call: Any, wp_ids: Iterable[int]) -> list[Workplace]:
    """Returns those of the workplaces that are blocked."""
    return [place for place in workplaces(call, wp_ids) if place.blocked]


def _set(call: Any, place: Workplace, now: Block | None, tm: int | None) -> Workplace:
    call.changed(f"workplace {place.id}", "blocked", place.blocked, now)
    call.db.run(SET, wp_id=place.id, reason=now.reason if now else "", tm=tm)
    after = Workplace(place.id, place.name, place.erp_ref, place.line, place.esd, place.acts, now)
    call.hooks.apply("tracepro_workplace_blocked", workplace=after, block=now)
    return after
