"""The records of this plugin: carts that are listed, and their reels."""

from __future__ import annotations

from typing import NamedTuple


class Reel(NamedTuple):
    """A reel that belongs into a hole; ``mat_lot`` None is not scanned yet."""

    hole_no: int
    mat_item: str
    mat_lot: str | None


class Listed(NamedTuple):
    """A cart that a step of an order needs, with its place and its reels."""

    op: int
    cart: str
    machine: str
    bank: int | str
    program: str
    reels: tuple[Reel, ...]
