"""Bookings that are made while something goes wrong."""

import pytest

from .load import Bookings


@pytest.fixture
def bookings():
    """Make units to be booked on a server and keep the books."""
    return Bookings
