"""Which bodies are read and which are refused, whole or call by call."""

import json

import pytest

from .answers import whole_error

DEEP = 64


def nested(depth):
    """Returns a call whose body is nested exactly so deep: the body, its params, then lists."""
    lists = depth - 2
    return b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"value":%b%b}}' % (b"[" * lists, b"]" * lists)


def call_with(value):
    """Returns the body of a call with this JSON text as its parameter."""
    return b'{"jsonrpc":"2.0","id":7,"method":"echo","params":{"value":%b}}' % value


@pytest.fixture
def client(shared_client):
    return shared_client


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[1,]",
        b"{,}",
        b'{"a":1,}',
        b"nul",
        b"01",
        b"1.",
        b".5",
        b"+1",
        b"'a'",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b'["a\x01"]',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"{} {}",
        b'"\\x41"',
        b'"\\u12"',
        b'"\\u 123"',
        b"\x0c{}",
        b"/**/{}",
        b'{"a":1,"a":2',
        b"[" * 5000,
    ],
)
def test_what_is_no_json_is_a_parse_error_or_too_deep(client, body):
    whole_error(client.answer(body), -32600 if len(body) == 5000 else -32700)


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"-Infinity", b'"\xff\xfe"'])
def test_what_is_no_json_inside_a_call_is_a_parse_error(client, value):
    whole_error(client.answer(call_with(value)), -32700)


@pytest.mark.parametrize(
    "value",
    [
        b'{"a":1,"a":2}',
        b'{"a":1,"b":2,"a":1}',
        b'{"a":"\\":","a":1}',
        b'{"a" : 1, "a" : 2}',
        b'{"a":1,"\\u0061":2}',
        b'{"x":{"":1,"":2}}',
        b'[[{"a\\u003a":1,"a\\u003A":2}]]',
        b'{"a":1,"a":"\\u0022:"}',
        b'{"a":1,"a":"\\"\\u003a"}',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'{"\\udfff":1}',
        b"1e400",
        b"-1e400",
        b"[1E+999]",
        b"1" + b"0" * 400 + b".5",
    ],
)
def test_json_that_is_not_taken_refuses_the_whole_body(client, value):
    whole_error(client.answer(call_with(value)), -32600)
    whole_error(client.answer(b"[%b]" % call_with(value)), -32600)


def test_duplicate_members_of_the_envelope_are_refused(client):
    whole_error(client.answer(b'{"jsonrpc":"2.0","id":1,"id":2,"method":"echo"}'), -32600)


def test_nesting_has_a_limit(client):
    assert "result" in client.answer(nested(DEEP))
    whole_error(client.answer(nested(DEEP + 1)), -32600)
    whole_error(client.answer(nested(900)), -32600)
    whole_error(client.answer(nested(100_000)), -32600)


def test_wide_is_not_deep(client):
    wide = [[[]] for _ in range(200)]
    assert client.result("echo", wide) == wide
    assert client.result("echo", "[{" * 100) == "[{" * 100


@pytest.mark.parametrize(
    "value",
    [
        b'"a\\u0000b"',
        b'["x",{"y":"\\u0000"}]',
        b'{"\\u0000":1}',
        b"9223372036854775808",
        b"-9223372036854775809",
        b"18446744073709551616",
        b"[[123456789012345678901234567890]]",
        b'{"a":1' + b"0" * 5000 + b"}",
    ],
)
def test_nul_and_long_integers_refuse_their_call_only(client, value):
    answers = client.answer(b"[%b,%b]" % (call_with(value), call_with(b"1")))
    assert answers[0]["error"]["code"] == -32602
    assert (answers[0]["id"], answers[0]["error"]["data"]["parameter"]) == (7, "value")
    assert answers[1]["result"] == 1


def test_a_nul_in_a_parameters_name_is_refused(client):
    body = b'{"jsonrpc":"2.0","id":7,"method":"echo","params":{"value\\u0000":1}}'
    assert client.answer(body)["error"]["code"] == -32602


@pytest.mark.parametrize(
    "value",
    [
        b"9223372036854775807",
        b"-9223372036854775808",
        b"1e308",
        b"0.1",
        b"-0.0",
        b'"\\u001d\\u001e\\u0004"',
        b'"\\ud83d\\ude00"',
        '"žluťoučký 😀"'.encode(),
        b'"1234567890123456789012345"',
        b'"a : b"',
        b'"\\":"',
        b'"\\u0022"',
        b'{"a":{"a":{"a":1}}}',
        b'[{"a":1},{"a":1}]',
        b'{"a":"","A":""}',
        b'"e000"',
        b'{"tm":"10:15:00"}',
        b'"\\\\u0000"',
        b' {"a" :\n1 } ',
        b"123456789.123456789123456789",
    ],
)
def test_all_other_json_arrives_as_it_was_sent(client, value):
    answer = client.answer(call_with(value))
    assert answer == {"jsonrpc": "2.0", "result": json.loads(value), "id": 7}
    assert repr(answer["result"]) == repr(json.loads(value))
