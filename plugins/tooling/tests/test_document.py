"""The part of openapi.json that is of tooling: what every parameter and member means, and the statuses of each object."""

import pytest

from tracepro.app import bound_routes
from tracepro.rest import openapi


@pytest.fixture
def operations(rest):
    bounds = [bound for bound in bound_routes(rest.plant.site) if bound.plugin == "tooling"]
    paths = openapi.document(bounds)["paths"]
    return [(verb, path, operation) for path, verbs in paths.items() for verb, operation in verbs.items()]


def members(schema):
    """Yield name and schema of everything that stands in an object of a schema."""
    if isinstance(schema, list):
        for each in schema:
            yield from members(each)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for each in schema.values():
            yield from members(each)


def test_what_every_parameter_and_every_member_means_is_told(operations):
    untold = set()
    for _, _, operation in operations:
        queries = {each["name"]: each for each in operation["parameters"] if each["in"] == "query"}
        untold |= {
            name for name, each in (*queries.items(), *members(operation)) if "description" not in each
        }
    assert untold == set()


def test_every_explanation_is_of_something_that_is_there(operations, rest):
    names = set()
    for _, _, operation in operations:
        names |= {each["name"] for each in operation["parameters"]} | {name for name, _ in members(operation)}
    (plugin,) = (each for each in rest.plant.site.plugins if each.name == "tooling")
    assert set(plugin.fragment["x-members"]) <= names


def test_an_object_that_is_not_there_or_was_changed_is_told_of_each_kind(operations):
    said = {(verb, path): set(operation["responses"]) for verb, path, operation in operations}
    each = [(verb, path) for verb, path in said if path.endswith("_id}") and "process/" not in path]
    assert len(each) >= 18
    assert [one for one in each if "404" not in said[one]] == []
    assert [
        one for one in each if one[0] != "get" and "replacement" not in one[1] and "412" not in said[one]
    ] == []
    assert {path for verb, path in said if verb == "put" and "424" not in said[verb, path]} == {
        "/api/inventory/items/"
    }
