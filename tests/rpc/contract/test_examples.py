"""Every example in a plugin's fragment is a call that works: in document order, on the example plant."""

from collections import defaultdict

import pytest

from tracepro.testing.examples import example_fault


@pytest.fixture(scope="module")
def wrong(example_plant, examples):
    """Runs the examples of all plugins on one plant; gives what is wrong, by plugin."""
    found = defaultdict(list)
    for plugin, method, example in examples:
        if fault := example_fault(example_plant, method, example):
            found[plugin].append(fault)
    return found


def test_the_examples_of_a_plugin_work(wrong, plugin):
    assert not wrong[plugin], "\n".join(wrong[plugin])


def test_every_method_has_an_example_and_a_description(example_plant, plugin):
    specs = [bound.spec for bound in example_plant.site.methods.values() if bound.plugin == plugin]
    assert [spec["name"] for spec in specs if not spec.get("examples") or not spec.get("description")] == []
