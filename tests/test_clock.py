"""Times go in and out as the protocol says."""

from zoneinfo import ZoneInfo

import pytest

from tracepro import clock

PRAGUE = ZoneInfo("Europe/Prague")
MOMENT = 1_795_169_700_250_000  # 2026-11-20T10:15:00.250Z


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T10:15:00.250Z",
        "2026-11-20T11:15:00.25+01:00",
        "2026-11-20 11:15:00.250000",
        "2026-11-20T11:15:00,250",
        "20261120T101500.250Z",
        "2026-11-20t10:15:00.250z",
        "2026-11-20T02:15:00.250-08:00",
    ],
)
def test_a_time_is_read_with_any_offset_or_as_local(written):
    assert clock.parse(written, PRAGUE) == MOMENT


@pytest.mark.parametrize("micros", [MOMENT, 0, -1, clock.EARLIEST, clock.LATEST])
def test_a_time_is_written_in_utc_with_milliseconds(micros):
    text = clock.text(micros)
    assert len(text) == 24
    assert clock.parse(text, PRAGUE) == micros - micros % 1000


def test_summer_and_winter_time_differ():
    assert clock.parse("2026-07-01T12:00", PRAGUE) == clock.parse("2026-07-01T10:00Z", PRAGUE)
    assert clock.parse("2026-10-25T02:30", PRAGUE) == clock.parse("2026-10-25T00:30Z", PRAGUE)


@pytest.mark.parametrize(
    "wrong", ["", "yesterday", "2026-13-01", "2026-11-20T25:00", "1795169700", "2026-11-20T10:15:00+99:00"]
)
def test_what_is_no_time_is_refused_with_an_example(wrong):
    with pytest.raises(ValueError, match="is not a time: write it like 2026"):
        clock.parse(wrong, PRAGUE)


@pytest.mark.parametrize(
    "wrong", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00"]
)
def test_a_time_outside_the_calendar_is_refused(wrong):
    with pytest.raises(ValueError, match="outside the calendar"):
        clock.parse(wrong, PRAGUE)


def test_the_present_is_microseconds():
    assert clock.text(clock.now_micros()) > "2026"


@pytest.mark.parametrize(
    ("local", "first", "second"),
    [
        ("2026-03-29T02:00", "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"),
        ("2026-03-29T02:59:59", "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"),
        ("2026-03-29T03:00", "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"),
        ("2026-10-25T02:30", "2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"),
        ("2026-10-25T03:00", "2026-10-25T02:00:00.000Z", "2026-10-25T02:00:00.000Z"),
    ],
)
def test_local_times_on_the_days_when_clocks_change(local, first, second):
    assert clock.text(clock.parse(local, PRAGUE)) == first
    assert clock.text(clock.parse(local, PRAGUE, second=True)) == second


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000Z"),
        ("20261231T235960Z", "2027-01-01T00:00:00.000Z"),
        ("2026-12-31t23:59:60.5z", "2027-01-01T00:00:00.500Z"),
        ("2027-01-01T00:59:60+01:00", "2027-01-01T00:00:00.000Z"),
        ("2026-12-31T23:59:60+01:00", "2026-12-31T23:00:00.000Z"),
        ("2026-12-31T23:59:60", "2026-12-31T23:00:00.000Z"),
    ],
)
def test_a_leap_second_is_the_next_second(written, read):
    assert clock.text(clock.parse(written, PRAGUE)) == read


@pytest.mark.parametrize("wrong", ["2026-11-20T10:15:60Z", "2026-11-20T10:15:20-23:59:60", "23:59:60"])
def test_sixty_seconds_are_a_leap_second_at_the_end_of_a_day_only(wrong):
    with pytest.raises(ValueError, match="is not a time"):
        clock.parse(wrong, PRAGUE)
