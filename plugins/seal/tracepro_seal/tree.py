"""Proofs that a block is one that a head holds to: found in a few steps, however many blocks there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tracepro_hookspecs import Session
from tracepro_seal import blocks, checker


def path(index: int, size: int, root: Callable[[int, int], bytes], start: int = 0) -> list[bytes]:
    """Return the path from a leaf to the root of ``size`` leaves, from the bottom up; ``root(start, size)`` is that of some of them."""
    if size == 1:
        return []
    left = checker.split(size)
    if index < left:
        return [*path(index, left, root, start), root(start + left, size - left)]
    return [*path(index - left, size - left, root, start + left), root(start, left)]


class BlockTree:
    """The tree of the hashes of all blocks; what was read of it is kept as long as the session of one transaction."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._read = cache(self._read_block)

    def path(self, number: int, size: int) -> list[str]:
        """Return the path from a block to the root of the first ``size`` blocks, from the bottom up."""
        return [root.hex() for root in path(number - 1, size, self._root)]

    def _root(self, start: int, size: int) -> bytes:
        """Return the root of so many blocks behind the first ``start``; the largest that ends with a block is written there."""
        end = start + size
        if size == end & -end:
            return bytes.fromhex(self._read(end).subtree)
        if size == 1:
            return bytes.fromhex(self._read(end).hash)
        left = checker.split(size)
        return checker.node(self._root(start, left), self._root(start + left, size - left))

    def _read_block(self, number: int) -> blocks.Block:
        found = blocks.block(self._db, number)
        if found is None:
            raise blocks.missing(number)
        return found
