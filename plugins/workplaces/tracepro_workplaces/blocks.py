"""Blocking workplaces, so that nothing is recorded there until somebody unblocks them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from peewee import Query

from tracepro import clock
from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Block, Workplace
from tracepro_workplaces import models as m
from tracepro_workplaces import workplaces


@statement
def lock_workplaces() -> Query:
    """Lock workplaces in order of id, so that no two calls wait for each other."""
    wanted = m.Workplace.id.in_(p.integers("wp_ids"))
    return m.Workplace.select(m.Workplace.id).where(wanted).order_by(m.Workplace.id).for_update()


@statement
def update_block() -> Query:
    """Set the block of a workplace, or clear it with an empty reason and no time."""
    block = {"block_reason": p("reason"), "block_tm": p("tm")}
    return m.Workplace.update(**block).where(m.Workplace.id == p("wp_id"))


def block_workplace(call: Call, wp_id: int, reason: str) -> Workplace:
    """Block a workplace and return it; one that is blocked already gets the new reason and time."""
    call.db.rows(lock_workplaces, wp_ids=[wp_id])
    workplace = workplaces.workplace(call, wp_id)
    return _write_block(call, workplace, Block(reason, clock.text(call.now)), call.now)


def unblock_workplaces(call: Call, wp_ids: Iterable[int]) -> list[int]:
    """Unblock workplaces, all or none, and return the ids of those that were blocked."""
    wanted = list(wp_ids)
    call.db.rows(lock_workplaces, wp_ids=wanted)
    blocked = [workplace for workplace in workplaces.workplaces(call, wanted) if workplace.blocked]
    return [_write_block(call, workplace, None, None).id for workplace in blocked]


def list_blocks(call: Call, wp_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Return ``wp_id``, ``reason`` and ``tm`` of those of the workplaces that are blocked, in order of id."""
    return [
        {"wp_id": workplace.id, "reason": workplace.blocked.reason, "tm": workplace.blocked.tm}
        for workplace in workplaces.workplaces(call, wp_ids)
        if workplace.blocked
    ]


def _write_block(call: Call, before: Workplace, block: Block | None, tm: int | None) -> Workplace:
    call.changed(f"workplace {before.id}", "blocked", before.blocked, block)
    call.db.run(update_block, wp_id=before.id, reason=block.reason if block else "", tm=tm)
    after = msgspec.structs.replace(before, blocked=block)
    call.hooks.apply("tracepro_workplace_blocked", workplace=after, block=block)
    return after
