"""Every example in a plugin's fragment is a call that works: in document order, on the example plant."""

import json
import re
from collections import defaultdict

import pytest

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
    params = {param["name"]: param["value"] for param in example["params"]}
    try:
        came = plant.call(method, **params)
    except Exception as error:
        return f"{method}, {example['name']}: {error}"
    shown = example["result"]["value"]
    if not matches(shown, came):
        return f"{method}, {example['name']}: shows {json.dumps(shown)}, came {json.dumps(came)}"
    return None


@pytest.fixture(scope="module")
def wrong(example_plant, examples):
    """Runs the examples of all plugins on one plant; gives what is wrong, by plugin."""
    found = defaultdict(list)
    for plugin, method, example in examples:
        if fault := run(example_plant, method, example):
            found[plugin].append(fault)
    return found


def test_the_examples_of_a_plugin_work(wrong, plugin):
    assert not wrong[plugin], "\n".join(wrong[plugin])


def test_every_method_has_an_example_and_a_description(example_plant, plugin):
    specs = [bound.spec for bound in example_plant.site.methods.values() if bound.plugin == plugin]
    assert [spec["name"] for spec in specs if not spec.get("examples") or not spec.get("description")] == []
