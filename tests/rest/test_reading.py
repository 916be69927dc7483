"""The parts of a request that no schema types by itself: fields of the path and query parameters."""

import pytest

from tracepro.calls.errors import NeverCalled
from tracepro.rest.reading import path_fields, query_values
from tracepro_hookspecs import InvalidParams

SCHEMAS = {name: {"type": name} for name in ("integer", "number", "boolean", "string")}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("integer", "-12", -12),
        ("integer", "9223372036854775807", 2**63 - 1),
        ("number", "12", 12),
        ("number", "-1.5e3", -1500.0),
        ("boolean", "1", True),
        ("boolean", "False", False),
        ("string", "12", "12"),
        ("string", "", ""),
    ],
)
def test_a_query_parameter_has_the_type_of_its_schema(name, text, value):
    (read,) = query_values({name: text, "other": "x"}, SCHEMAS).values()
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("integer", "1.0", "must be a whole number of 64 bits"),
        ("integer", "9223372036854775808", "must be a whole number of 64 bits"),
        ("integer", " 1", "must be a whole number of 64 bits"),
        ("integer", "", "must be a whole number of 64 bits"),
        ("number", "nan", "must be a number"),
        ("number", "1e300", "must be a number"),
        ("number", "one", "must be a number"),
        ("boolean", "yes", "must be 1 or 0"),
        ("string", "a\0b", "has a NUL character"),
        ("string", ["a", "b"], "was sent twice"),
    ],
)
def test_another_value_is_refused_naming_the_parameter(name, sent, words):
    with pytest.raises(InvalidParams, match=f"Query parameter {name} {words}") as refused:
        query_values({name: sent}, SCHEMAS)
    assert refused.value.data["parameter"] == name


def test_ids_of_the_path_are_integers_and_names_are_texts():
    assert path_fields({"id": "7", "item_id": "0", "name": "7"}) == {"id": 7, "item_id": 0, "name": "7"}


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "-1"},
        {"id": "x"},
        {"id": "٣"},
        {"id": "9223372036854775808"},
        {"name": "x" * 256},
        {"name": "\0"},
    ],
)
def test_what_can_not_be_in_a_path_is_not_found(fields):
    with pytest.raises(NeverCalled) as refused:
        path_fields(fields)
    assert (refused.value.status, refused.value.code) == (404, "path-not-found")
