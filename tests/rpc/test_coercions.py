"""1.0 is an integer wherever a schema asks for one, and stays what it is elsewhere."""

import pytest

from tracepro.rpc.coercions import coercion_of
from tracepro.rpc.fragments import resolve_refs

OWN = {
    "Row": {
        "type": "array",
        "prefixItems": [{"type": "integer"}, {"type": "number"}],
        "items": {"type": "integer"},
    },
    "Tree": {
        "type": "object",
        "properties": {"n": {"type": ["integer", "null"]}, "below": {"$ref": "#/components/schemas/Tree"}},
        "additionalProperties": {"type": "integer"},
    },
}


def changed(schema, value):
    made = resolve_refs(schema, "p", {"components": {"schemas": OWN}})
    change = coercion_of(made, made)
    return value if change is None else change(value)


@pytest.mark.parametrize(
    ("schema", "sent", "came"),
    [
        ({"type": "integer"}, 1.0, 1),
        ({"type": "number"}, 1.0, 1.0),
        ({}, 1.0, 1.0),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 2.0, 2),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, None, None),
        ({"$ref": "#/components/schemas/Row"}, [1.0, 1.0, 2.0, 3.0], [1, 1.0, 2, 3]),
        ({"$ref": "#/components/schemas/Row"}, [1.0], [1]),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Row"}}, [[1.0]], [[1]]),
        ({"$ref": "#/components/schemas/Tree"}, {"n": 1.0, "x": 2.0}, {"n": 1, "x": 2}),
        ({"type": "array", "items": {"$ref": "shared.json#/$defs/Id"}}, [1.0, "1.0"], [1, "1.0"]),
        ({"type": "array", "items": {"$ref": "shared.json#/$defs/Amount"}}, [1.0, 0.5], [1.0, 0.5]),
    ],
)
def test_coercion_of(schema, sent, came):
    assert repr(changed(schema, sent)) == repr(came)
