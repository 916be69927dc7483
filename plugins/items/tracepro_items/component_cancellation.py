"""What becomes of components when an operation that built them in or took them out is cancelled."""

from __future__ import annotations

from collections.abc import Mapping

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call, Refused
from tracepro_items import components, genealogy, reasons, units
from tracepro_items import models as m
from tracepro_items.units import Unit


@statement
def built_by_operation() -> Query:
    """What an operation built into a unit."""
    in_unit = m.Component.parent_id == p("parent_id")
    return m.Component.select(m.Component.child_id).where(in_unit, m.Component.op_id == p("op_id"))


@statement
def named_again() -> Query:
    """What an operation built in and others named again there: the component and the other operation."""
    query = m.Again.select(m.Again.child_id, m.Again.op_id).where(m.Again.built_by == p("op_id"))
    return query.order_by(m.Again.op_id.desc())


@statement
def hand_component_over() -> Query:
    """Make another operation the one that built a component in."""
    built = (m.Component.child_id == p("child_id")) & (m.Component.op_id == p("op_id"))
    return m.Component.update(op_id=p("to")).where(built)


@statement
def hand_removals_over() -> Query:
    """Make another operation the one that built in what was taken out since."""
    built = (m.Removal.child_id == p("child_id")) & (m.Removal.built_by == p("op_id"))
    return m.Removal.update(built_by=p("to")).where(built)


@statement
def hand_again_over() -> Query:
    """Make another operation the one that built in what was named again."""
    built = (m.Again.child_id == p("child_id")) & (m.Again.built_by == p("op_id"))
    return m.Again.update(built_by=p("to")).where(built)


@statement
def delete_again() -> Query:
    """Delete what an operation named again."""
    return m.Again.delete().where(m.Again.op_id == p("op_id"))


@statement
def delete_again_of() -> Query:
    """Delete that an operation named a component again."""
    return m.Again.delete().where(m.Again.op_id == p("op_id"), m.Again.child_id == p("child_id"))


@statement
def removals_by_operation() -> Query:
    """The positions of what an operation took out, where the operation that built it in still counts."""
    query = m.Removal.select(m.Removal.child_id, m.Removal.parent_id, m.Removal.ref, m.Removal.built_by)
    query = query.join(m.Operation, on=(m.Operation.id == m.Removal.built_by))
    still_counts = m.Operation.cancelled == 0
    return query.where(m.Removal.op_id == p("op_id"), still_counts).order_by(m.Removal.id)


@statement
def delete_removals() -> Query:
    """Delete what an operation took out."""
    return m.Removal.delete().where(m.Removal.op_id == p("op_id"))


def take_back(call: Call, host: Unit, op_id: int) -> None:
    """Undo what an operation on a unit built in and took out, as far as it still stands so.

    What another operation named again stays, as that one's. Raises Refused when a component it took out is built
    into another unit by now, holds the unit itself, or has its position taken.
    """
    call.db.run(delete_again, op_id=op_id)
    _hand_over(call, op_id)
    built = [row[0] for row in call.db.rows(built_by_operation, parent_id=host.id, op_id=op_id)]
    rows = call.db.rows(removals_by_operation, op_id=op_id)
    removed = {part_id: components.ComponentPosition(*position) for part_id, *position in rows}
    if not built and not removed:
        return
    parts = units.units(call, {*built, *removed}, lock=True)
    if built:
        components.delete(call, [parts[part_id] for part_id in sorted(built)])
    if removed:
        _put_back(call, host, {parts[part_id]: position for part_id, position in removed.items()})
        call.db.run(delete_removals, op_id=op_id)


def _hand_over(call: Call, op_id: int) -> None:
    """Make the first operation that named a component again the one that built it in."""
    first: dict[int, int] = dict(call.db.rows(named_again, op_id=op_id))
    for child_id, to in first.items():
        call.db.run(delete_again_of, op_id=to, child_id=child_id)
        for hand_over in (hand_component_over, hand_removals_over, hand_again_over):
            call.db.run(hand_over, child_id=child_id, op_id=op_id, to=to)


def _put_back(call: Call, host: Unit, removed: Mapping[Unit, components.ComponentPosition]) -> None:
    ids = [part.id for part in removed]
    near = call.db.rows(components.positions_of_components_or_in_hosts, ids=ids, host_ids=[host.id])
    now_in = {part_id: components.ComponentPosition(*position) for part_id, *position in near}
    above = dict(genealogy.ancestors(call, [host.id])[host.id])
    held = {position.ref: part_id for part_id, position in now_in.items() if position.host_id == host.id}
    against = []
    for part, position in removed.items():
        if part.id in now_in or part.id in above:
            used_in = units.unit(call, now_in[part.id].host_id) if part.id in now_in else None
            against.append(reasons.component_in_use(host, part, used_in))
        if position.ref and held.setdefault(position.ref, part.id) != part.id:
            in_the_way = units.unit(call, held[position.ref])
            against.append(reasons.position_occupied(host, position.ref, in_the_way))
    if against:
        raise Refused(against)
    components.insert(
        call, [(part, components.row_of(part.id, position)) for part, position in removed.items()]
    )
