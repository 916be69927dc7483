"""Components: units that are built into others, one position each, at a reference designator.

A COMPONENT row builds the unit with the code ``value`` in at ``key``, a COMPONENT_OUT row takes it out again
(``key`` "" is wherever it is), whatever the result of the operation they stand in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Reason, Refused
from tracepro_items import genealogy, reasons, units
from tracepro_items import models as m
from tracepro_items.history import DataRow
from tracepro_items.units import Unit, UnitOps
from tracepro_schemas import defs

TYPES = frozenset((defs.DATA_TP_COMPONENT, defs.DATA_TP_COMPONENT_OUT))
BUILT_IN = Insert(m.Component)
REMOVED = Insert(m.Removal)


class ComponentPosition(msgspec.Struct, frozen=True, gc=False):
    """Where a component is: in which unit, at which designator, by which operation."""

    host_id: int
    ref: str
    op_id: int


@statement
def units_of_codes() -> Query:
    """The units of all products with one of the codes."""
    return m.Code.select(m.Code.code, m.Code.item_id).where(m.Code.code.in_(p.texts("codes")))


@statement
def positions_of_components() -> Query:
    """Where components are built in."""
    query = m.Component.select(
        m.Component.child_id, m.Component.parent_id, m.Component.ref, m.Component.op_id
    )
    return query.where(m.Component.child_id.in_(p.integers("ids")))


@statement
def removals_by_operation() -> Query:
    """The positions of what an operation took out, where the operation that built it in still counts."""
    query = m.Removal.select(m.Removal.child_id, m.Removal.parent_id, m.Removal.ref, m.Removal.built_by)
    query = query.join(m.Operation, on=(m.Operation.id == m.Removal.built_by))
    still_counts = m.Operation.cancelled == 0
    return query.where(m.Removal.op_id == p("op_id"), still_counts).order_by(m.Removal.id)


@statement
def delete_components() -> Query:
    """Delete where components are built in."""
    return m.Component.delete().where(m.Component.child_id.in_(p.integers("ids")))


@statement
def delete_built_by_operation() -> Query:
    """Delete what an operation built into a unit."""
    in_unit = m.Component.parent_id == p("parent_id")
    return m.Component.delete().where(in_unit, m.Component.op_id == p("op_id"))


@statement
def delete_removals() -> Query:
    """Delete what an operation took out."""
    return m.Removal.delete().where(m.Removal.op_id == p("op_id"))


def reasons_against(call: Call, hosts: Sequence[Unit], rows: Sequence[DataRow]) -> list[Reason]:
    """Return why COMPONENT and COMPONENT_OUT rows can't be done to each of the units; ``rows`` are only those."""
    return _worked_out(call, [(host, 0) for host in hosts], rows)[1]


def apply(call: Call, recorded: UnitOps, rows: Sequence[DataRow]) -> None:
    """Build in and take out what the rows say. Raises Refused."""
    changes, against = _worked_out(call, recorded, rows)
    if against:
        raise Refused(against)
    if changes.removed:
        call.db.run(delete_components, ids=sorted(changes.removed))
        call.db.insert_many(REMOVED, list(changes.removed.values()))
    if changes.built_in:
        call.db.insert_many(BUILT_IN, list(changes.built_in.values()))


def _worked_out(
    call: Call, recorded: UnitOps, rows: Sequence[DataRow]
) -> tuple[ComponentChanges, list[Reason]]:
    changes = ComponentChanges(call, [host for host, _ in recorded], rows)
    against = (changes.do(host, op_id, row) for host, op_id in recorded for row in rows)
    return changes, [reason for reason in against if reason is not None]


