"""What other plugins may ask of material."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracepro_hookspecs.records import OpMat
from tracepro_material import ledger, lots
from tracepro_material.lots import Held


def find_lot(call: Any, mat_item: str, mat_lot: str) -> Held | None:
    """The lot of an article, with what lies on the floor in millionths, or None."""
    return lots.find(call, mat_item, mat_lot)


def lots_by_id(call: Any, ids: Iterable[int]) -> dict[int, Held]:
    """Lots by id; unknown ids are left out."""
    return lots.by_id(call, ids, lock=False)


def operation_material(call: Any, op_ids: Iterable[int]) -> dict[int, list[OpMat]]:
    """The material that stands in operations, by operation id."""
    return ledger.taken(call, op_ids)
