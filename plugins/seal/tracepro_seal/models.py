"""The table: a block a row, which is only ever added to."""

from __future__ import annotations

from tracepro.database import Bytes, Instant, Integer, Model, ShortText


class Block(Model):
    """A block: so many ``rows`` of the audit from ``first_id`` to ``last_id``, and the ``root`` of their hashes.

    ``number`` begins with 1. ``previous`` is the root of the hashes of all blocks before it, ``hash`` that of the block itself;
    they are hex digits. ``subtree`` is the root of the largest full tree of block hashes that ends with this one, by which
    ``previous`` and proofs are found without reading all blocks. ``listed`` has id and hash of each row, by which one that was changed
    is named.
    """

    number = Integer(primary_key=True)
    previous = ShortText()
    first_id = Integer()
    last_id = Integer(index=True)
    rows = Integer()
    root = ShortText()
    tm = Instant()
    hash = ShortText()
    subtree = ShortText()
    listed = Bytes()

    class Meta:
        table_name = "seal_block"


MODELS: list[type[Model]] = [Block]
