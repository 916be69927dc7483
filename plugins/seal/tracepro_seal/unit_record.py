"""The record of a unit as one file: what the plant knows of it, its rows of the audit, and the proof of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from tracepro_items import api as items_api

from tracepro import clock
from tracepro_hookspecs import Call, Session, Site
from tracepro_hookspecs.records import Item
from tracepro_seal import blocks, checker, concerning
from tracepro_seal.blocks import Block
from tracepro_seal.concerning import Concern, Progress
from tracepro_seal.tree import BlockTree, path


def find(call: Call, code: str, product: str | None) -> Item:
    """Return the unit that has a code, or the id after ``#``. Raises ValueError where none has, or several have."""
    if re.fullmatch("#[0-9]{1,18}", code):
        found = items_api.items(call, [int(code[1:])])
    else:
        found = items_api.items_with_code(call, code, product)
    if not found:
        raise ValueError(f"No unit has the code {code}; correct it, or name the unit by its id: '#17'.")
    if len(found) > 1:
        products = ", ".join(f"{item.item} (#{item.id})" for item in found)
        raise ValueError(
            f"Units of several products have the code {code}: {products}; choose one with --product, or by its id."
        )
    return found[0]


def make(
    site: Site, code: str, product: str | None, head_numbers: Iterable[int], progress: Progress
) -> dict[str, Any]:
    """Return the record of a unit, proven up to the newest head and up to others. Raises ValueError."""
    item = site.ask(lambda call: find(call, code, product))
    subject = site.ask(lambda call: concerning.subject(call, item))
    found = list(concerning.rows(site, subject, progress))
    known = json.loads(site.ask(lambda call: items_api.whole_record(call, item.id)))
    proofs = site.store.read(partial(_proofs, found, sorted(set(head_numbers))))
    return {
        "format": checker.RECORD,
        "made": clock.text(site.clock()),
        "unit": known,
        "moments": [{"what": what, "tm": tm} for what, tm in subject.moments.items()],
        **proofs,
    }


def _proofs(found: Sequence[Concern], head_numbers: Sequence[int], db: Session) -> dict[str, Any]:
    """Return rows, blocks and heads, the newest head last; all from one snapshot."""
    heads = _heads(db, head_numbers)
    prover, rows = _RowProver(db), []
    for concern in found:
        rows.append({"row": concern.row.by_column(), "why": concern.why, **prover.prove(concern.row.id)})
    tree = BlockTree(db)
    proven = [_proven(tree, block, heads) for block in prover.blocks.values()]
    return {"rows": rows, "blocks": proven, "heads": [head.head for head in heads]}


def _heads(db: Session, numbers: Sequence[int]) -> list[Block]:
    last = blocks.last(db)
    found = []
    for number in numbers:
        block = blocks.block(db, number)
        if block is None:
            raise ValueError(
                f"There is no block {number} in the seal; take the number of a head that was kept."
            )
        if last is not None and number != last.number:
            found.append(block)
    return [*found, last] if last is not None else []


def _proven(tree: BlockTree, block: Block, heads: Sequence[Block]) -> dict[str, Any]:
    """Return a block with its path to each head behind it."""
    behind = [head for head in heads if head.number > block.number]
    paths = {str(head.number): tree.path(block.number, head.number - 1) for head in behind}
    return {**block.header, "paths": paths}


class _RowProver:
    """Finds the block of each row, and its place in it; rows come in order of id, so one block is held at a time."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self.blocks: dict[int, Block] = {}
        self._block: Block | None = None
        self._ids: dict[int, int] = {}
        self._hashes: list[bytes] = []

    def prove(self, row_id: int) -> dict[str, Any]:
        """Return the block of a row, its index there and its path; of one that isn't sealed yet the block is null."""
        if self._block is None or row_id > self._block.last_id:
            self._open(blocks.over(self._db, row_id))
        if self._block is None:
            return {"block": None}
        index = self._ids.get(row_id)
        if index is None:
            raise ValueError(
                f"Row {row_id} of the audit isn't one that block {self._block.number} sealed; run tracepro audit verify."
            )
        roots = path(index, len(self._hashes), self._root)
        return {"block": self._block.number, "index": index, "path": [root.hex() for root in roots]}

    def _root(self, start: int, size: int) -> bytes:
        return checker.root_of(self._hashes[start : start + size])

    def _open(self, block: Block | None) -> None:
        self._block = block
        if block is not None:
            self.blocks[block.number] = block
            listed = blocks.entries(self._db, block.number)
            self._ids = {entry.id: index for index, entry in enumerate(listed)}
            self._hashes = [entry.hash for entry in listed]
