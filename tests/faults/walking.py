"""A walk over the examples of all methods, so that each is met at a moment when it works; and the faults that are found on the way."""

import json

from tests.example_plant import EXAMPLES, FIRST_PARTY, examples_of_all

from .odd_calls import place_of

CORE = "core"
PLUGINS = (CORE, *FIRST_PARTY, *EXAMPLES)
MOST_SHOWN = 20


class Faults:
    """What was asked, and what was wrong with the answers."""

    def __init__(self):
        self.asked, self.found = 0, []

    def note(self, fault, *asked):
        """Count a question; a fault is kept with it."""
        self.asked += 1
        if fault is not None:
            self.found.append(f"{' '.join(str(part)[:300] for part in asked)}: {fault}")

    def check(self):
        """Fail if any answer was wrong."""
        if self.found:
            raise AssertionError("\n".join([f"{len(self.found)} faults", *self.found[:MOST_SHOWN]]))


def walk(twins, documents, only=None):
    """Yield a place for each example, at the moment when the example works; then it is called for good.

    ``only`` is a plugin: the examples of all others are just called.
    """
    for plugin, method, example in examples_of_all(twins.plants[0], documents):
        place = place_of(twins, method, example)
        if only in (None, plugin):
            yield place
        fault = twins.keep(method, place.params)
        assert fault is None, (method, fault)
    if only in (None, CORE):
        yield place_of(twins, "rpc.discover", {"params": []})


def bodies(plant, documents):
    """Return the call of every example as bytes."""
    return [
        body_of(method, {param["name"]: param["value"] for param in example["params"]})
        for _, method, example in examples_of_all(plant, documents)
    ]


def body_of(method, params):
    """Return a call as bytes."""
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
