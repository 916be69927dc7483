"""Every example in a plugin's fragment is a call that works: in document order, on the example plant."""

import json
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tracepro.testing.makers import PlantMaker

ROOT = Path(__file__).parents[2]
INSTALLED = {entry.name for entry in entry_points(group="tracepro.plugins")}
PLUGINS = sorted(folder.name for folder in (ROOT / "plugins").iterdir() if folder.name in INSTALLED)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def matches(shown, came):
    """Tells whether what came has what the example shows; moments differ from run to run."""
    if isinstance(shown, dict):
        return isinstance(came, dict) and all(
            name in came and matches(shown[name], came[name]) for name in shown
        )
    if isinstance(shown, list):
        return isinstance(came, list) and len(shown) == len(came) and all(map(matches, shown, came))
    if isinstance(shown, str) and INSTANT.match(shown):
        return isinstance(came, str) and bool(INSTANT.match(came))
    return shown == came and isinstance(shown, bool) == isinstance(came, bool)


def run(plant, method, example):
    """Runs one example and says what is wrong with it, None for nothing."""
    params = {one["name"]: one["value"] for one in example["params"]}
    try:
        came = plant.call(method, **params)
    except Exception as error:
        return f"{method}, {example['name']}: {error}"
    shown = example["result"]["value"]
    if not matches(shown, came):
        return f"{method}, {example['name']}: shows {json.dumps(shown)}, came {json.dumps(came)}"
    return None


@pytest.fixture(scope="module")
def wrong(databases, tmp_path_factory):
    """Runs the examples of all plugins on one plant; gives what is wrong, by plugin."""
    maker = PlantMaker(databases, tmp_path_factory.mktemp("examples"), "sqlite")
    plant = maker(PLUGINS)
    sections = json.loads((ROOT / "examples" / "plant.json").read_text("utf-8"))
    plant.load(
        {name: rows for name, rows in sections.items() if name in plant.site.contributions.plant_sections}
    )
    fragments = {plugin.name: plugin.fragment for plugin in plant.site.plugins}
    found = {}
    for plugin in plant.site.in_required_order:
        examples = ((spec["name"], one) for spec in fragments[plugin]["methods"] for one in spec["examples"])
        found[plugin] = [fault for method, one in examples if (fault := run(plant, method, one))]
    yield found
    maker.close()


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_examples_of_a_plugin_work(wrong, plugin):
    assert not wrong[plugin], "\n".join(wrong[plugin])


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_method_has_an_example_and_a_description(plugin):
    file = ROOT / "plugins" / plugin / f"tracepro_{plugin}" / "schemas" / f"{plugin}.json"
    methods = json.loads(file.read_text("utf-8"))["methods"]
    assert [spec["name"] for spec in methods if not spec.get("examples") or not spec.get("description")] == []
