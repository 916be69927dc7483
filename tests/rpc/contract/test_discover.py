"""rpc.discover answers a valid OpenRPC 1.4 document of exactly the methods the site has."""

import json
import subprocess
from importlib.metadata import version

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tracepro.testing.node import node_modules
from tracepro_hookspecs import API_VERSION

OPENRPC = "@open-rpc/spec/dist/1_4/schema.json"
JSON_SCHEMA = "@json-schema-tools/meta-schema/schema.json"


@pytest.fixture(scope="module")
def meta():
    """The official meta-schema of OpenRPC 1.4, with the JSON Schema it refers to."""
    modules = node_modules("@open-rpc/spec@1.4.1", "@json-schema-tools/meta-schema@1.8.0")
    if modules is None:
        pytest.skip("the official meta-schema comes from the npm registry, which needs Node")
    openrpc, json_schema = (
        json.loads((modules / file).read_text("utf-8")) for file in (OPENRPC, JSON_SCHEMA)
    )
    resource = Resource.from_contents(json_schema, default_specification=DRAFT7)
    addresses = ("https://meta.json-schema.tools", "https://meta.json-schema.tools/")
    return Draft7Validator(
        openrpc, registry=Registry().with_resources((each, resource) for each in addresses)
    )


@pytest.fixture(scope="module")
def document(shared_client):
    return shared_client.result("rpc.discover")


@pytest.fixture(scope="module")
def whole_document(example_plant):
    return example_plant.call("rpc.discover")


def refs(value):
    if isinstance(value, dict):
        yield from (target for key, target in value.items() if key == "$ref")
        for inner in value.values():
            yield from refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from refs(inner)


def test_the_meta_schema_refuses_what_is_wrong(meta):
    assert not meta.is_valid(
        {"openrpc": "1.4.0", "info": {"title": "x", "version": "1"}, "methods": [{"name": "a"}]}
    )


@pytest.mark.parametrize("whose", ["document", "whole_document"])
def test_the_document_is_valid(meta, request, whose):
    errors = meta.iter_errors(request.getfixturevalue(whose))
    assert [f"{list(error.absolute_path)}: {error.message}" for error in errors] == []


def test_it_tells_the_version_of_the_api_which_is_the_first_number_of_the_distribution(whole_document):
    info = whole_document["info"]
    assert info["x-api-version"] == API_VERSION == int(version("tracepro").split(".")[0])
    assert info["version"] == version("tracepro")


def test_it_has_exactly_the_methods_of_the_site(example_plant, whole_document):
    assert [method["name"] for method in whole_document["methods"]] == list(example_plant.site.methods)


@pytest.mark.parametrize("whose", ["document", "whole_document"])
def test_every_reference_leads_to_a_schema_in_it(request, whose):
    document = request.getfixturevalue(whose)
    known = document["components"]["schemas"]
    for target in refs(document):
        assert target.removeprefix("#/components/schemas/") in known, target
    for schema in known.values():
        Draft202012Validator.check_schema(schema)


def test_a_method_tells_scope_access_and_how_to_call_it(document):
    note = next(method for method in document["methods"] if method["name"] == "note")
    assert (note["x-scope"], note["x-access"], note["paramStructure"]) == ("write", "write", "either")
    assert [(param["name"], param["required"]) for param in note["params"]] == [
        ("text", True),
        ("wp_id", False),
        ("workers", False),
    ]
    assert note["result"]["schema"] == {"$ref": "#/components/schemas/bench.Noted"}


def test_a_method_that_is_to_go_away_is_called_deprecated(whole_document):
    told = [method["name"] for method in whole_document["methods"] if method.get("deprecated")]
    assert told == ["addopmat"]


def test_every_parameter_says_what_it_means(whole_document):
    silent = [
        f"{method['name']}({param['name']})"
        for method in whole_document["methods"]
        for param in method["params"]
        if "description" not in {**param["schema"], **param}
    ]
    assert silent == []


def test_what_a_plugin_says_of_its_parameters_is_about_one_it_has(example_plant):
    for plugin in example_plant.site.plugins:
        named = {param["name"] for spec in plugin.fragment.get("methods", ()) for param in spec["params"]}
        assert set(plugin.fragment.get("x-params", ())) <= named, plugin.name


def test_a_code_that_a_method_does_not_list_fails_the_test_that_meets_it(example_plant, monkeypatch):
    assert example_plant.error("getitemslots", 999)["data"]["code"] == "item-not-found"
    monkeypatch.setitem(example_plant.site.methods["getitemslots"].spec, "errors", [])
    with pytest.raises(AssertionError, match="getitemslots answers item-not-found; its schema doesn't list"):
        example_plant.error("getitemslots", 999)


def test_it_takes_no_parameters(shared_client):
    assert shared_client.error("rpc.discover", 1)["code"] == -32602


DEREFERENCE = """
const { parseOpenRPCDocument } = require("@open-rpc/schema-utils-js");
const document = JSON.parse(require("fs").readFileSync(0, "utf8"));
parseOpenRPCDocument(document, { dereference: true }).then((whole) => console.log(JSON.stringify(whole.methods)));
"""


def test_the_tools_of_openrpc_can_dereference_the_whole_document(whole_document):
    modules = node_modules("@open-rpc/schema-utils-js@2.2.1")
    if modules is None:
        pytest.skip("OpenRPC's own tools come from the npm registry, which needs Node")
    done = subprocess.run(
        ["node", "-e", DEREFERENCE],
        cwd=modules.parent,
        input=json.dumps(whole_document),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    methods = json.loads(done.stdout)
    for method in methods:
        drop_tuples(method)  # a word of JSON Schema 2020-12 that these tools pass over
    assert (len(methods), list(refs(methods))) == (len(whole_document["methods"]), [])


def drop_tuples(value):
    """Take every ``prefixItems`` out of a value."""
    if isinstance(value, dict):
        value.pop("prefixItems", None)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        drop_tuples(inner)
