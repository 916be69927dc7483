"""CSV as spreadsheets write it: bytes made into rows of cells, numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tracepro.codes import WHITE
from tracepro_tooling import reasons

DELIMITERS = (",", ";", "\t")
"""The tab is what Excel writes in UTF-16."""
MOST_COLUMNS = 1000
CHARSETS = ("", "utf-8", "utf8", "us-ascii")
CHARSETS_16 = ("utf-16", "utf-16le", "utf-16be")
MARKS_16 = (b"\xff\xfe", b"\xfe\xff")


class Record(NamedTuple):
    """A row: its number in the spreadsheet, where the header is row 1 and empty rows count, and its cells as written."""

    row: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """True for a row without anything to read."""
        return not any(map(plain, self.cells))


def plain(cell: str) -> str:
    """Return a cell without the white space around it."""
    return cell.strip(WHITE)


def records(body: bytes, charset: str, is_known: Callable[[str], bool]) -> Iterator[Record]:
    """Return row 1 and those that have anything in them; the file is delimited so that most cells of its first row are known columns.

    ``charset`` is what the client said, "" for nothing. Raises HttpProblem 415, and InvalidParams naming the row.
    """
    text = _decoded(body, charset)
    return _read(text, max(DELIMITERS, key=lambda each: _known_columns(text, each, is_known)))


def _decoded(body: bytes, charset: str) -> str:
    if charset not in CHARSETS and charset not in CHARSETS_16:
        raise reasons.unknown_charset(charset)
    marked = body.startswith(MARKS_16)
    if charset in CHARSETS_16 and not marked:
        raise reasons.bad_file("The file is said to be UTF-16 and doesn't begin with a byte order mark")
    try:
        return body.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        name, line = "UTF-16" if marked else "UTF-8", body.count(b"\n", 0, error.start) + 1
        fault = f"The file is not {name}: byte {error.start} in line {line}; save it as CSV UTF-8"
        raise reasons.bad_file(fault) from None


def _known_columns(text: str, delimiter: str, is_known: Callable[[str], bool]) -> int:
    try:
        return sum(map(is_known, next(_reader(text, delimiter), [])[:MOST_COLUMNS]))
    except csv.Error:
        return 0


def _read(text: str, delimiter: str) -> Iterator[Record]:
    row, has_nul = 0, "\0" in text
    try:
        for row, cells in enumerate(_reader(text, delimiter), 1):
            if has_nul and any("\0" in cell for cell in cells):
                raise reasons.bad_row(row, "there is a NUL character in it; save the file as CSV UTF-8")
            if row == 1 or any(cells):
                yield Record(row, cells)
    except csv.Error as error:
        fault = f"it can't be read ({error}); a cell with quotation marks stands in quotation marks, each inside written twice"
        raise reasons.bad_row(row + 1, fault) from None


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