class ComponentChanges:
    """The components that rows name, and where each is after the rows done so far."""

    def __init__(self, call: Call, hosts: Sequence[Unit], rows: Sequence[DataRow]) -> None:
        self.coded = lock_coded(call, [code for _, _, code in rows if isinstance(code, str)])
        ids = sorted({part.id for parts in self.coded.values() for part in parts})
        found = call.db.rows(positions_of_components, ids=ids) if ids else ()
        self.positions = {part_id: ComponentPosition(*position) for part_id, *position in found}
        self.above = genealogy.ancestors(call, [host.id for host in hosts])
        self.removed: dict[int, dict[str, Any]] = {}
        self.built_in: dict[int, dict[str, Any]] = {}

    def do(self, host: Unit, op_id: int, row: DataRow) -> Reason | None:
        """Do what a row says to a host, or return why it can't be done."""
        tp, ref, code = row
        parts = [part for part in self.coded.get(str(code), ()) if part.id != host.id]
        to_take_out = tp == defs.DATA_TP_COMPONENT_OUT
        if to_take_out:
            parts = [part for part in parts if self._is_at(part.id, host.id, ref)]
        if not parts:
            return reasons.component_not_found(host, code, ref, to_take_out=to_take_out)
        if len(parts) > 1:
            return reasons.component_ambiguous(host, code)
        if to_take_out:
            self._take_out(host, op_id, parts[0])
            return None
        return self._build_in(host, op_id, ref, parts[0])

    def _build_in(self, host: Unit, op_id: int, ref: str, part: Unit) -> Reason | None:
        if part.bad:
            return reasons.item_bad(part)
        if part.id in self.positions:
            return reasons.component_in_use(host, part, self.positions[part.id].host_id)
        if any(part.id == item_id for item_id, _ in self.above[host.id]):
            return reasons.component_in_use(host, part, None)
        self.positions[part.id] = ComponentPosition(host.id, ref, op_id)
        self.built_in[part.id] = _component(part.id, self.positions[part.id])
        return None

    def _take_out(self, host: Unit, op_id: int, part: Unit) -> None:
        position = self.positions.pop(part.id)
        if self.built_in.pop(part.id, None) is None:
            self.removed[part.id] = {
                "op_id": op_id,
                "parent_id": host.id,
                "ref": position.ref,
                "child_id": part.id,
                "built_by": position.op_id,
            }

    def _is_at(self, part_id: int, host_id: int, ref: str) -> bool:
        position = self.positions.get(part_id)
        return position is not None and position.host_id == host_id and ref in ("", position.ref)


def _component(part_id: int, position: ComponentPosition) -> dict[str, Any]:
    return {
        "parent_id": position.host_id,
        "ref": position.ref,
        "child_id": part_id,
        "op_id": position.op_id,
    }


def take_back(call: Call, host: Unit, op_id: int) -> None:
    """Undo what an operation on a unit built in and took out, as far as it still stands so.

    Raises Refused when a component it took out is built into another unit by now.
    """
    call.db.run(delete_built_by_operation, parent_id=host.id, op_id=op_id)
    rows = call.db.rows(removals_by_operation, op_id=op_id)
    removed = {part_id: ComponentPosition(*position) for part_id, *position in rows}
    if not removed:
        return
    parts = units.units(call, sorted(removed), lock=True)
    now_in = {row[0]: row[1] for row in call.db.rows(positions_of_components, ids=sorted(removed))}
    in_use = [reasons.component_in_use(host, parts[part_id], now_in[part_id]) for part_id in sorted(now_in)]
    if in_use:
        raise Refused(in_use)
    call.db.insert_many(BUILT_IN, [_component(part_id, removed[part_id]) for part_id in removed])
    call.db.run(delete_removals, op_id=op_id)


def lock_coded(call: Call, codes: Sequence[str]) -> dict[str, list[Unit]]:
    """Return the units of all products that have one of the codes, by code; in a write they are locked."""
    pairs = call.db.rows(units_of_codes, codes=sorted(set(codes))) if codes else ()
    found = units.units(call, sorted({item_id for _, item_id in pairs}), lock=True)
    by_code: dict[str, list[Unit]] = {}
    for code, item_id in pairs:
        by_code.setdefault(code, []).append(found[item_id])
    return by_code
