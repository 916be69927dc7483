"""Waiting for what comes by itself, with a deadline that only a failure reaches."""

import time
from contextlib import suppress

SECONDS = 30
PAUSE = 0.02


def until(reached, told="It did not happen in time.", seconds=SECONDS, ignored=()):
    """Wait until ``reached()`` is true and return what it says; errors that are ``ignored`` are a no.

    ``told`` is what the failure says, or a function that returns that.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(*ignored):
            if result := reached():
                return result
        time.sleep(PAUSE)
    raise AssertionError(told() if callable(told) else told)
