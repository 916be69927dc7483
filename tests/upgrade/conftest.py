"""Kept plants, laid into the test's kind of database."""

import pytest


@pytest.fixture
def lay(database, databases, tmp_path):
    """Lay a kept plant into a database of its own, and return the url."""

    def lay(released):
        if database == "sqlite":
            released.lay_into_sqlite(tmp_path / "plant.db")
            return f"sqlite:///{tmp_path / 'plant.db'}"
        url = databases.bare(database, tmp_path)
        released.lay_into_postgresql(url)
        return url

    return lay
