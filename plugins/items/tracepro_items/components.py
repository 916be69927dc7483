"""Components: units that are built into others, one place each, at a reference designator.

A COMPONENT row builds the unit with the code ``value`` in at ``key``, a COMPONENT_OUT row takes it out again
(``key`` "" is wherever it is), whatever the result of the operation they stand in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import Reason as AnyReason
from tracepro_hookspecs import Refused
from tracepro_items import genealogy, units
from tracepro_items import models as m
from tracepro_items.reasons import Reason, bad
from tracepro_items.units import Unit
from tracepro_schemas import defs

TYPES = frozenset((defs.DATA_TP_COMPONENT, defs.DATA_TP_COMPONENT_OUT))
Row = tuple[int, str, Any]

CODED = Statement(lambda: (
    m.Code.select(m.Code.code, m.Code.item_id).where(m.Code.code.in_(p.texts("codes")))
))  # fmt: skip
LOCK = Statement(lambda: units.BY_IDS.build().for_update())
PLACES = Statement(lambda: (
    m.Component.select(m.Component.child_id, m.Component.parent_id, m.Component.ref, m.Component.op_id)
    .where(m.Component.child_id.in_(p.integers("ids")))
))  # fmt: skip
BUILT_IN = Insert(m.Component)
TAKE_OUT = Statement(lambda: m.Component.delete().where(m.Component.child_id.in_(p.integers("ids"))))
REMOVED = Insert(m.Removal)
REMOVALS = Statement(lambda: (
    m.Removal.select(m.Removal.child_id, m.Removal.parent_id, m.Removal.ref, m.Removal.built_by)
    .join(m.Operation, on=(m.Operation.id == m.Removal.built_by))
    .where(m.Removal.op_id == p("op_id"), m.Operation.cancelled == 0).order_by(m.Removal.id)
))  # fmt: skip
DROP_REMOVALS = Statement(lambda: m.Removal.delete().where(m.Removal.op_id == p("op_id")))
DROP_BUILT = Statement(lambda: (
    m.Component.delete().where(m.Component.parent_id == p("parent_id"), m.Component.op_id == p("op_id"))
))  # fmt: skip


class Place(NamedTuple):
    """Where a component is: in which unit, at which designator, by which operation."""

    host_id: int
    ref: str
    op_id: int


def reasons_against(call: Any, hosts: Sequence[Unit], rows: Sequence[Row]) -> list[AnyReason]:
    """Says why COMPONENT and COMPONENT_OUT rows can't be done to each of the units; ``rows`` are only those."""
    return _worked_out(call, [(host, 0) for host in hosts], rows)[1]


def apply(call: Any, recorded: Sequence[tuple[Unit, int]], rows: Sequence[Row]) -> None:
    """Builds in and takes out what the rows say; ``recorded`` are units with their op ids. Raises Refused."""
    bench, against = _worked_out(call, recorded, rows)
    if against:
        raise Refused(against)
    if bench.removed:
        call.db.run(TAKE_OUT, ids=sorted(bench.removed))
        call.db.insert_many(REMOVED, list(bench.removed.values()))
    if bench.built_in:
        call.db.insert_many(BUILT_IN, list(bench.built_in.values()))


def _worked_out(
    call: Any, recorded: Sequence[tuple[Unit, int]], rows: Sequence[Row]
) -> tuple[Bench, list[AnyReason]]:
    bench = Bench(call, [host for host, _ in recorded], rows)
    against = (bench.do(host, op_id, row) for host, op_id in recorded for row in rows)
    return bench, [reason for reason in against if reason is not None]


