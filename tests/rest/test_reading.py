"""What was sent is read: codes in bodies and queries are trimmed, whatever they stand in, and raw bodies come as they are."""

import pytest

from tracepro.rest.reading import Checker
from tracepro.rest.route import BoundRoute
from tracepro.rpc.fragments import resolve_refs
from tracepro_hookspecs import InvalidParams, Route

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


def test_a_pattern_refuses_a_text_that_would_hold_the_engine_of_python():
    checker = Checker(resolve_refs({"properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}}, "p", {}))
    assert checker.taken({"a": "a" * 60}) == {"a": "a" * 60}
    with pytest.raises(InvalidParams, match="a text that matches") as refused:
        checker.taken({"a": "a" * 60 + "!"})
    assert refused.value.data["parameter"] == "a"


@pytest.mark.parametrize(
    ("sent", "field"), [({"lots": ["L"] * 5000 + [7]}, "lots"), (["L"] * 5000, "body"), ({"item": 1}, "item")]
)
def test_a_large_wrong_body_is_refused_by_its_first_bad_part(body, sent, field):
    with pytest.raises(InvalidParams) as refused:
        body.taken(sent)
    assert refused.value.data["parameter"] == field


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"notes": 1}, "name", "The body must be an object with name, which it lacks."),
        ([], "body", "The body must be an object, not a list of 0."),
    ],
)
def test_what_is_wrong_with_a_whole_body_is_told_of_the_body(sent, field, said):
    checker = Checker(resolve_refs({"type": "object", "required": ["name"]}, "p", {}))
    with pytest.raises(InvalidParams) as refused:
        checker.taken(sent)
    assert (refused.value.data["parameter"], refused.value.info) == (field, said)


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/plain", ""),
        ('Text/Plain; header=present ; Charset="UTF-16"', "utf-16"),
        ("text/plain;charset=latin-1;x=y", "latin-1"),
        ("text/plain; charset=", ""),
    ],
)
def test_the_media_type_and_the_charset_of_a_raw_body_are_told_apart(content_type, charset):
    route = Route(
        "POST", "/api/a", lambda call, sent: None, "write", "-", raw_limit=9, media_types=("text/plain",)
    )
    request = BoundRoute(route, "p", {}).checked_request({}, {}, {"content-type": content_type}, b"x")
    assert (request.media_type, request.charset, request.body) == ("text/plain", charset, b"x")


@pytest.mark.parametrize(
    ("query", "takes"), [({}, "it takes none"), ({"dry_run": {"type": "boolean"}}, "it takes dry_run")]
)
def test_a_write_refuses_a_query_parameter_that_it_does_not_have(query, takes):
    """A misspelt dry_run would write, an undo would not undo."""
    route = Route("POST", "/api/a", lambda call, sent: None, "write", "-", query=query)
    with pytest.raises(InvalidParams, match=f"no query parameter dryrun here; {takes}") as refused:
        BoundRoute(route, "p", {}).checked_request({}, {"dryrun": "1"}, {}, b"")
    assert refused.value.data["parameter"] == "dryrun"


def test_a_read_leaves_out_query_parameters_that_it_does_not_have():
    route = Route("GET", "/api/a", lambda call, sent: None, "read", "-", query={"least": {"type": "integer"}})
    assert BoundRoute(route, "p", {}).checked_request({}, {"_": "5", "least": "2"}, {}, b"").query == {
        "least": 2
    }
