"""The shared types and constants are what clients rely on."""

import re

import pytest
from jsonschema import Draft202012Validator

import tracepro_schemas
from tracepro_hookspecs import records
from tracepro_schemas import defs


def fits(name, value):
    schema = {"$ref": f"#/$defs/{name}", "$defs": tracepro_schemas.shared()}
    return Draft202012Validator(schema).is_valid(value)


def test_the_shared_types_are_valid_schemas():
    Draft202012Validator.check_schema(tracepro_schemas.load("shared"))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("Id", [0, 17, 17.0, "17", 2**63 - 1], [-1, 2**63, 1.5, "", "x", "-1", True, None, []]),
        ("IdOrNull", [1, None], [True, ""]),
        ("IdOrAny", [1, "17", None, ""], [True, " ", -1]),
        ("Ids", [[], [1, "2"], "3, 17", "", "5", 5], ["3;17", [1.5], [None], None, {}, "1,,2", -1]),
        ("Integer", [-(2**63), 0, 1.0], [2**63, 1.5, "1", True]),
        ("Count", [1], [0, -1, 1.5]),
        ("Amount", [0, 0.000001, 1e9], [-1, 1e9 + 1, "1", True]),
        ("InstantIn", ["", None, "2026-11-20"], [5, True, "x" * 65]),
        ("Text", ["", "é" * 255], ["x" * 256, 1, None]),
        ("Boolean", [True, False, 1, 0], [2, "true", None]),
        ("OpActList", [[[10, None]], [[None, 1], [20, 3]]], [[], [[1]], [[1, 2, 3]], [1], None]),
        ("DataRows", [[], [[0, "k", {"v": 1}]]], [[[0, "k"]], [["x", "k", 1]], None]),
        ("MatRows", [[], [[7, "R1", 0.5, 0]]], [[[7, "R1", -1, 0]], [[7, "R1", 1]], [[7, None, 1, 0]]]),
        ("Instant", ["2026-11-20T10:15:00.250Z"], ["2026-11-20T10:15:00Z", "2026-11-20"]),
    ],
)
def test_shared_types_take_and_refuse(name, good, bad):
    assert [value for value in good if not fits(name, value)] == []
    assert [value for value in bad if fits(name, value)] == []


@pytest.mark.parametrize(
    "name",
    [
        "Order",
        "Step",
        "Act",
        "Item",
        "Operation",
        "OpMat",
        "Worker",
        "Workplace",
        "Line",
        "Machine",
        "Reason",
    ],
)
def test_records_and_schemas_have_the_same_members(name):
    assert list(tracepro_schemas.shared()[name]["properties"]) == list(
        getattr(records, name).__struct_fields__
    )


def test_constants_are_named_in_groups_and_each_number_once():
    constants = defs.constants()
    assert constants["ITEM_TP_PCB"] == 1
    groups = {}
    for name, value in constants.items():
        group = re.match(
            r"(ITEM_TP|ITEM_BAD|ORDER_ST|ORDER_F|STEP_F|RESULT|DATA_TP|MPTP|WWL|SEVERITY|BOX_ST)_", name
        )
        groups.setdefault(group[1], []).append(value)
    assert all(len(set(values)) == len(values) for values in groups.values())


def test_the_envelope_is_a_valid_schema():
    Draft202012Validator.check_schema(tracepro_schemas.load("envelope"))