class Bench:
    """The components that rows name, and where each is after the rows done so far."""

    def __init__(self, call: Any, hosts: Sequence[Unit], rows: Sequence[Row]) -> None:
        self.coded = coded(call, [code for _, _, code in rows if isinstance(code, str)])
        ids = sorted({part.id for parts in self.coded.values() for part in parts})
        found = call.db.rows(PLACES, ids=ids) if ids else ()
        self.places = {child_id: Place(*place) for child_id, *place in found}
        self.above = genealogy.ancestors(call, [host.id for host in hosts])
        self.removed: dict[int, dict[str, Any]] = {}
        self.built_in: dict[int, dict[str, Any]] = {}

    def do(self, host: Unit, op_id: int, row: Row) -> AnyReason | None:
        """Does what a row says to a host, or says why it can't be done."""
        tp, ref, code = row
        parts = [part for part in self.coded.get(str(code), ()) if part.id != host.id]
        if tp == defs.DATA_TP_COMPONENT_OUT:
            return self._take_out(host, op_id, ref, code, parts)
        if len(parts) != 1:
            return _ambiguous(host, code) if parts else _not_found(host, code)
        return self._build_in(host, op_id, ref, parts[0])

    def _build_in(self, host: Unit, op_id: int, ref: str, part: Unit) -> AnyReason | None:
        if part.bad:
            return bad(part)
        if part.id in self.places:
            return _in_use(host, part, self.places[part.id].host_id)
        if any(part.id == item_id for item_id, _ in self.above[host.id]):
            return _around(host, part)
        self.places[part.id] = Place(host.id, ref, op_id)
        self.built_in[part.id] = _component(part.id, self.places[part.id])
        return None

    def _take_out(
        self, host: Unit, op_id: int, ref: str, code: Any, parts: Sequence[Unit]
    ) -> AnyReason | None:
        here = [part.id for part in parts if self._is_at(part.id, host.id, ref)]
        if len(here) != 1:
            return _ambiguous(host, code) if here else _not_in_there(host, ref, code)
        place = self.places.pop(here[0])
        if self.built_in.pop(here[0], None) is None:
            self.removed[here[0]] = {
                "op_id": op_id, "parent_id": host.id, "ref": place.ref, "child_id": here[0], "built_by": place.op_id,
            }  # fmt: skip
        return None

    def _is_at(self, part_id: int, host_id: int, ref: str) -> bool:
        place = self.places.get(part_id)
        return place is not None and place.host_id == host_id and ref in ("", place.ref)


def _component(child_id: int, place: Place) -> dict[str, Any]:
    return {"parent_id": place.host_id, "ref": place.ref, "child_id": child_id, "op_id": place.op_id}


def take_back(call: Any, host: Unit, op_id: int) -> None:
    """Undoes what an operation on a unit built in and took out, as far as it still stands so.

    Raises Refused when a component it took out is built into another unit by now.
    """
    call.db.run(DROP_BUILT, parent_id=host.id, op_id=op_id)
    removed = {child_id: Place(*place) for child_id, *place in call.db.rows(REMOVALS, op_id=op_id)}
    if not removed:
        return
    parts = [Unit._make(row) for row in call.db.rows(LOCK, ids=sorted(removed))]
    there = {row[0]: row[1] for row in call.db.rows(PLACES, ids=sorted(removed))}
    in_use = [_in_use(host, part, there[part.id]) for part in parts if part.id in there]
    if in_use:
        raise Refused(in_use)
    call.db.insert_many(BUILT_IN, [_component(child_id, place) for child_id, place in removed.items()])
    call.db.run(DROP_REMOVALS, op_id=op_id)


def coded(call: Any, codes: Sequence[str]) -> dict[str, list[Unit]]:
    """Returns the units of all products that have one of the codes, by code; in a write they are locked."""
    pairs = call.db.rows(CODED, codes=sorted(set(codes))) if codes else ()
    ids = sorted({item_id for _, item_id in pairs})
    statement = LOCK if call.db.writable else units.BY_IDS
    found = {row[0]: Unit._make(row) for row in call.db.rows(statement, ids=ids)} if ids else {}
    by_code: dict[str, list[Unit]] = {}
    for code, item_id in pairs:
        by_code.setdefault(code, []).append(found[item_id])
    return by_code


def _not_found(host: Unit, code: Any) -> AnyReason:
    info = f"There is no unit {code} to build into {host.barcode}; scan the component again."
    return Reason("component-not-found", info, item_id=host.id)


def _not_in_there(host: Unit, ref: str, code: Any) -> AnyReason:
    at = f" at {ref}" if ref else ""
    info = f"Component {code} is not built into {host.barcode}{at}; getitemrel shows what is."
    return Reason("component-not-found", info, item_id=host.id)


def _ambiguous(host: Unit, code: Any) -> AnyReason:
    info = f"Several units have the code {code}; give the component for {host.barcode} a second code and use that."
    return Reason("component-ambiguous", info, item_id=host.id)


def _in_use(host: Unit, part: Unit, there: int) -> AnyReason:
    info = f"Component {part.barcode} is built into unit {there} already; take it out there before it goes into {host.barcode}."
    return Reason("component-in-use", info, item_id=host.id)


def _around(host: Unit, part: Unit) -> AnyReason:
    info = f"Unit {host.barcode} is itself a part of {part.barcode}, which can't be built into it."
    return Reason("component-in-use", info, item_id=host.id)
