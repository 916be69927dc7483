"""How pages write values: times in the site's zone, numbers in the site's form, codes in paths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from tracepro import clock
from tracepro_hookspecs import segment
from tracepro_pages.parameters import NUMBERS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOTHING = "–"


class Formats:
    """The filters of one site's templates."""

    def __init__(self, zone: ZoneInfo, numbers: str) -> None:
        self._zone = zone
        self._thousands, self._decimals = NUMBERS[numbers]

    @property
    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters by name."""
        return {
            "time": self.time,
            "day": self.day,
            "number": self.number,
            "percent": self.percent,
            "duration": duration,
            "segment": segment,
        }

    def time(self, moment: int | str | None) -> Markup:
        """Return a time, microseconds UTC or RFC 3339, as an element that shows it in the site's zone to the second."""
        return self._element(moment, "%Y-%m-%d %H:%M:%S")

    def day(self, moment: int | str | None) -> Markup:
        """Return the day of a time in the site's zone."""
        return self._element(moment, "%Y-%m-%d")

    def number(self, value: float | int | None, digits: int | None = None) -> str:
        """Return a number; ``digits`` behind the point, else as many as it has, at most six."""
        if value is None:
            return NOTHING
        text = f"{value:,.{6 if digits is None else digits}f}"
        if digits is None:
            text = text.rstrip("0").rstrip(".")
        whole, point, rest = text.partition(".")
        return whole.replace(",", self._thousands) + (self._decimals + rest if point else "")

    def percent(self, share: float | None) -> str:
        """Return a share of 1 in percent, with a digit behind the point."""
        return NOTHING if share is None else f"{self.number(share * 100, 1)}\u202f%"

    def _element(self, moment: int | str | None, form: str) -> Markup:
        if moment is None or moment == "":
            return Markup(NOTHING)  # noqa: S704
        micros = clock.parse(moment, self._zone) if isinstance(moment, str) else moment
        local = (EPOCH + timedelta(microseconds=micros)).astimezone(self._zone)
        return Markup('<time datetime="{}">{}</time>').format(clock.text(micros), local.strftime(form))


def duration(seconds: float | int | None) -> str:
    """Return seconds as hours, minutes and seconds: ``1:02:03``."""
    if seconds is None:
        return NOTHING
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
