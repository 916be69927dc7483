"""A disk that goes wrong, below plants in this process."""

import pytest

from tracepro.database import Limits
from tracepro.testing import makers

from .disk import Disk

PAGES = 12
"""After so many pages SQLite's log is written into the file, so that what goes wrong goes wrong in that, too."""


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """A disk below the plants of this test, which sync as a server does."""
    monkeypatch.setattr(makers, "WITHOUT_SYNC", Limits(pragmas={"wal_autocheckpoint": PAGES}))
    (tmp_path / "left").mkdir()
    disk = Disk(tmp_path / "left")
    disk.install()
    yield disk
    disk.remove()
