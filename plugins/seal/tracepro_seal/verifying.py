"""Verifying: every block and every row once more, in order, and the first that is not as it was sealed is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tracepro import clock
from tracepro.inspection import WholeAuditRow, audit_rows, count_audit_rows
from tracepro_hookspecs import Session, Store
from tracepro_seal import blocks, checker, heads
from tracepro_seal.blocks import Block, Entry, Header

PAGE_BLOCKS = 200
MOST_UNSEALED = 100_000
"""How many rows that wait are counted."""
Kept = Mapping[int, Sequence[tuple[Header, str]]]
Progress = Callable[[int], object]
"""Is told of rows, as far as they are done."""
RESTORE = "tracepro restore"


class Broken(ValueError):
    """What is not as it was sealed, as a sentence."""


@dataclass
class Verified:
    """What was found in order: so many blocks and rows up to the last one; ``unsealed`` rows came since, at most MOST_UNSEALED.

    ``restored`` are the rows that tell of a backup that was restored.
    """

    last: Block | None
    rows: int
    unsealed: int
    restored: list[int]


class Verifier:
    """Goes through the chain, and holds no more than a page of it; the server may run."""

    def __init__(self, store: Store, kept: Kept, progress: Progress = lambda rows: None) -> None:
        self._store = store
        self._kept = kept
        self._progress = progress
        self._peaks: list[tuple[int, bytes]] = []
        self._last: Block | None = None
        self._rows = 0
        self._restored: list[int] = []

    def verify(self) -> Verified:
        """Return what was found in order. Raises Broken for the first thing that isn't."""
        for block in self._blocks():
            self._check_chain(block)
            self._check_rows(block)
            self._check_kept(block)
            self._last = block
            self._rows += block.rows
            self._progress(block.rows)
        last_id = self._last.last_id if self._last else blocks.BEFORE_ALL
        self._check_end()
        unsealed = self._store.read(lambda db: count_audit_rows(db, last_id, MOST_UNSEALED))
        return Verified(self._last, self._rows, unsealed, self._restored)

    def _blocks(self) -> Iterator[Block]:
        after = 0
        while page := self._store.read(partial(_next_blocks, after)):
            yield from page
            after = page[-1].number

    def _check_chain(self, block: Block) -> None:
        """Check that a block is itself, and holds to all before it."""
        expected = self._last.number + 1 if self._last else 1
        if block.number != expected:
            raise Broken(f"Block {expected} of the seal is missing.")
        own = _hash_of(block)
        if own is None or own.hex() != block.hash:
            raise Broken(
                f"Block {block.number} of the seal was changed: its hash is not that of what it says."
            )
        if checker.root_of_peaks([root for _, root in self._peaks]).hex() != block.previous:
            raise Broken(
                f"Block {block.number} of the seal holds to other blocks than those before it: one of the blocks 1 to {expected - 1} "
                "was changed after it, or it was put in their place."
            )
        checker.add_hash(self._peaks, own)
        if self._peaks[-1][1].hex() != block.subtree:
            raise Broken(
                f"Block {block.number} of the seal was changed: its subtree is not that of the blocks before it."
            )
        if self._last and block.first_id <= self._last.last_id:
            raise Broken(f"Block {block.number} of the seal begins before the end of the one before it.")

    def _check_rows(self, block: Block) -> None:
        """Check that the rows of a block are those that were sealed, and no others."""
        after = self._last.last_id if self._last else blocks.BEFORE_ALL
        sealed = self._store.read(partial(_list_of, block))
        whole = [entry.hash for entry in sealed]
        if len(whole) != block.rows or checker.root_of(whole).hex() != block.root:
            raise Broken(
                f"The list of rows in block {block.number} of the seal was changed; its rows lie between {block.first_id} and "
                f"{block.last_id}."
            )
        rows = self._rows_of(block, sealed, after)
        if fault := _first_fault(sealed, [_entry(row) for row in rows]):
            raise Broken(f"{fault} (block {block.number}, sealed {clock.text(block.tm)}).")
        self._restored += [row.id for row in rows if row.method == RESTORE]

    def _rows_of(self, block: Block, sealed: Sequence[Entry], after: int) -> list[WholeAuditRow]:
        """Return the rows as they stand; one more than were sealed tells that there are too many."""
        rows = self._store.read(partial(_readable_rows, after, block.last_id, len(sealed) + 1))
        if rows is not None:
            return rows
        for entry in sealed:
            if self._store.read(partial(_readable_rows, after, entry.id, 2)) is None:
                raise Broken(
                    f"Row {entry.id} of the audit, or one put before it, was changed to what is no text."
                )
            after = entry.id
        raise Broken(f"A row that can't be read was inserted in block {block.number}.")

    def _check_kept(self, block: Block) -> None:
        if path := heads.differs(self._kept.get(block.number, ()), block):
            raise Broken(
                f"Block {block.number} of the seal is another than the one whose head is kept in {path}: the chain was made anew, "
                f"or goes on from an older backup{self._told_restores()}."
            )

    def _check_end(self) -> None:
        """Check that the chain reaches as far as the heads that were kept."""
        number = self._last.number if self._last else 0
        if beyond := sorted(kept for kept in self._kept if kept > number):
            path = self._kept[beyond[0]][0][1]
            raise Broken(
                f"The chain ends with block {number}, and the head of block {beyond[0]} is kept in {path}: what came behind was taken "
                f"away, or an older backup was restored{self._told_restores()}."
            )

    def _told_restores(self) -> str:
        return f"; row {self._restored[-1]} of the audit tells of a restore" if self._restored else ""


def _next_blocks(after: int, db: Session) -> list[Block]:
    return blocks.behind(db, after, PAGE_BLOCKS)


def _hash_of(block: Block) -> bytes | None:
    """Return the hash of what a block says; None where it says what no block can."""
    try:
        return checker.block_hash(block.header)
    except checker.DAMAGED:
        return None


def _entry(row: WholeAuditRow) -> Entry:
    """Return a row with its hash; none of one with a value that its column can't have, but SQLite takes."""
    try:
        return Entry(row.id, checker.row_hash(row))
    except checker.DAMAGED:
        return Entry(row.id, b"")


def _list_of(block: Block, db: Session) -> list[Entry]:
    """Return the list of a block's rows; nothing of one that is text, which SQLite takes for bytes."""
    try:
        return blocks.entries(db, block.number)
    except (TypeError, sqlite3.OperationalError) as error:
        _raise_unless_text(error)
        return []


def _readable_rows(after: int, upto: int, limit: int, db: Session) -> list[WholeAuditRow] | None:
    """Return rows as they stand; None where one has a text that isn't UTF-8, which SQLite takes and Python can't read."""
    try:
        return audit_rows(db, after, limit, upto)
    except sqlite3.OperationalError as error:
        _raise_unless_text(error)
        return None


def _raise_unless_text(error: Exception) -> None:
    """Raise what SQLite says again, unless it is that a text can't be read."""
    if isinstance(error, sqlite3.Error) and "UTF-8" not in str(error):
        raise error


def _first_fault(sealed: Sequence[Entry], found: Sequence[Entry]) -> str | None:
    """Return what became of the first row that is not as it was sealed."""
    if sealed == found:
        return None
    before, now = dict(sealed), dict(found)
    first = min(row_id for row_id in before.keys() | now.keys() if before.get(row_id) != now.get(row_id))
    if first not in before:
        return f"Row {first} of the audit was inserted among rows that were sealed without it"
    if first not in now:
        return f"Row {first} of the audit is missing"
    return f"Row {first} of the audit was changed since it was sealed"
