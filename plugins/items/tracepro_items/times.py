"""When work began and ended, as far as the caller says it (api.md, section 1)."""

from __future__ import annotations

from typing import Any

from tracepro import clock
from tracepro_hookspecs import InvalidParams

AHEAD = 24 * 3600 * clock.SECOND


def interval(call: Any, tm0: int | None, tm1: int | None) -> tuple[int, int]:
    """Returns begin and end in microseconds: a missing end is the later of now and the begin, a missing begin
    the earlier of now and the end.

    Raises InvalidParams for an end before its begin and for what lies more than 24 hours ahead of the server.
    """
    now = call.now
    if tm0 is None and tm1 is None:
        return now, now
    for name, moment in (("tm0", tm0), ("tm1", tm1)):
        if moment is not None and moment > now + AHEAD:
            info = f"{name} is more than 24 hours ahead of the server, where it is {clock.text(now)}; set the clock."
            raise InvalidParams(name, info)
    begin = min(now, tm1) if tm0 is None else tm0
    end = max(now, begin) if tm1 is None else tm1
    if end < begin:
        raise InvalidParams("tm1", f"tm1 {clock.text(end)} lies before tm0 {clock.text(begin)}; swap them.")
    return begin, end
