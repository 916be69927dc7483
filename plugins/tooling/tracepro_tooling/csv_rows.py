"""What a CSV file says of the stock, as far as the file alone tells: its columns, and rows whose quantities are numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracepro_hookspecs.records import readable
from tracepro_tooling import reasons
from tracepro_tooling.csv_file import MOST_COLUMNS, Record, plain, records
from tracepro_tooling.fields import LARGEST

QUANTITY, NAME, PART_NUMBER = "quantity", "name", "part number"
MEANINGS = {
    "quantity": QUANTITY,
    "qty": QUANTITY,
    "name": NAME,
    "item": NAME,
    "part number": PART_NUMBER,
    "barcode": PART_NUMBER,
}
"""What a column may be called; case, and an underscore for a blank, make no difference."""
MOST_ROWS = 20_000
_WHOLE = re.compile(r"0|[1-9][0-9]*")


class Row(NamedTuple):
    """A row of the file: what it names an item by, "" for what it doesn't say, and how many there are."""

    row: int
    name: str
    part_number: str
    quantity: int

    @property
    def text(self) -> str:
        """What it names the item by, as written."""
        return ", ".join(cell for cell in (self.name, self.part_number) if plain(cell))


@dataclass(frozen=True)
class Columns:
    """The columns by meaning: where each stands and what row 1 calls it; ``named`` tells which have any name."""

    place: dict[str, int]
    title: dict[str, str]
    named: list[bool]
    ignored: list[str]

    def cell(self, record: Record, meaning: str) -> str:
        """Return a cell as written, "" where the row or the file has none."""
        place = self.place.get(meaning, len(record.cells))
        return record.cells[place] if place < len(record.cells) else ""


class Sheet(NamedTuple):
    """A file whose cells are in order; whether its items exist is not judged yet."""

    columns: Columns
    rows: list[Row]
    warnings: list[str]


def read_sheet(body: bytes, charset: str) -> Sheet:
    """Return what a file says. Raises InvalidParams naming row and column, HttpProblem 413 or 415."""
    found = records(body, charset, lambda cell: _meaning(cell) is not None)
    columns = _columns(next(found, Record(1, [])))
    return Sheet(columns, list(_rows(found, columns)), _warnings(columns))


def _meaning(title: str) -> str | None:
    return MEANINGS.get(" ".join(plain(title).replace("_", " ").split()).casefold())


def _columns(header: Record) -> Columns:
    if len(header.cells) > MOST_COLUMNS:
        raise reasons.bad_row(1, f"it has more than {MOST_COLUMNS} columns; leave out those that are empty")
    place: dict[str, int] = {}
    ignored = []
    titles = [plain(cell) for cell in header.cells]
    for number, title in enumerate(titles):
        meaning = _meaning(title)
        if meaning in place:
            raise reasons.bad_cell(1, title, f"it means the same as {titles[place[meaning]]}; leave one out")
        if meaning is not None:
            place[meaning] = number
        elif title:
            ignored.append(title)
    _require_columns(place, titles)
    title_of = {meaning: titles[number] for meaning, number in place.items()}
    return Columns(place, title_of, [bool(title) for title in titles], ignored)


def _require_columns(place: dict[str, int], titles: Sequence[str]) -> None:
    if QUANTITY not in place:
        missing = "quantity or qty"
    elif NAME not in place and PART_NUMBER not in place:
        missing = "name, item, part number or barcode"
    else:
        return
    there = ", ".join(title[: reasons.QUOTED] for title in titles if title) or "it has none"
    raise reasons.bad_row(
        1,
        f"it is the header, and none of its columns ({there}) is called {missing}; rename one, let nothing stand above",
    )


def _warnings(columns: Columns) -> list[str]:
    if not columns.ignored:
        return []
    names = ", ".join(title[: reasons.QUOTED] for title in columns.ignored)
    return [readable(f"Row 1: what other columns say is ignored: {names}.")]


def _rows(found: Iterator[Record], columns: Columns) -> Iterator[Row]:
    left = MOST_ROWS
    for record in found:
        if record.is_blank:
            continue
        if not left:
            raise reasons.too_many_rows(MOST_ROWS)
        left -= 1
        yield _row(record, columns)


def _row(record: Record, columns: Columns) -> Row:
    _refuse_strays(record, columns.named)
    name, part_number = (columns.cell(record, each) for each in (NAME, PART_NUMBER))
    must = NAME if NAME in columns.place else PART_NUMBER
    if not plain(columns.cell(record, must)):
        raise reasons.bad_cell(record.row, columns.title[must], "it is empty; say which item it is")
    return Row(record.row, name, part_number, _quantity(record, columns))


def _refuse_strays(record: Record, named: Sequence[bool]) -> None:
    """Refuse a cell in a column without a name: 13,75 without quotation marks makes one."""
    for number, cell in enumerate(record.cells):
        if cell and plain(cell) and not (number < len(named) and named[number]):
            fault = f"row 1 has no name for its cell {cell[: reasons.QUOTED]!r}; one before it may need quotation marks"
            raise reasons.bad_cell(record.row, str(number + 1), fault)


def _quantity(record: Record, columns: Columns) -> int:
    cell = plain(columns.cell(record, QUANTITY))
    if not cell:
        fault = "it is empty; say how many there are, or leave the row out"
    elif not _WHOLE.fullmatch(cell):
        fault = f"{cell[: reasons.QUOTED]!r} is not a plain whole number; write its digits alone, without sign, separator or decimals"
    elif len(cell) > len(str(LARGEST)) or int(cell) > LARGEST:
        fault = f"{cell[: reasons.QUOTED]!r} is more than {LARGEST}"
    else:
        return int(cell)
    raise reasons.bad_cell(record.row, columns.title[QUANTITY], fault)
