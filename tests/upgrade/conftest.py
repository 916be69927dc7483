"""Kept plants, laid into the test's kind of database."""

import pytest


@pytest.fixture(scope="session")
def own_postgresql():
    from tracepro.testing.postgres import OwnDatabase

    own = OwnDatabase("_upgrade")
    yield own
    own.drop()


@pytest.fixture
def lay(database, own_postgresql, tmp_path):
    """Lay a kept plant into a database of its own, and return the url."""

    def lay(released):
        if database == "sqlite":
            released.lay_into_sqlite(tmp_path / "plant.db")
            return f"sqlite:///{tmp_path / 'plant.db'}"
        url = own_postgresql.bare()
        released.lay_into_postgresql(url)
        return url

    return lay
