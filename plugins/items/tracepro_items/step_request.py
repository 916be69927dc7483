"""What a call asks for: which steps of which units, where and by whom."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tracepro_hookspecs.records import Draft

Pair = tuple[int | None, int | None]
"""Op and act of a step; one of the two is enough when it picks exactly one step."""
Pairs = Sequence[Pair]
"""Steps, by op and act; one of the two is enough when it picks exactly one step."""


class StepRequest(msgspec.Struct, frozen=True, gc=False):
    """Which steps are asked for: of these units, at this workplace, by these workers.

    ``draft`` is what is to be recorded, None in a request that only asks; ``tm1`` tells of that one when the work ended,
    in microseconds UTC, None is now. Without ``item_ids`` the steps of an order are meant and none of its units.
    """

    item_ids: Sequence[int]
    pairs: Pairs
    wp_id: int
    worker_ids: Sequence[int]
    draft: Draft | None = None
    tm1: int | None = None

    def ended(self, now: int) -> int:
        """Return when the work ended, in microseconds UTC."""
        tm1 = self.tm1 if self.draft is None else self.draft.tm1
        return now if tm1 is None else tm1

    @property
    def to_record(self) -> Draft:
        """What is to be recorded; raises TypeError in a request that only asks."""
        if self.draft is None:
            raise TypeError("this request only asks: give it the draft of what is to be recorded.")
        return self.draft
