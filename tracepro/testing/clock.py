"""A clock that stands still until a test moves it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tracepro import clock

START = "2026-11-20T10:00:00Z"
UTC = ZoneInfo("UTC")


class PlantClock:
    """Tells the time in microseconds UTC, as the site's clock does; it begins on a Friday morning."""

    def __init__(self, start: str = START) -> None:
        self.micros = clock.parse(start, UTC)

    def __call__(self) -> int:
        """Return the time."""
        return self.micros

    def set(self, text: str, zone: ZoneInfo = UTC) -> None:
        """Set the clock to a time such as ``2026-11-20T14:05:00Z``; without an offset it is in ``zone``."""
        self.micros = clock.parse(text, zone)

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Move the clock on."""
        self.micros += round((seconds + 60 * minutes + 3600 * hours) * 1_000_000)

    def __str__(self) -> str:
        return clock.text(self.micros)
