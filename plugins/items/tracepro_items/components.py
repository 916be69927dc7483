"""Components: units that are built into others, one position each, at a reference designator.

A COMPONENT row builds the unit with the code ``value`` in at ``key``, a COMPONENT_OUT row takes it out again
(``key`` "" is wherever it is), whatever the result of the operation they stand in. A unit that is named again where
it is built in already stays; a position holds one unit, and no designator is no position.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Reason, Refused
from tracepro_hookspecs.records import DataRow
from tracepro_items import bad_below, genealogy, reasons, units
from tracepro_items import models as m
from tracepro_items.units import Unit, UnitOps
from tracepro_schemas import defs

TYPES = frozenset((defs.DATA_TP_COMPONENT, defs.DATA_TP_COMPONENT_OUT))
BUILT_IN = Insert(m.Component)
REMOVED = Insert(m.Removal)
AGAIN = Insert(m.Again)


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
def positions_of_components_or_in_hosts() -> Query:
    """Where components are built in, and all that is built into hosts."""
    component = m.Component
    positions = component.select(component.child_id, component.parent_id, component.ref, component.op_id)
    in_hosts = component.parent_id.in_(p.integers("host_ids"))
    return positions.where(component.child_id.in_(p.integers("ids")) | in_hosts)


@statement
def delete_components() -> Query:
    """Delete where components are built in."""
    return m.Component.delete().where(m.Component.child_id.in_(p.integers("ids")))


def reasons_against(call: Call, hosts: Sequence[Unit], rows: Sequence[DataRow]) -> list[Reason]:
    """Return why COMPONENT and COMPONENT_OUT rows can't be done to each of the units; ``rows`` are only those."""
    return _worked_out(call, [(host, 0) for host in hosts], rows)[1] if rows else []


def reasons_against_work(
    call: Call, hosts: Sequence[Unit], counted: Sequence[Sequence[Unit]], rows: Sequence[DataRow]
) -> list[Reason]:
    """Return why components keep an operation with these rows from the units: what the rows can't do, and bad ones.

    A unit is judged as the COMPONENT_OUT rows leave it, a panel with its boards that are not bad (``counted``).
    """
    changes, against = _worked_out(call, [(host, 0) for host in hosts], rows) if rows else (None, [])
    for host, boards in zip(hosts, counted, strict=True):
        if host.bad_below - (changes.bad_taken_out(host) if changes else 0):
            against.append(reasons.component_bad(host))
        against += [reasons.component_bad(board) for board in boards if board is not host and board.bad_below]
    return against


def apply(call: Call, recorded: UnitOps, rows: Sequence[DataRow]) -> None:
    """Build in and take out what the rows say. Raises Refused."""
    changes, against = _worked_out(call, recorded, rows)
    if against:
        raise Refused(against)
    if changes.removed:
        delete(call, [changes.parts[part_id] for part_id in sorted(changes.removed)])
        call.db.defer_insert_many(REMOVED, list(changes.removed.values()))
    if changes.built_in:
        insert(call, [(changes.parts[part_id], row) for part_id, row in changes.built_in.items()])
    if changes.again:
        call.db.defer_insert_many(AGAIN, list(changes.again.values()))


def delete(call: Call, parts: Sequence[Unit]) -> None:
    """Take locked units out of what they are built into."""
    bad_below.add_above(call, {part.id: -bad_below.with_unit(part) for part in parts})
    call.db.defer(delete_components, ids=[part.id for part in parts])


def insert(call: Call, rows: Sequence[tuple[Unit, dict[str, Any]]]) -> None:
    """Build locked units in."""
    call.db.defer_insert_many(BUILT_IN, [row for _, row in rows])
    bad_below.add_above(call, {part.id: bad_below.with_unit(part) for part, _ in rows})


