"""Where units stand on their route: the latest record that counts of each step, and nothing older.

"Latest" is the server's order of recording, never the time a caller gives. The interlock reads a few rows
however long a unit's history is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from peewee import Query, Select

from tracepro.database import Insert, JsonObject, p, statement
from tracepro_hookspecs import Call
from tracepro_items import models as m
from tracepro_schemas import defs


class LatestRecord(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The latest record of a step that counts: its result, the operation's id, whether the unit itself was recorded."""

    result: int
    op_id: int
    own: bool = True

    @property
    def passed(self) -> bool:
        """True for a pass."""
        return self.result == defs.RESULT_PASS

    @property
    def own_fail(self) -> bool:
        """True for a fail that was recorded on the unit itself and not on its panel."""
        return self.own and not self.passed


RouteState = Mapping[int, LatestRecord]
"""The steps of a unit that have records, by ``op``."""
NO_RECORDS: RouteState = {}
StateRow = tuple[int, int, int, int, bool]
"""A unit's latest record of a step, as it is stored: (item_id, op, result, op_id, own)."""
_decode = msgspec.json.Decoder(dict[int, LatestRecord], strict=False).decode
PUT = Insert(m.State, keys=(m.State.item_id, m.State.op), update=(m.State.result, m.State.op_id, m.State.own))


def _select() -> Select:
    return m.State.select(m.State.item_id, m.State.op, m.State.result, m.State.op_id, m.State.own)


@statement
def state_of_unit() -> Query:
    """Where one unit stands."""
    return _select().where(m.State.item_id == p("id"))


@statement
def states_of_units() -> Query:
    """Where several units stand."""
    return _select().where(m.State.item_id.in_(p.integers("ids")))


@statement
def recorded_steps() -> Query:
    """Which of some steps of units have records."""
    steps = m.State.item_id.in_(p.integers("ids")) & m.State.op.in_(p.integers("ops"))
    return m.State.select(m.State.item_id, m.State.op).where(steps)


@statement
def delete_from_step_on() -> Query:
    """Delete what units have from a step on."""
    return m.State.delete().where(m.State.item_id.in_(p.integers("ids")), m.State.op >= p("op"))


def as_json() -> Select:
    """Return a query of the records of units, for :func:`decode`; whose, the caller says."""
    return m.State.select(JsonObject(m.State.op, m.State.result, m.State.op_id, m.State.own))


def decode(text: str | None) -> RouteState:
    """Return where a unit stands."""
    return _decode(text) if text else NO_RECORDS


def read(call: Call, item_ids: Sequence[int]) -> dict[int, RouteState]:
    """Return where units stand; units without records may be left out."""
    if len(item_ids) == 1:
        rows = call.db.rows(state_of_unit, id=item_ids[0])
        return {item_ids[0]: {op: LatestRecord(*record) for _, op, *record in rows}}
    found: dict[int, dict[int, LatestRecord]] = {}
    for item_id, op, *record in call.db.rows(states_of_units, ids=item_ids) if item_ids else ():
        found.setdefault(item_id, {})[op] = LatestRecord(*record)
    return dict(found)


def recorded(call: Call, item_ids: Sequence[int], ops: Sequence[int]) -> set[tuple[int, int]]:
    """Return (item_id, op) of the steps of units that have a record which counts."""
    return set(call.db.rows(recorded_steps, ids=item_ids, ops=ops)) if item_ids else set()


def last_result(state: RouteState) -> int | None:
    """Return the result of a unit's last record, whatever the step, or None."""
    if not state:
        return None
    return max(state.values(), key=lambda record: record.op_id).result


def put(call: Call, rows: Iterable[StateRow]) -> None:
    """Make records the latest of their unit and step."""
    names = ("item_id", "op", "result", "op_id", "own")
    call.db.defer_insert_many(PUT, [dict(zip(names, row, strict=True)) for row in rows])


def clear_from(call: Call, item_ids: Sequence[int], op: int) -> None:
    """Make the records of units from a step on count as not done."""
    call.db.defer(delete_from_step_on, ids=item_ids, op=op)
