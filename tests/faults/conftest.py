"""A disk that goes wrong, and plants that are asked what nobody should ask, below tests in this process."""

import pytest
from argon2 import PasswordHasher
from tracepro_auth import passwords

from tests.example_plant import EXAMPLES, FIRST_PARTY, make_example_plant
from tests.rest.whole_site import WholeSite
from tracepro.database import Limits
from tracepro.testing import makers

from .disk import Disk
from .twins import Twins

PAGES = 12
"""After so many pages SQLite's log is written into the file, so that what goes wrong goes wrong in that, too."""
UNTHROTTLED = {"calls_per_second": 0, "guesses": 1_000_000}
"""What is counted outside of the transaction that is taken back would be told from one call to the next."""
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Spares tests the work that makes guessing dear."""


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """A disk below the plants of this test, which sync as a server does."""
    monkeypatch.setattr(makers, "WITHOUT_SYNC", Limits(pragmas={"wal_autocheckpoint": PAGES}))
    (tmp_path / "left").mkdir()
    disk = Disk(tmp_path / "left")
    disk.install()
    yield disk
    disk.remove()


@pytest.fixture
def documents(tmp_path):
    """The folder that the examples call /srv/documents."""
    (tmp_path / "documents").mkdir()
    return tmp_path / "documents"


@pytest.fixture
def make_twins(databases, tmp_path, monkeypatch):
    """Return a function that makes a plant on both databases, by a function that is given what makes plants."""
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    monkeypatch.setattr(passwords, "NOBODY", QUICK.hash("nobody's"))
    made = []

    def make(plant_by):
        each_makes = [makers.PlantMaker(databases, tmp_path, kind) for kind in ("sqlite", "postgresql")]
        twins = Twins(*map(plant_by, each_makes))
        made.extend((twins, *each_makes))
        return twins

    yield make
    for each in made:
        each.close()


@pytest.fixture
def twins(make_twins, documents):
    """The example plant with all plugins of this repository, twice."""
    plugins = (*FIRST_PARTY, *EXAMPLES)
    return make_twins(lambda maker: make_example_plant(maker, documents, plugins=plugins, api=UNTHROTTLED))


@pytest.fixture
def sites(make_twins):
    """The whole site of the REST API with some objects of each kind, twice."""

    def plant_by(maker):
        site = WholeSite(lambda **values: maker((*FIRST_PARTY, *EXAMPLES), **values), **UNTHROTTLED)
        site.app.pool.close()
        return site.plant

    return make_twins(plant_by)
