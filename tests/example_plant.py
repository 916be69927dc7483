"""The example plant: the first-party plugins and all that the examples of their schema files name."""

import json

from tests.demo import plant_file
from tracepro.testing.examples import examples_of
from tracepro.testing.makers import usual_plugins

FIRST_PARTY = usual_plugins()
EXAMPLES = ("ovens", "torque")


def make_example_plant(make_plant, documents, *, plugins=FIRST_PARTY, api=None, **values):
    """Make the example plant; ``documents`` is an empty folder for what the examples look for in /srv/documents."""
    (documents / "PI10.txt").write_text("Apply the paste.\n")
    parameters = {
        "site": {"docs_allowed_paths": [documents]},
        "stddocs": {"PI10": documents / "PI10.txt"},
        "api": api or {},
    }
    return make_plant(plugins, plant_file(), parameters=parameters, **values)


def examples_of_all(plant, documents):
    """Return every example as (plugin, method, example), in document order, plugins after those they require."""
    fragments = {
        plugin.name: json.loads(json.dumps(plugin.fragment).replace("/srv/documents", str(documents)))
        for plugin in plant.site.plugins
    }
    return [
        (plugin, method, example)
        for plugin in plant.site.in_required_order
        for method, example in examples_of(fragments[plugin])
    ]
