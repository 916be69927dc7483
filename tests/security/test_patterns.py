"""No text that a client sends holds the interpreter: patterns are linear, and texts have a bound before any pattern sees them."""

import json

import pytest

import tracepro_schemas
from tracepro.rpc import validators
from tracepro.rpc.judge import Judge
from tracepro.rpc.validators import bad_patterns
from tracepro.testing.makers import usual_plugins

PLUGINS = usual_plugins()
LONG = 100_000
HOSTILE = {
    "blanks and an x": " " * LONG + "x",
    "digits and an x": "1" * LONG + "x",
    "commas": "," * LONG,
    "ids and an x": "1 , " * (LONG // 4) + "x",
    "scanner's prefixes": "]C1" * (LONG // 3) + "\x1d",
    "a time with many seconds": "2026-11-20T" + "10:10:60" * (LONG // 8) + "\n",
}
AT_ONCE = 30
ANSWERED = 10.0


@pytest.fixture(scope="module")
def server(serve_plant_once):
    return serve_plant_once(PLUGINS)


@pytest.fixture(scope="module")
def client(server):
    with_deadline = server.client(timeout=ANSWERED)
    yield with_deadline
    with_deadline.close()


@pytest.fixture(scope="module")
def document(client):
    return client.call("rpc.discover")


def parts(schema, schemas, seen=()):
    """Yield a schema and all within it, references followed."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from () if name in seen else parts(schemas[name], schemas, (*seen, name))
    yield schema
    within = [
        *schema.get("anyOf", ()),
        *schema.get("prefixItems", ()),
        *schema.get("properties", {}).values(),
    ]
    within += [
        schema[word] for word in ("items", "additionalProperties") if isinstance(schema.get(word), dict)
    ]
    for inner in within:
        yield from parts(inner, schemas, seen)


def params_of(document):
    """Yield every parameter with its method and all parts of its schema."""
    for method in document["methods"]:
        for param in method["params"]:
            yield method, param["name"], list(parts(param["schema"], document["components"]["schemas"]))


def takes(schema, kind):
    kinds = schema.get("type", ())
    return kind in ([kinds] if isinstance(kinds, str) else kinds)


def test_every_text_and_list_that_a_client_sends_has_a_bound_it_can_read(document):
    bounds = {"string": "maxLength", "array": "maxItems"}
    assert [
        (method["name"], name, schema)
        for method, name, schemas in params_of(document)
        for schema in schemas
        for kind, bound in bounds.items()
        if takes(schema, kind) and not {bound, "enum", "const"} & schema.keys()
    ] == []


def test_every_pattern_of_the_site_is_linear_and_has_a_bound(document):
    assert list(bad_patterns(document["components"]["schemas"])) == []
    for method, name, schemas in params_of(document):
        for schema in schemas:
            assert list(bad_patterns(schema)) == []
            assert "pattern" not in schema or "maxLength" in schema, (method["name"], name)


def test_every_parameter_that_may_be_a_text_is_answered_whatever_the_text(document, client):
    may_be_texts = [
        (method, name)
        for method, name, schemas in params_of(document)
        if any(takes(schema, "string") for schema in schemas)
    ]
    assert len(may_be_texts) > 100
    for text in list(HOSTILE.values())[:4]:
        calls = [(method["name"], {**usual(method), name: text}) for method, name in may_be_texts]
        for start in range(0, len(calls), AT_ONCE):
            for answer in client.batch(calls[start : start + AT_ONCE]):
                assert "result" in answer or answer["error"]["code"] != -32603, answer
                assert len(json.dumps(answer)) < 4000


def usual(method):
    """Return the parameters of a method's first example."""
    examples = method["examples"][:1]
    return {param["name"]: param["value"] for example in examples for param in example["params"]}


class Asked:
    """Stands for RE2, and notes what it is asked about."""

    def __init__(self):
        self.texts = []

    def compiled(self, pattern):
        return self

    def search(self, text):
        self.texts.append(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_pattern_is_asked_about_a_text_beyond_its_bound(monkeypatch, text):
    asked = Asked()
    monkeypatch.setattr(validators, "compiled", asked.compiled)
    names = ("Id", "Ids", "Instant", "Unbounded")
    types = tracepro_schemas.shared() | {"Unbounded": {"type": "string", "pattern": "^x$"}}
    judge = Judge({"properties": {name: {"$ref": f"#/$defs/{name}"} for name in names}, "$defs": types})
    for name in names:
        assert judge.refusal({name: HOSTILE[text]}).data["parameter"] == name
    assert asked.texts == []
    assert judge.refusal({"Ids": "1;"}) is not None and asked.texts == ["1;"]
