"""Kinds of work: looking them up and describing them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracepro.database import Statement, p
from tracepro_hookspecs import InvalidParams, NotFound
from tracepro_hookspecs.records import Act
from tracepro_workplaces import models as m


def _query() -> Any:
    return m.Act.select(m.Act.id, m.Act.name, m.Act.desc).order_by(m.Act.id)


BY_ID = Statement(lambda: _query().where(m.Act.id == p("act_id")))
BY_IDS = Statement(lambda: _query().where(m.Act.id.in_(p.integers("act_ids"))))
ALL = Statement(_query)
DESCRIBE = Statement(lambda: m.Act.update(desc=p("desc")).where(m.Act.id == p("act_id")))


def act(call: Any, act_id: int) -> Act:
    """Returns an act by its id; raises ``act-not-found``."""
    row = call.db.one(BY_ID, act_id=act_id)
    if row is None:
        raise unknown(act_id)
    return Act(*row)


def acts(call: Any, act_ids: Iterable[int]) -> list[Act]:
    """Returns several acts in order of id; raises ``act-not-found`` for the first unknown one."""
    wanted = list(dict.fromkeys(act_ids))
    found = [Act(*row) for row in call.db.rows(BY_IDS, act_ids=wanted)]
    missing = set(wanted) - {known.id for known in found}
    if missing:
        raise unknown(min(missing))
    return found


def every(call: Any) -> list[Act]:
    """Returns all acts in order of id."""
    return [Act(*row) for row in call.db.rows(ALL)]


def describe(call: Any, act_id: int, key: str, value: Any) -> Act:
    """Changes what an act is described as; ``desc`` is the only key."""
    before = act(call, act_id)
    if not isinstance(value, str):
        raise InvalidParams(
            "value", f"The description of act {act_id} must be text, not {value!r}.", rule="type"
        )
    call.changed(f"act {act_id}", key, before.desc, value)
    call.db.run(DESCRIBE, act_id=act_id, desc=value)
    return Act(before.id, before.name, value)


def unknown(act_id: int) -> NotFound:
    """Returns the error for an act that doesn't exist."""
    return NotFound("act-not-found", f"There is no act {act_id}; import it with the plant file first.")
