"""A text that may not be empty may not be blank either, wherever a plugin takes one."""

import pytest

from tracepro.testing import RpcError
from tracepro_hookspecs import CallError

TRIMMED = ("Code", "CodeOrNull", "ReelLabel")
"""Shared types that are trimmed first, so that a blank one is an empty one."""
MAY_BE_BLANK = {
    "users password": "a password is what somebody typed, blanks too",
}
BLANK = (" ", "\t\n", "\u00a0", "\u200b", "\u3000 ")


def texts_that_need_something(place, schema):
    """Yield the place of every schema in a schema that only forbids the empty text."""
    if isinstance(schema, dict):
        if schema.get("minLength", 0) and str(schema.get("$ref", "")).rpartition("/")[2] not in TRIMMED:
            yield place
        for name, inner in schema.items():
            shown = place if name in ("properties", "items", "schema", "anyOf") else f"{place} {name}"
            yield from texts_that_need_something(shown, inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from texts_that_need_something(place, inner)


def test_no_plugin_asks_for_a_text_that_may_be_blank(make_plant):
    site = make_plant().site
    taken = [(name, each.declaration.schema) for name, each in site.contributions.plant_sections.items()]
    taken += [(each.declaration.path, each.declaration.body) for each in site.routes.values()]
    for plugin in site.plugins:
        taken.append((plugin.name, plugin.fragment.get("components", {})))
        for method in plugin.fragment.get("methods", ()):
            taken.append((method["name"], {each["name"]: each["schema"] for each in method["params"]}))
    found = {place for name, schema in taken for place in texts_that_need_something(name, schema)}
    assert found == set(MAY_BE_BLANK)


def test_a_blank_name_is_refused(make_plant):
    plant = make_plant(("workplaces", "workers", "sitedata"))
    for blank in BLANK:
        for row in ({"workers": [{"name": blank}]}, {"acts": [{"id": 1, "name": blank}]}):
            with pytest.raises(CallError, match="must be a text of 1 to 255 characters that is not blank"):
                plant.load(row)
        with pytest.raises(RpcError, match="that is not blank"):
            plant.call("setuserdata", blank, "c", 1)
        with pytest.raises(RpcError, match="empty or not blank"):
            plant.call("setworkercard", 7, "04A1", blank)
    assert plant.call("setworkercard", 7, "04A1", "É. Nová")["name"] == "É. Nová"
