"""Kinds of work: looking them up and describing them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import Query

from tracepro.database import list_rows, p, statement
from tracepro_hookspecs import Call, InvalidParams
from tracepro_hookspecs.records import Act
from tracepro_workplaces import models as m
from tracepro_workplaces.reasons import act_not_found

LONGEST = 65535
"""Characters of a description."""


def _select_acts() -> Query:
    return m.Act.select(m.Act.id, m.Act.name, m.Act.desc).order_by(m.Act.id)


@statement
def act_by_id() -> Query:
    """One act."""
    return _select_acts().where(m.Act.id == p("act_id"))


@statement
def acts_by_ids() -> Query:
    """Several acts in order of id."""
    return _select_acts().where(m.Act.id.in_(p.integers("act_ids")))


@statement
def all_acts() -> Query:
    """All acts in order of id."""
    return _select_acts()


@statement
def lock_act() -> Query:
    """Lock an act."""
    return m.Act.select(m.Act.id).where(m.Act.id == p("act_id")).for_update()


@statement
def update_description() -> Query:
    """Change the description of an act."""
    return m.Act.update(desc=p("desc")).where(m.Act.id == p("act_id"))


def act(call: Call, act_id: int) -> Act:
    """Return an act by its id. Raises ``act-not-found``."""
    row = call.db.one(act_by_id, act_id=act_id)
    if row is None:
        raise act_not_found(act_id)
    return Act(*row)


def acts(call: Call, act_ids: Iterable[int]) -> list[Act]:
    """Return several acts in order of id. Raises ``act-not-found`` for the first unknown one."""
    wanted = list(dict.fromkeys(act_ids))
    found = [Act(*row) for row in call.db.rows(acts_by_ids, act_ids=wanted)]
    missing = set(wanted) - {act.id for act in found}
    if missing:
        raise act_not_found(min(missing))
    return found


def list_acts(call: Call) -> list[Act]:
    """Return all acts in order of id."""
    return [Act(*row) for row in list_rows(call, all_acts)]


def set_description(call: Call, act_id: int, key: str, value: Any) -> Act:
    """Change the description of an act and return the act; ``key`` is ``desc``, the only one that can be set."""
    call.db.rows(lock_act, act_id=act_id)
    before = act(call, act_id)
    if not isinstance(value, str) or len(value) > LONGEST:
        info = f"The description of act {act_id} must be a text of at most {LONGEST} characters."
        raise InvalidParams("value", info, rule="type")
    call.changed(f"act {act_id}", key, before.desc, value)
    call.db.run(update_description, act_id=act_id, desc=value)
    return Act(before.id, before.name, value)
