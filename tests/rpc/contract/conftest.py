"""The example plant with all plugins of this repository, and the examples of their fragments."""

import pytest

from tests.example_plant import FIRST_PARTY, examples_of_all, make_example_plant
from tracepro.testing.makers import PlantMaker


def pytest_generate_tests(metafunc):
    """Runs tests that ask for a ``plugin`` for each plugin of this repository."""
    if "plugin" in metafunc.fixturenames:
        metafunc.parametrize("plugin", sorted(FIRST_PARTY))


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """The folder that the examples call /srv/documents, with its document."""
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="module")
def example_plant(databases, tmp_path_factory, documents):
    """The example plant, for all tests of a module."""
    maker = PlantMaker(databases, tmp_path_factory.mktemp("example"), "sqlite")
    yield make_example_plant(maker, documents)
    maker.close()


@pytest.fixture(scope="module")
def examples(example_plant, documents):
    """Every example as (plugin, method, example), in document order, plugins after those they require."""
    return examples_of_all(example_plant, documents)
