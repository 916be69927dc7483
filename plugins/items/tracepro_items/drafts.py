"""Drafts: what is about to be recorded, made of what an API call says (docs/rules.md, Values)."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro import clock
from tracepro_hookspecs import Call, InvalidParams
from tracepro_hookspecs.records import Draft
from tracepro_items import data
from tracepro_items.data import DataRows

MatRows = Sequence[tuple[int, str, int, int]]
"""Material that was taken: (wfloormat_id, ref, amount in millionths, hole_no)."""
AHEAD = clock.DAY
WHEN = {"tm0": "The begin of the work (tm0)", "tm1": "The end of the work (tm1)"}


def make_draft(
    call: Call,
    tm0: int | None = None,
    tm1: int | None = None,
    *,
    result: int = 0,
    count: int = 1,
    mat_auto: bool = False,
    data_rows: DataRows = (),
    mat: MatRows = (),
) -> Draft:
    """Return what is about to be recorded; raises InvalidParams for wrong times and data rows."""
    begin, end = interval(call, tm0, tm1)
    if data_rows:
        data.check("data", data_rows)
    return Draft(begin, end, result, count, mat_auto, tuple(data_rows), tuple(mat))


def interval(call: Call, tm0: int | None, tm1: int | None) -> tuple[int, int]:
    """Return begin and end of work in microseconds, as far as the caller says them.

    A missing end is the later of now and the begin, a missing begin the earlier of now and the end. Raises
    InvalidParams for an end before its begin, for what lies more than 24 hours ahead of the server, and for what is
    older than ``[site] oldest_days``.
    """
    now = call.now
    if tm0 is None and tm1 is None:
        return now, now
    for name, moment in (("tm0", tm0), ("tm1", tm1)):
        if moment is not None:
            _check_near(call, name, moment)
    if tm0 is None:
        tm0 = now if tm1 is None else min(now, tm1)
    if tm1 is None:
        tm1 = max(now, tm0)
    if tm1 < tm0:
        raise InvalidParams(
            "tm1",
            f"{WHEN['tm1']} {clock.text(tm1)} lies before {WHEN['tm0'].lower()} {clock.text(tm0)}; swap them.",
        )
    return tm0, tm1


def _check_near(call: Call, name: str, moment: int) -> None:
    days = call.parameter("site", "oldest_days")
    if moment > call.now + AHEAD:
        info = f"{WHEN[name]} is more than 24 hours ahead of the server, where it is {clock.text(call.now)}; set the clock."
        raise InvalidParams(name, info)
    if days and moment < call.now - days * clock.DAY:
        info = (
            f"{WHEN[name]} {clock.text(moment)} is more than {days} days ago; correct it, or have older work allowed "
            "([site] oldest_days of parameters.ini)."
        )
        raise InvalidParams(name, info)
