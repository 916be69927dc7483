"""Codes in bodies and queries are trimmed, whatever they stand in."""

import pytest

from tracepro.rest.reading import Checker
from tracepro.rpc.fragments import resolve_refs
from tracepro_hookspecs import InvalidParams

CODE = {"$ref": "shared.json#/$defs/Code"}
BODY = {"type": "object", "properties": {"item": CODE, "lots": {"type": "array", "items": CODE}, "notes": {}}}


@pytest.fixture(scope="module")
def body():
    return Checker(resolve_refs(BODY, "p", {}))


def test_codes_lose_what_a_scanner_adds(body):
    sent = {"item": "]C1PCB-A\r\n", "lots": ["L1\t"], "notes": " as it is "}
    assert body.taken(sent) == {"item": "PCB-A", "lots": ["L1"], "notes": " as it is "}


def test_what_is_not_a_code_names_its_field(body):
    with pytest.raises(InvalidParams, match=r"lots\[1\] must be a code") as refused:
        body.taken({"lots": ["L1", "L\x1d1"]})
    assert refused.value.data["parameter"] == "lots"