def _worked_out(
    call: Call, recorded: UnitOps, rows: Sequence[DataRow]
) -> tuple[ComponentChanges, list[Reason]]:
    changes = ComponentChanges(call, [host for host, _ in recorded], rows)
    against = (changes.do(host, op_id, row) for host, op_id in recorded for row in rows)
    return changes, [reason for reason in against if reason is not None] + changes.occupied()


class ComponentChanges:
    """The components that rows name, and where each is after the rows done so far."""

    def __init__(self, call: Call, hosts: Sequence[Unit], rows: Sequence[DataRow]) -> None:
        self._call = call
        self.coded = lock_coded(call, [code for _, _, code in rows if isinstance(code, str)])
        self.parts = {part.id: part for parts in self.coded.values() for part in parts}
        host_ids = [host.id for host in hosts]
        ids = sorted(self.parts)
        found = call.db.rows(positions_of_components_or_in_hosts, ids=ids, host_ids=host_ids) if ids else ()
        self.positions = {part_id: ComponentPosition(*position) for part_id, *position in found}
        self.above = genealogy.ancestors(call, host_ids)
        self.removed: dict[int, dict[str, Any]] = {}
        self.built_in: dict[int, dict[str, Any]] = {}
        self.again: dict[int, dict[str, Any]] = {}
        self._filled: list[tuple[Unit, str, int]] = []

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

    def occupied(self) -> list[Reason]:
        """Return where the rows would build a unit into a position that another one holds after all of them."""
        held: dict[tuple[int, str], list[int]] = {}
        for part_id, position in self.positions.items():
            held.setdefault((position.host_id, position.ref), []).append(part_id)
        found = []
        for host, ref, part_id in self._filled if held else ():
            others = [other for other in held.get((host.id, ref), ()) if other != part_id]
            if ref and others:
                found.append(reasons.position_occupied(host, ref, units.unit(self._call, others[0])))
        return found

    def bad_taken_out(self, host: Unit) -> int:
        """Return how many of the bad units below a host the rows take out."""
        out = [part_id for part_id, row in self.removed.items() if row["parent_id"] == host.id]
        return sum(bad_below.with_unit(self.parts[part_id]) for part_id in out)

    def _build_in(self, host: Unit, op_id: int, ref: str, part: Unit) -> Reason | None:
        position = self.positions.get(part.id)
        if position is not None and (position.host_id, position.ref) == (host.id, ref):
            if position.op_id != op_id:
                self.again[part.id] = {"op_id": op_id, "child_id": part.id, "built_by": position.op_id}
            return None
        if part.bad:
            return reasons.item_bad(part)
        if position is not None:
            return reasons.component_in_use(host, part, units.unit(self._call, position.host_id))
        if part.panel_id == host.id or any(part.id == item_id for item_id, _ in self.above[host.id]):
            return reasons.component_in_use(host, part, None)
        self.positions[part.id] = ComponentPosition(host.id, ref, op_id)
        self.built_in[part.id] = row_of(part.id, self.positions[part.id])
        self._filled.append((host, ref, part.id))
        return None

    def _take_out(self, host: Unit, op_id: int, part: Unit) -> None:
        position = self.positions.pop(part.id)
        self.again.pop(part.id, None)
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


def row_of(part_id: int, position: ComponentPosition) -> dict[str, Any]:
    """Return the stored row of a component."""
    return {
        "parent_id": position.host_id,
        "ref": position.ref,
        "child_id": part_id,
        "op_id": position.op_id,
    }


def lock_coded(call: Call, codes: Sequence[str]) -> dict[str, list[Unit]]:
    """Return the units of all products that have one of the codes, by code; in a write they are locked."""
    pairs = call.db.rows(units_of_codes, codes=sorted(set(codes))) if codes else ()
    found = units.units(call, sorted({item_id for _, item_id in pairs}), lock=True)
    by_code: dict[str, list[Unit]] = {}
    for code, item_id in pairs:
        by_code.setdefault(code, []).append(found[item_id])
    return by_code
