"""The records of this plugin: boxes as stored, and as the API contract names them."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_hookspecs.records import Record


class Box(Record, frozen=True, gc=False):
    """A box as the table has it."""

    id: int
    item: str
    box_size: int
    label: str
    status: int
    parent_id: int | None


class BoxContent(Record, frozen=True, gc=False):
    """A box with the units and boxes that lie directly in it; ``count`` is its units, those of the boxes in it included."""

    id: int
    item: str
    box_size: int
    label: str
    status: int
    parent_id: int | None
    items: Sequence[int]
    boxes: Sequence[int]
    count: int
