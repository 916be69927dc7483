"""Times: microseconds since 1970 UTC inside, RFC 3339 texts outside."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_IN_UTC = datetime(1970, 1, 1)  # without a zone, which isoformat would write
_MICROSECOND = timedelta(microseconds=1)
# Years 0001 and 9999 leave no room for an offset, so what RFC 3339 can write ends a day before.
EARLIEST = (datetime(1, 1, 2, tzinfo=UTC) - _EPOCH) // _MICROSECOND
LATEST = (datetime(9999, 12, 30, tzinfo=UTC) - _EPOCH) // _MICROSECOND


def now_micros() -> int:
    """Return the present, in microseconds UTC."""
    return time.time_ns() // 1000


def text(micros: int) -> str:
    """Write a time as RFC 3339 in UTC with milliseconds: ``2026-11-20T10:15:00.250Z``."""
    return (_EPOCH_IN_UTC + timedelta(microseconds=micros)).isoformat(timespec="milliseconds") + "Z"


def parse(value: str, zone: ZoneInfo) -> int:
    """Read RFC 3339 with any offset, or what ``datetime.fromisoformat`` takes; without an offset it is local in ``zone``.

    Raises ValueError with a sentence.
    """
    try:
        moment = datetime.fromisoformat(value.upper())  # RFC 3339 has small t and z too
    except ValueError:
        raise ValueError(f"{value[:60]!r} is not a time: write it like 2026-11-20T10:15:00.250Z.") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        micros = (moment - _EPOCH) // _MICROSECOND
    except OverflowError:
        micros = LATEST + 1
    if not EARLIEST <= micros <= LATEST:
        raise ValueError(f"{value[:60]!r} is outside the calendar; use a year from 1 to 9999.")
    return micros
