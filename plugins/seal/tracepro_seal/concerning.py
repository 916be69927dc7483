"""Which rows of the audit concern a unit: those that name it, and those that were written in the moment of one of its records.

Calls that take a set of units, a box or a batch, name none of them: such a call has one moment, which stands in its row of the
audit and in what it recorded on each unit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from tracepro_items import api as items_api

from tracepro.inspection import WholeAuditRow, audit_id_at, audit_pages
from tracepro_hookspecs import Call, Session, Site
from tracepro_hookspecs.records import Item
from tracepro_seal import blocks

Progress = Callable[[int], object]


class Concern(NamedTuple):
    """A row with the reasons why it concerns the unit."""

    row: WholeAuditRow
    why: list[str]


class Subject(NamedTuple):
    """A unit whose rows are looked for, with the moments of what was recorded on it by what that is."""

    item: Item
    moments: dict[str, int]

    @property
    def pattern(self) -> re.Pattern[str]:
        """What parameters and changes have that name the unit, or an operation of it, as JSON."""
        names = [name.partition(" ") for name in self.moments]
        op_ids = "|".join(number for what, _, number in names if what == "operation") or "none"
        codes = "|".join(_quoted(code) for code in (self.item.barcode, self.item.barcode2) if code)
        pieces = [
            rf'"item_id":{self.item.id}[,}}]',
            rf'"item_ids":\[(?:[0-9]+,)*{self.item.id}[,\]]',
            rf'"item {self.item.id}"',
            rf'"op_id":(?:{op_ids})[,}}]',
            rf'"operation (?:{op_ids})"',
        ]
        return re.compile("|".join([*pieces, codes] if codes else pieces))


def _quoted(code: str) -> str:
    return re.escape(json.dumps(code, ensure_ascii=False))


def subject(call: Call, item: Item) -> Subject:
    """Return a unit with its moments."""
    return Subject(item, items_api.moments(call, item.id))


def rows(site: Site, of: Subject, progress: Progress) -> Iterator[Concern]:
    """Yield the rows that concern a unit, in order of id; every row since the unit was made is looked at."""
    first = site.store.read(partial(_first_id, of.moments.values()))
    after = blocks.BEFORE_ALL if first is None else first - 1
    pattern = of.pattern
    whats: dict[int, list[str]] = {}
    for what, tm in of.moments.items():
        whats.setdefault(tm, []).append(what)
    for page in audit_pages(site.store, after):
        for row in page:
            why = list(whats.get(row.tm, ()))
            if pattern.search(row.params) or pattern.search(row.changes):
                why.append("names the unit")
            if why:
                yield Concern(row, why)
        progress(len(page))


def _first_id(moments: Iterable[int], db: Session) -> int | None:
    """Return the lowest id of rows that were written at these moments, whatever the clock said."""
    return min((found for tm in moments if (found := audit_id_at(db, tm)) is not None), default=None)
