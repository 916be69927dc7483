"""Plants that produced long ago."""

import pytest

from tracepro.testing.makers import PlantMaker

from .long_ago import produce


@pytest.fixture
def produced(make_plant):
    """A plant that produced long ago."""
    return produce(make_plant)


@pytest.fixture(scope="module")
def archived(databases, tmp_path_factory):
    """A plant that produced long ago, with everything archived in ``folder``; for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("archived")
    maker = PlantMaker(databases, folder, "sqlite")
    plant = produce(maker)
    plant.before = {
        unit["id"]: plant.call("getitemoperations", unit["id"]) for unit in plant.call("getorderitems", 1)
    }
    plant.folder = folder / "archive"
    plant.archive(plant.folder, 365)
    yield plant
    maker.close()
