"""The OpenAPI document: valid, true to the routes, and clean under generated requests."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tracepro import app
from tracepro.rest import openapi
from tracepro_hookspecs import API_VERSION, Route


@pytest.fixture
def document(rest):
    return rest.send("GET", "/api/openapi.json").json


def test_the_document_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    assert document["info"]["x-api-version"] == API_VERSION
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_has_every_route_of_the_site_and_no_other(rest, document):
    described = {(verb.upper(), path) for path, verbs in document["paths"].items() for verb in verbs}
    assert described == {
        (registered.declaration.verb, registered.declaration.path) for registered in rest.site.routes.values()
    } | {("POST", "/api/plant")}


def test_ids_query_bodies_answers_and_headers_are_described(document):
    patch = document["paths"]["/api/shelves/{id}"]["patch"]
    assert [one["name"] for one in patch["parameters"]] == ["id", "Idempotency-Key", "If-Match"]
    assert patch["parameters"][0]["schema"] == {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
    answer = patch["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/shelves.Shelf"}
    wp_id = patch["requestBody"]["content"]["application/json"]["schema"]["properties"]["wp_id"]
    assert wp_id == {"$ref": "#/components/schemas/Id"} and "Id" in document["components"]["schemas"]
    label = document["paths"]["/api/shelves/{id}/label"]["post"]
    assert list(label["requestBody"]["content"]) == ["text/plain"]
    assert document["paths"]["/api/shelves/"]["get"]["parameters"][0]["name"] == "least"
    assert list(patch["responses"]["200"]["headers"]) == ["ETag", "Warning-Fields"]


def test_if_match_and_etag_are_told_of_the_routes_that_have_them(document):
    told = {
        (verb, path): (
            "If-Match" in [each["name"] for each in operation["parameters"]],
            any("ETag" in answer.get("headers", ()) for answer in operation["responses"].values()),
        )
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    }
    assert {each: has for each, has in told.items() if any(has)} == {
        ("put", "/api/shelves/"): (False, True),
        ("get", "/api/shelves/{id}"): (False, True),
        ("patch", "/api/shelves/{id}"): (True, True),
        ("delete", "/api/shelves/{id}"): (True, False),
    }


@pytest.mark.parametrize(("anonymous", "is_open"), [("loopback", True), ("10.0.0.0/8", True), ("no", False)])
def test_a_token_is_optional_only_where_callers_without_one_are_taken(make_plant, anonymous, is_open):
    plant = make_plant(parameters={"api": {"anonymous": anonymous}})
    paths = openapi.document(app.bound_routes(plant.site), plant.site.anonymous.open_scopes)["paths"]
    token = {"token": []}
    assert paths["/api/tools/"]["get"].get("security") == ([{}, token] if is_open else None)
    assert "security" not in paths["/api/plant"]["post"]  # nobody is admin without a token


def test_further_statuses_and_answers_of_bytes_are_described(document):
    responses = document["paths"]["/api/shelves/{id}/label"]["get"]["responses"]
    assert list(responses) == ["200", "404", "412", "default"]
    assert responses["200"]["content"] == {"text/plain": {}}
    assert responses["412"]["description"] == "The shelf has no label."
    assert list(responses["412"]["content"]) == ["application/problem+json"]
    with pytest.raises(ValueError, match="404 is its own status"):
        Route("GET", "/api/x", print, "read", "Shows.", status=404, statuses={404: "There is none."})


def _members(schema):
    """Yield name and schema of everything that stands in an object of a schema."""
    if isinstance(schema, list):
        for each in schema:
            yield from _members(each)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for each in schema.values():
            yield from _members(each)


def test_every_query_parameter_and_member_of_a_body_of_the_whole_site_says_what_it_means(make_plant):
    paths = openapi.document(app.bound_routes(make_plant().site))["paths"]
    silent, told = [], 0
    for path, operation in ((path, each) for path, verbs in paths.items() for each in verbs.values()):
        queries = [(each["name"], each) for each in operation["parameters"] if each["in"] == "query"]
        for name, each in (*queries, *_members(operation.get("requestBody", {}))):
            told += 1
            silent += [f"{path} {name}"] if "description" not in each else []
    assert silent == [] and told > 200


def test_it_wants_the_scope_read(rest):
    rest.send.address = "10.1.2.3"
    assert rest.send("GET", "/api/openapi.json").status == 403
