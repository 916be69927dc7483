"""Where units stand on their route: the latest record that counts of each step, and nothing older.

"Latest" is the server's order of recording, never the time a caller gives. The interlock reads a few rows
however long a unit's history is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracepro.database import Insert, Statement, p
from tracepro_items import models as m

Standing = Mapping[int, tuple[int, int]]
"""A unit's steps with records: ``{op: (result, op_id)}``."""
NOTHING: Standing = {}


def _query() -> Any:
    return m.State.select(m.State.item_id, m.State.op, m.State.result, m.State.op_id)


OF_ONE = Statement(lambda: _query().where(m.State.item_id == p("id")))
OF_MANY = Statement(lambda: _query().where(m.State.item_id.in_(p.integers("ids"))))
PUT = Insert(m.State, keys=(m.State.item_id, m.State.op), update=(m.State.result, m.State.op_id))
UNDO = Statement(
    lambda: m.State.delete().where(m.State.item_id.in_(p.integers("ids")), m.State.op >= p("op"))
)
DROP = Statement(lambda: m.State.delete().where(m.State.item_id == p("id"), m.State.op == p("op")))


def read(call: Any, item_ids: Sequence[int]) -> dict[int, Standing]:
    """Returns where units stand; units without records are left out."""
    if len(item_ids) == 1:
        rows = call.db.rows(OF_ONE, id=item_ids[0])
        return {item_ids[0]: {op: (result, op_id) for _, op, result, op_id in rows}}
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for item_id, op, result, op_id in call.db.rows(OF_MANY, ids=item_ids) if item_ids else ():
        found.setdefault(item_id, {})[op] = (result, op_id)
    return found


def last_result(standing: Standing) -> int | None:
    """Returns the result of a unit's last record, whatever the step, or None."""
    if not standing:
        return None
    return max(standing.values(), key=lambda latest: latest[1])[0]


def put(call: Any, rows: Iterable[tuple[int, int, int, int]]) -> None:
    """Makes (item_id, op, result, op_id) rows the latest of their unit and step."""
    names = ("item_id", "op", "result", "op_id")
    call.db.insert_many(PUT, [dict(zip(names, row, strict=True)) for row in rows])


def undo(call: Any, item_ids: Sequence[int], op: int) -> None:
    """Makes the records of units from a step on count as not done."""
    call.db.run(UNDO, ids=item_ids, op=op)
