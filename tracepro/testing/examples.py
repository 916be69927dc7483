"""The examples in a plugin's schema file: each is a call that works and answers what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracepro.testing.plant import Plant

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
Example = Mapping[str, Any]


def examples_of(fragment: Mapping[str, Any]) -> Iterator[tuple[str, Example]]:
    """Yield (method, example) of a schema file, in its order."""
    for spec in fragment.get("methods", ()):
        yield from ((spec["name"], example) for example in spec.get("examples", ()))


def faults(plant: Plant, plugin: str) -> list[str]:
    """Call the examples of a plugin in the order of its schema file; return in sentences what is wrong with them."""
    examples = examples_of(plant.site.fragments[plugin])
    found = [example_fault(plant, method, example) for method, example in examples]
    return [fault for fault in found if fault is not None]


def example_fault(plant: Plant, method: str, example: Example) -> str | None:
    """Call one example and return in a sentence what is wrong with it, None for nothing."""
    params = {param["name"]: param["value"] for param in example["params"]}
    try:
        came = plant.call(method, **params)
    except Exception as error:
        return f"{method}, {example['name']}: {error}"
    shown = example["result"]["value"]
    if not _matches(shown, came):
        return f"{method}, {example['name']}: shows {json.dumps(shown)}, came {json.dumps(came)}"
    return None


def _matches(shown: Any, came: Any) -> bool:
    """Return True when what came has what the example shows; moments differ from run to run."""
    if isinstance(shown, dict):
        return isinstance(came, dict) and all(
            name in came and _matches(shown[name], came[name]) for name in shown
        )
    if isinstance(shown, list):
        return isinstance(came, list) and len(shown) == len(came) and all(map(_matches, shown, came))
    if isinstance(shown, str) and INSTANT.match(shown):
        return isinstance(came, str) and bool(INSTANT.match(came))
    return bool(shown == came) and isinstance(shown, bool) == isinstance(came, bool)
