"""Times: microseconds since 1970 UTC inside, RFC 3339 texts outside."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

__all__ = ["DAY", "EARLIEST", "HOUR", "LATEST", "MINUTE", "SECOND", "local", "now_micros", "parse", "text"]

SECOND = 1_000_000
"""Microseconds of a second."""
MINUTE = 60 * SECOND
"""Microseconds of a minute."""
HOUR = 60 * MINUTE
"""Microseconds of an hour."""
DAY = 24 * HOUR
"""Microseconds of 24 hours, which a local day need not have."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_IN_UTC = datetime(1970, 1, 1)  # without a zone, which isoformat would write
_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
LONGEST = 64
"""How long a time may be written; no form of it has half of that."""
_LEAP_SECOND = re.compile(r"(.*\D\d\d:?\d\d:?)60(?!\d|:)(.*)", re.ASCII)
# Years 0001 and 9999 leave no room for an offset, so what RFC 3339 can write ends a day before.
EARLIEST = (datetime(1, 1, 2, tzinfo=UTC) - _EPOCH) // _MICROSECOND
"""The first moment that can be written, in microseconds."""
LATEST = (datetime(9999, 12, 30, tzinfo=UTC) - _EPOCH) // _MICROSECOND
"""The last moment that can be written, in microseconds."""


def now_micros() -> int:
    """Return the present, in microseconds UTC."""
    return time.time_ns() // 1000


def text(micros: int) -> str:
    """Write a time as RFC 3339 in UTC with milliseconds: ``2026-11-20T10:15:00.250Z``."""
    return (_EPOCH_IN_UTC + timedelta(microseconds=micros)).isoformat(timespec="milliseconds") + "Z"


def parse(value: str, zone: ZoneInfo, *, second: bool = False) -> int:
    """Read RFC 3339 with any offset, or what ``datetime.fromisoformat`` takes; without an offset it is local in ``zone``.

    A local time that doesn't exist is the first instant after the gap; of one that exists twice it is the first,
    or the ``second`` if asked. A leap second is the next second. Raises ValueError with a sentence.
    """
    moment = _moment(value)
    try:
        micros = _micros(moment, zone, second) if moment is not None else _after_leap_second(value, zone)
    except OverflowError:
        micros = LATEST + 1
    if micros is None:
        raise ValueError(f"{value[:60]!r} is not a time: write it like 2026-11-20T10:15:00.250Z.")
    if not EARLIEST <= micros <= LATEST:
        raise ValueError(f"{value[:60]!r} is outside the calendar; use a year from 1 to 9999.")
    return micros


def local(wall: datetime, zone: ZoneInfo, *, second: bool = False) -> int:
    """Return the instant of a local wall time in microseconds UTC, as ``parse`` does."""
    first = wall.replace(tzinfo=zone, fold=second).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != wall.replace(fold=0):
        first = _end_of_gap(wall, zone)
    return (first - _EPOCH) // _MICROSECOND


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant after the gap that swallowed a wall time, by halving the gap to a second."""
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC).replace(microsecond=0)
    old = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        if middle == early:
            break
        if middle.astimezone(zone).utcoffset() == old:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def _moment(value: str) -> datetime | None:
    for text_of_time in (value, value.upper()):  # RFC 3339 has small t and z too
        try:
            return datetime.fromisoformat(text_of_time)
        except ValueError:
            continue
    return None


def _micros(moment: datetime, zone: ZoneInfo, second: bool) -> int:
    if moment.tzinfo is None:
        return local(moment, zone, second=second)
    return (moment - _EPOCH) // _MICROSECOND


def _after_leap_second(value: str, zone: ZoneInfo) -> int | None:
    """Return the second after ``23:59:60``, UTC's or a clock's; None for any other text."""
    found = _LEAP_SECOND.fullmatch(value) if len(value) <= LONGEST else None
    moment = _moment(f"{found[1]}59{found[2]}") if found else None
    if moment is None:
        return None
    micros = _micros(moment, zone, second=False)
    ends_day = (moment.hour, moment.minute) == (23, 59) or (micros // SECOND + 1) % 86_400 == 0
    return micros + SECOND if ends_day else None
