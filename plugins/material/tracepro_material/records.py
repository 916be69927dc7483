"""The answers of this plugin, as the API contract names them; amounts are JSON numbers."""

from __future__ import annotations

from tracepro_hookspecs.records import Record


class FloorMat(Record, frozen=True, gc=False):
    """A lot; ``amount`` lies on the floor and not on a workplace."""

    wfloormat_id: int
    mat_item: str
    mat_lot: str
    amount: int | float


class WpMat(Record, frozen=True, gc=False):
    """A lot in a hole of a workplace; queue 0 is in use, 1… wait behind it."""

    wp_id: int
    hole_no: int
    wfloormat_id: int
    mat_item: str
    mat_lot: str
    amount: int | float
    decrement: int | float
    queue: int


class BomRow(Record, frozen=True, gc=False):
    """An article that belongs into a hole, and how much of it one unit takes."""

    hole_no: int
    mat_item: str
    decrement: int | float
