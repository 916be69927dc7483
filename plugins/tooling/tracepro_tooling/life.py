"""Tool life: how much of its expected life a tool has used, and when that warns or refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from tracepro.amounts import to_number
from tracepro_hookspecs import Call

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UsageMode(IntEnum):
    """Which of its three lives counts for a tool."""

    PARTS = 0
    RUNTIME = 1
    DAYS = 2


class ToolLife(NamedTuple):
    """The columns of a tool that its life depends on: what is expected of it, and what it has done since it was replaced."""

    usage_mode: int
    part_life: int | None
    max_runtime: int | None
    day_life: int | None
    warn_percent: int
    part_count: int
    runtime: int
    start_day: int

    @property
    def expected(self) -> int | None:
        """The life that counts, in parts, microseconds or days; None where none is expected, 0 is none."""
        lives = {UsageMode.PARTS: self.part_life, UsageMode.RUNTIME: self.max_runtime}
        return lives.get(UsageMode(self.usage_mode), self.day_life) or None

    def used(self, today: int) -> int:
        """Return how much of it is used, in the same unit."""
        counts = {UsageMode.PARTS: self.part_count, UsageMode.RUNTIME: self.runtime}
        return counts.get(UsageMode(self.usage_mode), day_count(self.start_day, today))

    def share(self, today: int) -> float | None:
        """Return which share of its expected life is used, above 1 past it; None where none is expected."""
        return None if self.expected is None else self.used(today) / self.expected

    def shown(self, today: int) -> tuple[int | float, int | float, str]:
        """Return what is used and expected as people read it, and in which unit: machining time is in seconds."""
        used, expected = self.used(today), self.expected or 0
        if self.usage_mode == UsageMode.RUNTIME:
            return to_number(used), to_number(expected), "seconds"
        return used, expected, "parts" if self.usage_mode == UsageMode.PARTS else "days"


def site_day(call: Call, micros: int | None = None) -> int:
    """Return the ordinal of the site's day that an instant lies in, that of the call unless one is given."""
    moment = EPOCH + timedelta(microseconds=call.now if micros is None else micros)
    return moment.astimezone(call.zone).toordinal()


def day_count(start_day: int, today: int) -> int:
    """Return how many days a tool has been in use; one that begins later has none."""
    return max(0, today - start_day)


def is_past_warning(life: ToolLife, today: int) -> bool:
    """Tell whether a tool has used ``warn_percent`` of its expected life."""
    return life.expected is not None and 100 * life.used(today) >= life.warn_percent * life.expected


def is_past_life(life: ToolLife, today: int) -> bool:
    """Tell whether a tool has used its whole expected life."""
    return life.expected is not None and life.used(today) >= life.expected
