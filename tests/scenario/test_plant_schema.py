"""The JSON Schema of the plant file: what it takes the import takes, and what it refuses the import refuses."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator

import tracepro_schemas
from tracepro import app, plant_file
from tracepro.plant_schema import SCHEMA_MEMBER, file_schema
from tracepro.rest import openapi
from tracepro.rpc.validators import quick_validator
from tracepro_hookspecs import CallError

SHIPPED = tracepro_schemas.load("plant")
TOO_LONG = "x" * 5000
"""Too long for a code before anything is taken off it; what is left of one only the import looks at."""
VALUES = (None, "", TOO_LONG, -1, 0, 1.5, 2**62, True, [], {})


@pytest.fixture
def site(make_plant):
    """A site with every plugin of this repository."""
    return make_plant().site


def test_the_shipped_schema_is_what_the_server_judges_by(site):
    assert file_schema(site.assembly) == SHIPPED
    Draft202012Validator.check_schema(SHIPPED)


def members(schema):
    """Yield every member of a schema, those inside others too."""
    if isinstance(schema, list):
        for each in schema:
            yield from members(each)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for each in schema.values():
            yield from members(each)


def test_it_says_what_every_section_and_every_member_means():
    said = list(members(SHIPPED))
    assert len(said) > 90
    assert [name for name, schema in said if not schema.get("description", "").endswith(".")] == []


def test_the_example_fits_and_says_where_its_schema_is(demo):
    assert Draft202012Validator(SHIPPED).is_valid(demo)
    assert demo[SCHEMA_MEMBER] == "../schemas/tracepro_schemas/plant.json"
    assert set(demo) == set(SHIPPED["properties"])


def places(value):
    """Yield the object and the name of every member in a row, those of its lists' first rows too."""
    if isinstance(value, list):
        yield from places(value[0]) if value else ()
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield value, name
            yield from places(inner)


def spoilt(row):
    """Yield copies of a row: each without one member, with an unknown one beside it, and with another value in its place."""
    changed = copy.deepcopy(row)
    for owner, name in list(places(changed)):
        before = owner.pop(name)
        yield changed
        owner |= {name: before, "dragons": 1}
        yield changed
        del owner["dragons"]
        for value in VALUES:
            owner[name] = value
            yield changed
        owner[name] = before


def is_imported(site, document):
    try:
        plant_file.checked(site, document)
    except CallError:
        return False
    return True


def test_it_takes_and_refuses_what_the_import_takes_and_refuses(site, demo):
    fits = quick_validator(SHIPPED)
    for section in SHIPPED["properties"].keys() - {SCHEMA_MEMBER}:
        fullest = max(demo[section], key=lambda row: len(json.dumps(row)))
        verdicts = [(fits({section: [row]}), is_imported(site, {section: [row]})) for row in spoilt(fullest)]
        assert len(set(verdicts)) == 2 and all(fitting == imported for fitting, imported in verdicts)
    for document in ([], {"dragons": []}, {"acts": {}}, {"acts": [1]}, {SCHEMA_MEMBER: 1}):
        assert not fits(document) and not is_imported(site, document)


def test_the_document_of_the_routes_has_the_sections_of_the_enabled_plugins(site, make_plant, demo):
    def body_schema(site):
        document = openapi.document(app.bound_routes(site))
        schema = document["paths"]["/api/plant"]["post"]["requestBody"]["content"]["application/json"][
            "schema"
        ]
        return {**schema, "components": document["components"]}

    whole = body_schema(site)
    assert set(whole["properties"]) == set(SHIPPED["properties"])
    assert Draft202012Validator(whole).is_valid(demo)
    assert not Draft202012Validator(whole).is_valid(
        {"orders": [{**demo["orders"][0], "operations": [{"op": 1}]}]}
    )
    few = body_schema(make_plant(("workplaces",)).site)
    assert set(few["properties"]) == {SCHEMA_MEMBER, "acts", "workplaces"}
