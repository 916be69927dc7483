"""Bookings that are made while something goes wrong, and a disk that goes wrong."""

import pytest

from tracepro.database import Limits
from tracepro.testing import makers

from .disk import Disk
from .load import Bookings

PAGES = 12
"""After so many pages SQLite's log is written into the file, so that what goes wrong goes wrong in that, too."""


@pytest.fixture
def bookings():
    """Make units to be booked on a server and keep the books."""
    return Bookings


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """A disk below the plants of this test, which sync as a server does."""
    monkeypatch.setattr(makers, "WITHOUT_SYNC", Limits(pragmas={"wal_autocheckpoint": PAGES}))
    (tmp_path / "left").mkdir()
    disk = Disk(tmp_path / "left")
    disk.install()
    yield disk
    disk.remove()
