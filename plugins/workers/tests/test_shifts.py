"""Shifts are local wall times, on days when the clock is changed too."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tracepro_workers import shifts

PRAGUE = ZoneInfo("Europe/Prague")
THREE = shifts.parse(["06:00", "14:00", "22:00"])
NIGHT = shifts.parse(["02:30", "14:30"])


def _micros(text):
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def _shift(starts, text, zone=PRAGUE):
    both = shifts.shift_around(starts, zone, _micros(text))
    return tuple(datetime.fromtimestamp(each / 1e6, UTC).strftime("%m-%dT%H:%M") for each in both)


def test_an_instant_belongs_to_the_shift_that_began_last():
    assert _shift(THREE, "2026-11-20T14:00:00+01:00") == ("11-20T13:00", "11-20T21:00")
    assert _shift(THREE, "2026-11-20T13:59:59+01:00") == ("11-20T05:00", "11-20T13:00")
    assert _shift(THREE, "2026-11-20T03:00:00+01:00") == ("11-19T21:00", "11-20T05:00")


def test_a_start_that_the_clock_leaves_out_is_the_end_of_the_gap():
    assert _shift(NIGHT, "2026-03-29T00:59:00Z") == ("03-28T13:30", "03-29T01:00")
    assert _shift(NIGHT, "2026-03-29T01:00:00Z") == ("03-29T01:00", "03-29T12:30")


def test_a_start_that_comes_twice_counts_the_first_time():
    assert _shift(NIGHT, "2026-10-25T00:29:00Z") == ("10-24T12:30", "10-25T00:30")
    assert _shift(NIGHT, "2026-10-25T01:45:00Z") == ("10-25T00:30", "10-25T13:30")


def test_a_day_that_a_zone_left_out_belongs_to_the_shift_before():
    apia = ZoneInfo("Pacific/Apia")
    assert _shift(THREE, "2011-12-31T05:00:00+14:00", apia) == ("12-30T10:00", "12-30T16:00")


def test_one_start_makes_one_shift_a_day():
    assert _shift(shifts.parse(["00:00"]), "2026-11-20T14:00:00+01:00") == ("11-19T23:00", "11-20T23:00")


def test_shifts_never_overlap_or_leave_a_gap():
    for hour in range(24 * 10):
        instant = _micros("2026-10-20T00:00:00Z") + hour * 3_600_000_000
        start, end = shifts.shift_around(NIGHT, PRAGUE, instant)
        assert start <= instant < end
        assert shifts.shift_around(NIGHT, PRAGUE, end)[0] == end


@pytest.mark.parametrize("words", [[], ["6"], ["25:00"], ["06:00+01:00"], ["six"]])
def test_what_is_not_a_wall_time_is_refused_with_a_sentence(words):
    with pytest.raises(ValueError, match="06:00 14:00 22:00"):
        shifts.parse(words)
