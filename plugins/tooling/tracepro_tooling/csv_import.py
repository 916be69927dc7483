"""Imports the stock of a point from a CSV file: all rows or none; items that no row names keep their quantities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from peewee import Query

from tracepro.codes import trim
from tracepro.database import Statement, p, statement
from tracepro.rest import check_if_match
from tracepro_hookspecs import Call, InvalidParams, Request
from tracepro_hookspecs.records import readable
from tracepro_tooling import models as m
from tracepro_tooling import reasons
from tracepro_tooling.csv_file import plain
from tracepro_tooling.csv_rows import NAME, PART_NUMBER, Columns, Row, Sheet, read_sheet
from tracepro_tooling.excel_damage import damage, with_zeros
from tracepro_tooling.inventory import POINTS, STOCK
from tracepro_tooling.resource import shared

LARGEST_FILE = 4_000_000
MOST_WARNINGS = 100
Ids = set[int]
IdsByText = dict[str, Ids]


@statement
def keep_items_by_name() -> Query:
    """The items with some names, which then exist until the call ends."""
    item = m.InventoryItem
    return shared(item.select(item.name, item.id).where(item.name.in_(p.texts("texts"))).order_by(item.id))


@statement
def keep_items_by_part_number() -> Query:
    """The items with some part numbers, which then exist until the call ends."""
    item = m.InventoryItem
    found = item.select(item.part_number, item.id).where(item.part_number.in_(p.texts("texts")))
    return shared(found.order_by(item.id))


@dataclass
class Found:
    """What the rows of a file are about: quantities by item with the row that says each, and what there is to tell."""

    row_of: dict[int, Row] = field(default_factory=dict)
    not_matched: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    more_warnings: int = 0

    def warn(self, row: Row, fault: str) -> None:
        """Tell of a row; of very many the number only."""
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(readable(f"Row {row.row}: {fault}."))
        else:
            self.more_warnings += 1

    def answer(self, warnings: list[str]) -> dict[str, Any]:
        """Return what the client is told; ``warnings`` are those of the file itself."""
        more = [f"{self.more_warnings} more rows are like these."] if self.more_warnings else []
        return {
            "updated": len(self.row_of),
            "not_matched": self.not_matched,
            "warnings": [*warnings, *self.warnings, *more],
        }


class Matcher:
    """Finds the item of each row; the items of all are looked up at once."""

    def __init__(self, call: Call, sheet: Sheet) -> None:
        self._columns: Columns = sheet.columns
        rows = sheet.rows
        names = (text for row in rows for text in (row.name, plain(row.name)))
        self._by_name = _ids_by_text(call, keep_items_by_name, names)
        numbers = {trim(row.part_number) for row in rows}
        self._by_number = _ids_by_text(call, keep_items_by_part_number, numbers)
        shortened = (text for number in numbers - self._by_number.keys() for text in with_zeros(number))
        whole = _ids_by_text(call, keep_items_by_part_number, shortened)
        self._whole = {number.lstrip("0"): number for number in whole}

    def find(self, sheet: Sheet) -> Found:
        """Return what the rows are about. Raises InvalidParams for a row that is doubtful."""
        found = Found()
        for row in sheet.rows:
            item_id = self._item(row, found)
            if item_id is None:
                found.not_matched.append(row.text)
            elif item_id in found.row_of:
                raise self._doubtful(row, f"row {found.row_of[item_id].row} names this item already")
            else:
                found.row_of[item_id] = row
        return found

    def _item(self, row: Row, found: Found) -> int | None:
        """Return the item that name and part number of a row mean; one of them is enough where the other is of no item."""
        named = self._by_name.get(row.name) or self._by_name.get(plain(row.name)) or set()
        numbered = self._by_number.get(trim(row.part_number)) or set()
        meant = named & numbered if named and numbered else named or numbered
        if named and numbered and not meant:
            fault = f"name and part number are of different items, {_first(named)} and {_first(numbered)}"
            raise self._doubtful(row, fault, PART_NUMBER)
        if len(meant) > 1:
            fault = f"{len(meant)} items are called so, {_first(meant)} for one; tell them apart by part number or name"
            raise self._doubtful(row, fault, NAME if named else PART_NUMBER)
        self._warn(row, named, numbered, found)
        return _first(meant) if meant else None

    def _warn(self, row: Row, named: Ids, numbered: Ids, found: Found) -> None:
        number = trim(row.part_number)
        if number and not numbered:
            fault = damage(number, self._whole)
            if fault is None and named:
                fault = (
                    f"part number {number[: reasons.QUOTED]!r} is of no item; the item was found by its name"
                )
            if fault is not None:
                found.warn(row, fault)
        elif numbered and plain(row.name) and not named:
            name = plain(row.name)[: reasons.QUOTED]
            found.warn(row, f"no item is called {name!r}; the item was found by its part number")

    def _doubtful(self, row: Row, fault: str, meaning: str = NAME) -> InvalidParams:
        title = self._columns.title
        return reasons.bad_cell(row.row, title.get(meaning) or title[PART_NUMBER], fault)


def checked_sheet(call: Call, request: Request) -> Sheet:
    """Return what the file that was sent says. Raises NotFound for the point, and what :func:`read_sheet` does."""
    POINTS.get(call, request.path["inventory_point_id"])
    return read_sheet(request.body, request.charset)


def import_stock(call: Call, request: Request) -> dict[str, Any]:
    """Set the quantities that the file says, and tell what of it is of no item; ``dry_run`` only tells.

    Raises NotFound, HttpProblem 412, InvalidParams for a row that is doubtful.
    """
    sheet: Sheet = call.prepared
    point = POINTS.lock(call, request.path["inventory_point_id"])
    shown = POINTS.shown_one(call, point)
    check_if_match(request, shown)
    found = Matcher(call, sheet).find(sheet)
    if found.row_of and not request.query.get("dry_run"):
        STOCK.set_all(call, point["id"], {item_id: row.quantity for item_id, row in found.row_of.items()})
        POINTS.note_changes(call, shown, point)
    return found.answer(sheet.warnings)


def _ids_by_text(call: Call, query: Statement, texts: Iterable[str]) -> IdsByText:
    found: IdsByText = {}
    wanted = sorted({text for text in texts if text})
    for text, item_id in call.db.rows(query, texts=wanted) if wanted else ():
        found.setdefault(text, set()).add(item_id)
    return found


def _first(ids: Ids) -> int:
    return min(ids)
