"""A method whose declaration, signature and schema disagree is found at start, in a sentence."""

from zoneinfo import ZoneInfo

import pytest

from tracepro.findings import Findings
from tracepro.plugin.contributions import Contributions, Registered
from tracepro.rpc.agreement import check_declared
from tracepro.rpc.fragments import resolve_refs
from tracepro.rpc.methods import bind_methods
from tracepro_hookspecs import Method

ID = {"$ref": "shared.json#/$defs/Id"}


def handler(call, a, b=0):
    return None


def spec(*params, **members):
    return {
        "name": "m",
        "summary": "S.",
        "params": list(params),
        "result": {"name": "r", "schema": {}},
        **members,
    }


def param(name, schema=ID, required=True):
    return {"name": name, "schema": schema, "required": required}


A, B = param("a"), param("b", {**ID, "default": 0}, False)


def found(method, *specs):
    findings = Findings()
    bound = bind_methods(
        {"m": Registered("p", method)}, {"p": {"methods": list(specs)}}, ZoneInfo("UTC"), findings
    )
    assert bool(bound) == (not findings)
    return " ".join(finding.info for finding in findings)


def test_what_agrees_is_bound():
    assert found(Method("m", handler, "read", line_from=("a",)), spec(A, B)) == ""


@pytest.mark.parametrize(
    ("specs", "sentence"),
    [
        ([], "has no entry in schemas/p.json"),
        ([spec(A, B, summary=None)], "has no summary"),
        ([{"name": "m", "summary": "S.", "params": []}], "has no result"),
        ([spec({"name": "a"}, B)], "without name and schema"),
        ([spec(param("a", {"$ref": "shared.json#/$defs/Idd"}), B)], "leads nowhere"),
        ([spec(param("a", {"$ref": "#/components/schemas/X"}), B)], "leads nowhere"),
        ([spec(param("a", {"type": "whole"}), B)], "has a bad schema for a"),
        (
            [spec(param("a", {"type": "string", "pattern": "(?=a)b"}), B)],
            "method m has a bad schema for a: the pattern '(?=a)b' is not a regular expression of RE2",
        ),
        ([spec(A, param("b", {"patternProperties": {"(a)\\1": {}}}))], "the pattern '(a)\\\\1' is not"),
        ([spec(param("a", {"pattern": "\\Qa\\E"}), B)], "is one that only RE2 takes"),
        (
            [spec(param("a", {"patternProperties": {"^a": {}}, "unevaluatedProperties": False}), B)],
            "write additionalProperties",
        ),
        ([spec(A)], "takes (a, b) but its schema says (a)"),
        ([spec(B, A)], "names and order must be the same"),
        ([spec(A, param("b"))], "has a default for b, which its schema requires"),
        ([spec(param("a", required=False), B)], "has no default for a"),
        ([spec(A, param("b", {**ID, "default": 1}, False))], "has the default 0 for b and its schema 1"),
        ([spec(A, param("b", {**ID, "default": False}, False))], "and its schema False"),
        ([spec(A, param("b", ID, False))], "and its schema None"),
    ],
)
def test_disagreements_are_told(specs, sentence):
    assert sentence in found(Method("m", handler, "read"), *specs)


def test_line_from_names_parameters():
    assert "names wp_id in line_from" in found(Method("m", handler, "read", line_from=("wp_id",)), spec(A, B))


def test_prepare_takes_the_same_parameters():
    assert "prepare step" in found(Method("m", handler, "read", prepare=lambda call, a: None), spec(A, B))


def test_a_described_method_that_nobody_registers_is_told():
    findings = Findings()
    bind_methods({}, {"p": {"methods": [spec(A, B)]}}, ZoneInfo("UTC"), findings)
    assert "describes m, which the plugin doesn't register" in findings[0].info


@pytest.mark.parametrize(
    ("schemas", "named"),
    [
        ({"A": {"properties": {"in": {"items": {"$ref": "#/components/schemas/A"}}}}}, ["A"]),
        (
            {
                "A": {"anyOf": [{"$ref": "#/components/schemas/B"}]},
                "B": {"$ref": "#/components/schemas/C"},
                "C": {"not": {"$ref": "#/components/schemas/B"}},
            },
            ["B", "C"],
        ),
        ({"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "shared.json#/$defs/Id"}}, []),
    ],
)
def test_a_schema_that_refers_to_itself_is_found(schemas, named):
    findings = Findings()
    check_declared(Contributions(), {"p": {"components": {"schemas": schemas}}}, findings)
    assert [
        name for name in schemas if f"schema {name} of schemas/p.json refers to itself" in str(findings)
    ] == named


def test_a_resolved_schema_holds_what_it_refers_to_and_nothing_else():
    tree = {"properties": {"below": {"$ref": "#/components/schemas/Tree"}, "wp_id": ID}}
    fragment = {"components": {"schemas": {"Tree": tree, "Unused": {"$ref": "#/components/schemas/Tree"}}}}
    assert resolve_refs({"$ref": "#/components/schemas/Tree"}, "p", fragment)["$defs"].keys() == {
        "p.Tree",
        "Id",
    }
    assert resolve_refs({"type": "integer"}, "p", fragment)["$defs"] == {}
