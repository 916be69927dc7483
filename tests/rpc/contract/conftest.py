"""The example plant with all plugins of this repository, and the examples of their fragments."""

import json
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tracepro.testing.examples import examples_of
from tracepro.testing.makers import PlantMaker

ROOT = Path(__file__).parents[3]
INSTALLED = {entry.name for entry in entry_points(group="tracepro.plugins")}
PLUGINS = sorted(folder.name for folder in (ROOT / "plugins").iterdir() if folder.name in INSTALLED)


def pytest_generate_tests(metafunc):
    """Runs tests that ask for a ``plugin`` for each plugin of this repository."""
    if "plugin" in metafunc.fixturenames:
        metafunc.parametrize("plugin", PLUGINS)


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """The folder that the examples call /srv/documents, with its document."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "PI10.txt").write_text("Apply the paste.\n")
    return folder


@pytest.fixture(scope="module")
def example_plant(databases, tmp_path_factory, documents):
    """The example plant with all plugins of this repository, for all tests of a module."""
    maker = PlantMaker(databases, tmp_path_factory.mktemp("example"), "sqlite")
    named = {"PI10": documents / "PI10.txt"}
    plant = maker(PLUGINS, parameters={"site": {"docs_allowed_paths": [documents]}, "stddocs": named})
    sections = json.loads((ROOT / "examples" / "plant.json").read_text("utf-8"))
    known = plant.site.contributions.plant_sections
    plant.load({name: rows for name, rows in sections.items() if name in known})
    yield plant
    maker.close()


@pytest.fixture(scope="module")
def examples(example_plant, documents):
    """Every example as (plugin, method, example), in document order, plugins after those they require."""
    fragments = {
        plugin.name: json.loads(json.dumps(plugin.fragment).replace("/srv/documents", str(documents)))
        for plugin in example_plant.site.plugins
    }
    return [
        (plugin, method, example)
        for plugin in example_plant.site.in_required_order
        for method, example in examples_of(fragments[plugin])
    ]
