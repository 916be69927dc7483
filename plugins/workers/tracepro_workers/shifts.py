"""Shifts: which one an instant lies in, by the plant's local wall times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracepro import clock
from tracepro_hookspecs import Call

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(words: Sequence[str]) -> tuple[time, ...]:
    """Return the times of day when shifts start, from words such as ``06:00``. Raises ValueError with a sentence."""
    starts = {_time_of_day(word) for word in words}
    if not starts:
        raise ValueError("no start is given; write at least one, as in 06:00 14:00 22:00")
    return tuple(sorted(starts))


def _time_of_day(word: str) -> time:
    try:
        start = time.fromisoformat(word)
    except ValueError:
        start = None
    if start is None or start.tzinfo is not None:
        raise ValueError(f"{word!r} is not a local time of day; write the starts as 06:00 14:00 22:00")
    return start


def shift_at(call: Call, micros: int) -> tuple[int, int]:
    """Return start (inclusive) and end (exclusive) of the shift an instant lies in, in microseconds UTC."""
    return shift_around(call.parameter("site", "shifts"), call.zone, micros)


def shift_around(starts: tuple[time, ...], zone: ZoneInfo, micros: int) -> tuple[int, int]:
    """Return start and end of the shift around an instant for these starts in this zone."""
    day = (EPOCH + timedelta(microseconds=micros)).astimezone(zone).date()
    instants = _starts_around(starts, zone, day)
    after = bisect_right(instants, micros)
    return instants[after - 1], instants[after]


@lru_cache(maxsize=64)
def _starts_around(starts: tuple[time, ...], zone: ZoneInfo, day: date) -> list[int]:
    """Return all starts of the days around ``day``: two on each side, for zones that once left out a whole day."""
    days = [day + timedelta(days=offset) for offset in range(-2, 3)]
    return sorted(
        {clock.local(datetime.combine(each_day, start), zone) for each_day in days for start in starts}
    )
