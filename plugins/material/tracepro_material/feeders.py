"""The holes of a workplace as those see them who keep them full: what is in each, and how many units that is enough for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracepro_hookspecs import Call
from tracepro_material import boms, reels
from tracepro_material.boms import Bom
from tracepro_material.reels import LoadedReel

SOON = 20
"""Units before the end of a hole that people are told."""


class Feeder(NamedTuple):
    """A hole: its reels, the one in use first, and the ``articles`` that the BOM wants there, none where there is no BOM.

    ``decrement`` is what the next unit takes, in millionths. ``units`` is how many units there is material for, waiting
    reels included; None where units take nothing. ``wrong`` are the articles in it that the BOM doesn't want there.
    """

    hole_no: int
    articles: tuple[str, ...]
    reels: tuple[LoadedReel, ...]
    decrement: int
    units: int | None
    wrong: tuple[str, ...]

    @property
    def runs_out_soon(self) -> bool:
        """Tell whether there is material for ``SOON`` units or fewer."""
        return self.units is not None and self.units <= SOON


def read(call: Call, wp_id: int) -> list[Feeder]:
    """Return the holes of a workplace, those of its BOM and those with something in them: what is wrong or runs out first comes first."""
    bom = boms.read(call, wp_id)
    loaded: dict[int, list[LoadedReel]] = {hole_no: [] for hole_no in bom}
    for reel in reels.read(call, wp_id):
        loaded.setdefault(reel.hole_no, []).append(reel)
    return sorted((_feeder(bom, hole_no, inside) for hole_no, inside in loaded.items()), key=_urgency)


def _urgency(feeder: Feeder) -> tuple[bool, bool, int, int]:
    """Return what sorts holes: a wrong article, which stops everything, comes first, what units take nothing of last."""
    return not feeder.wrong, feeder.units is None, feeder.units or 0, feeder.hole_no


def _feeder(bom: Bom, hole_no: int, inside: Sequence[LoadedReel]) -> Feeder:
    wanted = bom.get(hole_no, {})
    decrements = [reel.decrement_by(bom) for reel in inside] or [min(wanted.values())]
    units = units_until_empty([reel.amount for reel in inside] or [0], decrements)
    wrong = sorted({reel.mat_item for reel in inside if bom and reel.mat_item not in wanted})
    return Feeder(hole_no, tuple(wanted), tuple(inside), decrements[0], units, tuple(wrong))


def units_until_empty(amounts: Sequence[int], decrements: Sequence[int]) -> int | None:
    """Return how many whole units the reels of a hole are enough for, in the order in which they are taken from.

    A unit that begins on one reel takes the rest from the next, as an operation does. None where nothing is ever used up.
    """
    units = lacking = 0
    for amount, decrement in zip(amounts, decrements, strict=True):
        if decrement == 0:
            return None
        left = amount - lacking
        if left < 0:
            lacking = -left
            continue
        whole, rest = divmod(left, decrement)
        units += whole + bool(lacking)
        lacking = decrement - rest if rest else 0
    return units
