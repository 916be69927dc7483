"""Blocks as they stand in the database, and how the next one is made."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro.inspection import WholeAuditRow
from tracepro_hookspecs import Session
from tracepro_seal import checker
from tracepro_seal import models as m

NEW = Insert(m.Block, ignore=True)
BEFORE_ALL = -(2**63)
"""Before the id of every row."""
_ENTRY = struct.Struct(">q32s")
Header = dict[str, int | str]
"""A block as proofs and heads have it."""


class Block(NamedTuple):
    """A block without the list of its rows."""

    number: int
    previous: str
    first_id: int
    last_id: int
    rows: int
    root: str
    tm: int
    hash: str
    subtree: str

    @property
    def header(self) -> Header:
        """What its hash is made of."""
        return {name: getattr(self, name) for name in _HEADER}

    @property
    def head(self) -> Header:
        """The head that is kept elsewhere."""
        return {"format": checker.HEAD, **self.header, "hash": self.hash}


class Entry(NamedTuple):
    """A row in the list of its block."""

    id: int
    hash: bytes


_HEADER = ("number", "previous", "first_id", "last_id", "rows", "root", "tm")
_COLUMNS = tuple(getattr(m.Block, name) for name in Block.__annotations__)


@statement
def block_by_number() -> Query:
    """One block."""
    return m.Block.select(*_COLUMNS).where(m.Block.number == p("number"))


@statement
def blocks_by_number() -> Query:
    """Some blocks."""
    return m.Block.select(*_COLUMNS).where(m.Block.number.in_(p.integers("numbers")))


@statement
def last_block() -> Query:
    """The block that was added last."""
    return m.Block.select(*_COLUMNS).where(m.Block.number > 0).order_by(m.Block.number.desc()).limit(1)


@statement
def blocks_behind() -> Query:
    """The next blocks behind one, in order."""
    query = m.Block.select(*_COLUMNS).where(m.Block.number > p("after")).order_by(m.Block.number)
    return query.limit(p("limit"))


@statement
def block_over() -> Query:
    """The block whose rows end with an id or behind it."""
    query = m.Block.select(*_COLUMNS).where(m.Block.last_id >= p("id"))
    return query.order_by(m.Block.last_id).limit(1)


@statement
def rows_of_block() -> Query:
    """The list of a block's rows."""
    return m.Block.select(m.Block.listed).where(m.Block.number == p("number"))


def last(db: Session) -> Block | None:
    """Return the last block, None where nothing was ever sealed."""
    row = db.one(last_block)
    return Block(*row) if row else None


def block(db: Session, number: int) -> Block | None:
    """Return a block by its number."""
    row = db.one(block_by_number, number=number)
    return Block(*row) if row else None


def behind(db: Session, after: int, limit: int) -> list[Block]:
    """Return the next blocks behind a number."""
    return [Block(*row) for row in db.rows(blocks_behind, after=after, limit=limit)]


def over(db: Session, row_id: int) -> Block | None:
    """Return the block that a row of the audit is in; None while it isn't sealed."""
    row = db.one(block_over, id=row_id)
    return Block(*row) if row else None


def entries(db: Session, number: int) -> list[Entry]:
    """Return the list of a block's rows in order of id; nothing of one whose length is wrong."""
    packed = db.value(rows_of_block, number=number)
    if len(packed) % _ENTRY.size:
        return []
    return [Entry(*entry) for entry in _ENTRY.iter_unpack(packed)]


def entries_of(rows: Iterable[WholeAuditRow]) -> list[Entry]:
    """Return the list of rows as they stand."""
    return [Entry(row.id, checker.row_hash(row)) for row in rows]


def missing(number: int) -> ValueError:
    """Return the error for a block that isn't there, though later ones are."""
    return ValueError(f"Block {number} of the seal is missing; run tracepro audit verify.")


def peaks(db: Session, size: int) -> list[bytes]:
    """Return the roots of the full trees that the first blocks are made of, the largest first. Raises ValueError for a missing block."""
    numbers = list(_ends(size))
    found = {row[0]: Block(*row).subtree for row in db.rows(blocks_by_number, numbers=numbers)}
    if lacking := set(numbers) - found.keys():
        raise missing(min(lacking))
    return [bytes.fromhex(found[number]) for number in reversed(numbers)]


def _ends(size: int) -> Iterator[int]:
    """Yield the numbers of the blocks with which those trees end, the last one first."""
    while size:
        yield size
        size &= size - 1


def following(before: Block | None, tops: Sequence[bytes], listed: Sequence[Entry], tm: int) -> Block:
    """Return the block of rows that follows one; ``tops`` are the peaks of all blocks until then."""
    number = before.number + 1 if before else 1
    header: Header = {
        "number": number,
        "previous": checker.root_of_peaks(list(tops)).hex(),
        "first_id": listed[0].id,
        "last_id": listed[-1].id,
        "rows": len(listed),
        "root": checker.root_of([entry.hash for entry in listed]).hex(),
        "tm": tm,
    }
    own = checker.block_hash(header)
    return Block(**header, hash=own.hex(), subtree=_subtree(number, own, tops).hex())  # type: ignore[arg-type]


def _subtree(number: int, own: bytes, tops: Sequence[bytes]) -> bytes:
    """Return the root of the largest full tree that ends with a block: the smaller trees before it are taken in."""
    full = (number & -number).bit_length() - 1
    for top in tops[len(tops) - full :][::-1]:
        own = checker.node(top, own)
    return own


def add(db: Session, new: Block, listed: Sequence[Entry]) -> bool:
    """Write a block; False when another server was faster."""
    packed = b"".join(_ENTRY.pack(*entry) for entry in listed)
    return db.insert_or_ignore(NEW, **new._asdict(), listed=packed) > 0
