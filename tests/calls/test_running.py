"""What a function of a plugin takes is its own: without the functions that ran inside it."""

import pytest

from tracepro.calls import running
from tracepro.calls.running import run, watched


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves by calling it with seconds."""
    now = [0.0]
    monkeypatch.setattr(running, "perf_counter", lambda: now[0])

    def advance(seconds):
        now[0] += seconds

    return advance


def test_time_is_counted_to_the_function_that_took_it(clock):
    handler = watched("timed", "addop", "write")
    check, inner = (
        watched("timed", "tracepro_check_a", "check"),
        watched("other", "tracepro_line_of", "decide"),
    )

    def handle():
        clock(1.0)
        run(check, checked, ())
        clock(0.5)
        run(inner, clock, (3.0,))

    def checked():
        clock(0.25)
        run(inner, clock, (8.0,))

    run(handler, handle, ())
    assert (handler.calls, check.calls, inner.calls) == (1, 1, 2)
    assert (handler.seconds, check.seconds, inner.seconds) == (1.5, 0.25, 11.0)


def test_a_function_that_fails_is_counted_too(clock):
    failing = watched("timed", "tracepro_check_b", "check")

    def fail():
        clock(2.0)
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            run(failing, fail, ())
    assert (failing.calls, failing.seconds) == (2, 4.0)
